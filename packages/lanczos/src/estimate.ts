export { estimateEigshTime } from './eigsh/estimateEigshTime.js';
export type { EigshTimeEstimate, EigshTimeOptions } from './eigsh/estimateEigshTime.js';
