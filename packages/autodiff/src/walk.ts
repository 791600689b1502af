/** For algorithms that ask what a traced network is made of: its affine maps, what enters and leaves them. */
export type { AffineMap } from './walk/affineMap.js';
export { affineMaps } from './walk/affineMaps.js';
export type { InputRoles } from './walk/context.js';
export type { ConvolutionGeometry } from './walk/convolutionGeometry.js';
export { type Homogeneity, homogeneity } from './walk/homogeneity.js';
export { type Proportions, proportions } from './walk/proportions.js';
export { type ScaleShift, type ScaleStep, scaleShifts, scalesOf, withoutScales } from './walk/scaleShifts.js';
export { isEntrywise } from './walk/entrywise.js';
export { type Tap, type Tapped, tap, weightMatrix } from './walk/taps.js';
export { type View, placesOf, unview, view } from './walk/views.js';
