export { type SolverReason, solverReasons } from './reasons/solver.js';
export { type FlowReason, type LimitReason, flowReasons } from './reasons/flow.js';
export { type TrainingReason, trainingReasons } from './reasons/training.js';
