export type { ElementType } from './protobuf/elementTypes.js';
export type { ExternalData, ExternalPlace, OnnxTensor } from './protobuf/tensorProto.js';
export type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxOptions, OnnxValueInfo } from './protobuf/model.js';
export { parseOnnx } from './protobuf/model.js';
