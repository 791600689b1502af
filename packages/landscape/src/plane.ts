export type { LossPlane, PlaneAxis, PlanePoint } from './plane/planeTypes.js';
