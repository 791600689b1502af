/** For algorithms that ask what a traced network is made of: its affine maps, what enters and leaves them. */
export { type AffineMap, type InputRoles, affineMaps } from './walk/affineMaps.js';
export { isEntrywise } from './walk/entrywise.js';
export { type Tap, type Tapped, tap, weightMatrix } from './walk/taps.js';
export { type View, placesOf } from './walk/views.js';
