// The exports of the sparse module: products with compressed rows. One flavour: a fused step would save nothing, the loops wait for memory.
export { csrMirrored32, csrMirrored64 } from './csrMirrored';
export { csrProduct32, csrProduct64, csrProducts32, csrProducts64 } from './csrProduct';
export { csrTransposed32, csrTransposed64 } from './csrTransposed';
