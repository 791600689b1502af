export { networkExaminer } from './networks/examine/networkExaminer.js';
export type { NetworkEvidence } from './networks/examine/networkExaminer.js';
export type { MadeBasis, MakeBasis } from './networks/examine/checkPrior.js';
