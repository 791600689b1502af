export type { Measure } from './measures/measure.js';
