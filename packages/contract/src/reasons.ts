export { type SolverReason, solverReasons } from './reasons/solver.js';
export {
  type DescentReason,
  type FlowReason,
  flowReasons,
  type InterpolationReason,
  type LimitReason,
} from './reasons/flow.js';
export { type TrainingReason, trainingReasons } from './reasons/training.js';
