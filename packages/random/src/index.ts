export type { StreamOptions } from './openSource.js';
export type { RandomState, RandomStream } from './stream.js';
export { restoreStream, stream } from './stream.js';
export { normals } from './normals.js';
export { philox4x32 } from './philox.js';
