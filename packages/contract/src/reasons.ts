export { type SolverReason, solverReasons } from './reasons/solver.js';
