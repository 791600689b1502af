export type { RandomState, RandomStream, StreamOptions } from './stream.js';
export { restoreStream, stream } from './stream.js';
export { philox4x32 } from './philox.js';
