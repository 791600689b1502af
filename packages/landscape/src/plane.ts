export type { LossPlane, PlaneAxis, PlanePoint } from './plane/planeTypes.js';
export type { OtherArrays } from './plane/filterNormalised.js';
export type { PlaneTrajectory } from './plane/footpoints.js';
export { type AxesChoice, planPlane, type PlaneOptions, type PlanePlan } from './plane/planPlane.js';
export { lossPlane, type LossPlaneOptions, planeOf, planeRows, type PlaneRowsOptions } from './plane/lossPlane.js';
