export type { Format } from './formatError.js';
export { FormatError } from './formatError.js';
export type { ElementType, NumericArray, NumericData } from './numericArray.js';

export type { NpyOptions } from './parseNpy.js';
export { parseNpy } from './parseNpy.js';
export type { NpzOptions } from './parseNpz.js';
export { parseNpz } from './parseNpz.js';
export { parseIdx } from './parseIdx.js';
export type { CsvOptions, CsvTable } from './parseCsv.js';
export { parseCsv } from './parseCsv.js';
export type { SafetensorsFile, SafetensorsOptions } from './parseSafetensors.js';
export { parseSafetensors } from './parseSafetensors.js';
export type { WritableArray } from './writeNpy.js';
export { writeNpy } from './writeNpy.js';
export type { WriteNpzOptions } from './writeNpz.js';
export { writeNpz } from './writeNpz.js';

export type { Examples } from './examples.js';
export { countSharedInputs, examplesIdentity, subset } from './examples.js';
export type { ExamplesOptions, ShapedArray } from './examplesFromArrays.js';
export { examplesFromArrays } from './examplesFromArrays.js';
export type { WeightArray, WeightsOptions } from './weights.js';
export { weightsFromNpz, weightsFromSafetensors } from './weights.js';

export type { MnistLoadOptions } from './mnist.js';
export { mnist } from './mnist.js';
export type { MnistFiles, MnistOptions, MnistSplits } from './mnistFromBytes.js';
export { mnistFromBytes } from './mnistFromBytes.js';

export type { SloppyGaussianOptions } from './sloppyGaussian.js';
export { sloppyGaussian, sloppySpectrum } from './sloppyGaussian.js';
export type { Teacher, TeacherOptions } from './teacher.js';
export { teacher } from './teacher.js';

export type { InputCorrelationOptions } from './inputCorrelation.js';
export { inputCorrelation } from './inputCorrelation.js';

export type { PoolImagesOptions } from './poolImages.js';
export { poolImages } from './poolImages.js';
export { randomLabels } from './randomLabels.js';
