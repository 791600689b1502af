/** Networks made of modules: descriptions as data, and models by their short texts. */
export { type Stack, stack } from './modules/stack.js';
export type { Module } from './modules/table.js';
export { type AllCnnOptions, allCnn } from './models/allCnn.js';
export { type ResnetOptions, resnet } from './models/resnet.js';
export { architectureOf, completeArchitecture, parseArchitecture } from './parseArchitecture.js';
export type { ExampleShape } from './models/families.js';
export { type NamedArray, networkFromArrays } from './networkFromArrays.js';
