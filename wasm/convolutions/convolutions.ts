// The exports of the convolution modules (deterministic, fast): the name of the kernel in KernelTable, then 32 or 64 for the storage
// type.
export { convolve32, convolve64 } from './convolve';
export { convolveInput32, convolveInput64 } from './convolveInput';
export { convolveWeights32, convolveWeights64 } from './convolveWeights';
export { listEntries32, listEntries64 } from '../lists/listEntries';
export { listedProduct32, listedProduct64 } from '../lists/listedProduct';
