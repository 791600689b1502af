export type { Format } from './formats/formatError.js';
export { FormatError } from './formats/formatError.js';
export type { ElementType, NumericArray, NumericData } from './formats/numericArray.js';

export type { NpyOptions } from './formats/parseNpy.js';
export { parseNpy } from './formats/parseNpy.js';
export type { NpzFile, NpzOptions } from './formats/openNpz.js';
export { openNpz } from './formats/openNpz.js';
export { parseNpz } from './formats/parseNpz.js';
export { parseIdx } from './formats/parseIdx.js';
export type { GunzipOptions } from './formats/gunzip.js';
export { gunzip, isGzip } from './formats/gunzip.js';
export type { CifarBatch, CifarOptions } from './formats/parseCifar.js';
export { parseCifar } from './formats/parseCifar.js';
export type { CsvOptions, CsvTable } from './formats/parseCsv.js';
export { parseCsv } from './formats/parseCsv.js';
export type { MissingCells, Table, TableOptions } from './formats/parseTable.js';
export { parseTable } from './formats/parseTable.js';
export type {
  MatrixMarketArray,
  MatrixMarketEntries,
  MatrixMarketOptions,
} from './formats/matrixMarket/parseMatrixMarket.js';
export { parseMatrixMarket } from './formats/matrixMarket/parseMatrixMarket.js';
export type { MarketField, MarketSymmetry } from './formats/matrixMarket/marketHeader.js';
export type { WritableMatrix } from './formats/matrixMarket/writeMatrixMarket.js';
export { writeMatrixMarket } from './formats/matrixMarket/writeMatrixMarket.js';
export type { ByteSource } from './formats/byteSource.js';
export type { SafetensorsContent, SafetensorsOptions } from './formats/openSafetensors.js';
export { openSafetensors } from './formats/openSafetensors.js';
export type { SafetensorsFile } from './formats/parseSafetensors.js';
export { parseSafetensors } from './formats/parseSafetensors.js';
export type { WritableArray } from './formats/writeNpy.js';
export { writeNpy } from './formats/writeNpy.js';
export type { WriteNpzOptions } from './formats/writeNpz.js';
export { writeNpz } from './formats/writeNpz.js';

export type { DataSet } from './examples/examples.js';
export { examplesIdentity, subset } from './examples/examples.js';
export type { RepeatedInputs } from './examples/repeatedInputs.js';
export { countSharedInputs, repeatedInputs } from './examples/repeatedInputs.js';
export type { ShapedArray } from './examples/shapedArray.js';
export type { InputsOptions } from './examples/inputsFromArray.js';
export type { ExamplesOptions } from './examples/examplesFromArrays.js';
export { examplesFromArrays } from './examples/examplesFromArrays.js';
export type { TargetExamplesOptions, TargetSet } from './examples/targetExamples.js';
export { targetExamplesFromArrays } from './examples/targetExamples.js';
export type { AnswerKind } from './examples/answerKind.js';
export { answerKind } from './examples/answerKind.js';
export type { ClassLabels, ClassLabelsOptions } from './examples/classLabels.js';
export { classLabels } from './examples/classLabels.js';
export type { ImageLayout } from './examples/channelsFirst.js';
export { channelsFirst, imageLayout } from './examples/channelsFirst.js';
export type { Standardization } from './examples/standardize.js';
export { standardize } from './examples/standardize.js';
export type { WeightArray, WeightsOptions } from './weights.js';
export { weightsFromNpz, weightsFromSafetensors } from './weights.js';
export { shardPlaces, weightsFromShards } from './shardedWeights.js';

export type { MnistLoadOptions } from './images/mnist.js';
export { mnist } from './images/mnist.js';
export type { MnistOptions, MnistSplits } from './images/mnistFromBytes.js';
export { mnistFromBytes } from './images/mnistFromBytes.js';
export type { FashionMnistOptions } from './images/fashionMnist.js';
export { fashionMnist } from './images/fashionMnist.js';
export { fashionMnistClasses, fashionMnistFromBytes } from './images/fashionMnistFromBytes.js';
export type { MnistFiles } from './images/idxImages.js';
export type { CifarFolder } from './images/cifar.js';
export { cifar10, cifar100 } from './images/cifar.js';
export type { Cifar100Options, CifarFiles } from './images/cifarFromBytes.js';
export { cifar100FromBytes, cifar10FromBytes } from './images/cifarFromBytes.js';
export type { ImageSetOptions, ImageSplits } from './images/imageSplits.js';

export type { SloppyGaussianOptions } from './examples/sloppyGaussian.js';
export { inContextTasks, type InContextTasks, type InContextTasksOptions } from './examples/inContextTasks.js';
export { sloppyGaussian, sloppySpectrum } from './examples/sloppyGaussian.js';
export type { Teacher, TeacherOptions } from './examples/teacher.js';
export { teacher } from './examples/teacher.js';

export type { InputCorrelationOptions } from './examples/inputCorrelation.js';
export { inputCorrelation } from './examples/inputCorrelation.js';

export type { PoolImagesOptions } from './examples/poolImages.js';
export { poolImages } from './examples/poolImages.js';
export { labelNoise, type LabelNoiseOptions } from './examples/labelNoise.js';
export { randomLabels } from './examples/randomLabels.js';
