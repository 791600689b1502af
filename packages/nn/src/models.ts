/** Networks made of modules: descriptions as data, and models by their short texts. */
export { parseStack, type Stack, stack, stackOf } from './modules/stack.js';
export type { Module } from './modules/table.js';
export { type AllCnnOptions, allCnn } from './models/allCnn.js';
export { type ResnetOptions, resnet } from './models/resnet.js';
export { type WideResnetOptions, wideResnet } from './models/wideResnet.js';
export { type VggOptions, vgg } from './models/vgg.js';
export { type VitOptions, vit } from './models/vit.js';
export { type AttentionRegressorOptions, attentionRegressor } from './models/attentionRegressor.js';
export { type GptOptions, gpt } from './models/gpt.js';
export { type BinaryWeightsOptions, binaryWeights } from './latent/binaryWeights.js';
export { straightThroughSign } from './latent/straightThroughSign.js';
export { architectureOf, completeArchitecture, parseArchitecture } from './parseArchitecture.js';
export type { ExampleShape } from './models/families.js';
export { type NamedArray, networkFromArrays } from './networkFromArrays.js';
