export type { ElementType } from './protobuf/elementTypes.js';
export type { ExternalData, ExternalPlace, OnnxTensor } from './protobuf/tensorProto.js';
export type {
  OnnxAttribute,
  OnnxFunction,
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxOptions,
  OnnxValueInfo,
} from './protobuf/model.js';
export { parseOnnx, parseOnnxTensor } from './protobuf/model.js';
export { type WritableModel, writeOnnx } from './protobuf/writeOnnx.js';
export { onnxOf, type OnnxOfOptions } from './write/onnxOf.js';

export type { OnnxNetwork } from './network/onnxNetwork.js';
export type { OnnxNetworkOptions } from './network/options.js';
export { onnxNetwork } from './network/onnxNetwork.js';
export type { ParameterChoice } from './network/parameters.js';
export type { EvaluateOnnxOptions, OnnxArray } from './network/evaluateOnnx.js';
export { evaluateOnnx } from './network/evaluateOnnx.js';
export { onnxOperators } from './graph/nodes.js';
export { operatorNames } from './ops/table.js';
