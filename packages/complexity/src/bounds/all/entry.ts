import type { NetworkNorms, SampleNorms } from '../../norms/networkNorms.js';
import type { NormBound } from '../bound.js';
import type { MarginOptions } from '../marginTemplate.js';
import type { Cover, NormOf } from './coverNorms.js';

/** A bound of the list: how its numbers are covered, and itself. */
export interface Entry {
  /** absent: the bound pays for its norms itself, uses none, or is a rate that no statement is made of */
  readonly cover?: Cover;
  /** knows no margin, and pays for none */
  readonly withoutMargin?: boolean;
  readonly bound: (network: NetworkNorms, sample: SampleNorms, options: Required<MarginOptions>) => NormBound;
}

/** A norm of a layer as a linear map of whole examples, or of its change. */
export function map(norm: NormOf['norm'], change = false): NormOf {
  return { part: 'map', norm, change };
}

/** A norm of a layer's filters, or of their change. */
export function filters(norm: NormOf['norm'], change = false): NormOf {
  return { part: 'filters', norm, change };
}
