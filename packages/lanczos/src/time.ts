export { eigshTime } from './eigsh/eigshTime.js';
export type { EigshTime, EigshTimeOptions } from './eigsh/eigshTime.js';
