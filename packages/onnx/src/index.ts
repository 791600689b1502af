export type { ElementType } from './protobuf/elementTypes.js';
export type { ExternalData, ExternalPlace, OnnxTensor } from './protobuf/tensorProto.js';
export type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxOptions, OnnxValueInfo } from './protobuf/model.js';
export { parseOnnx } from './protobuf/model.js';
export { type WritableModel, writeOnnx } from './protobuf/writeOnnx.js';
export { onnxOf, type OnnxOfOptions } from './write/onnxOf.js';
