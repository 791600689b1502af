import type { Place } from '../instruction.js';

/** Where a product goes, and what happens to it there. */
export interface ProductEnd {
  /** what the old C is multiplied by */
  readonly beta: number;
  readonly c: Place;
  readonly bias: Place | 0;
  readonly activation: number;
}
