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
