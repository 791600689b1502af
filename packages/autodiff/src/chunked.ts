/** For builders of operators over data sets: one linearised program run over many chunks that share temporaries. */
export type {
  ChunkedRun,
  LinearizedPlan,
  LinearizedPlanOptions,
  LinearizedPrograms,
} from './plan/chunked/linearizedPlan.js';
export { planLinearized } from './plan/chunked/planLinearized.js';
export { type LinearizedCost, linearizedCosts } from './plan/chunked/linearizedCosts.js';
export { entriesOf } from './plan/chunked/inputLists.js';
