import type { NetworkNorms, SampleNorms } from '../../norms/networkNorms.js';
import type { NormBound } from '../bound.js';
import { bartlettBound } from '../covering/bartlett2017.js';
import { ledentBound } from '../covering/ledent2021.js';
import type { Reference } from '../covering/reference.js';
import { vcBound } from '../counting/harvey2017.js';
import type { MarginOptions } from '../marginTemplate.js';
import { sparseBound } from '../products/galanti2023.js';
import type { Cover, NormOf } from './coverNorms.js';

/** A bound of the list: how its numbers are covered, and itself. */
export interface Entry {
  /** absent: the bound pays for its norms itself, uses none, or is a rate that no statement is made of */
  readonly cover?: Cover;
  /** knows no margin, and pays for none */
  readonly withoutMargin?: boolean;
  readonly bound: (network: NetworkNorms, sample: SampleNorms, options: Required<MarginOptions>) => NormBound;
}

const map = (norm: NormOf['norm'], change = false): NormOf => ({ part: 'map', norm, change });
const filters = (norm: NormOf['norm'], change = false): NormOf => ({ part: 'filters', norm, change });

function bartlettEntries(reference: Reference): Entry[] {
  // from zero the bound does not change when factors move between layers; from other reference weights it does
  const cover: Cover =
    reference === 'zero'
      ? { product: () => map('spectral'), ratios: () => [map('rowSum')] }
      : { layers: () => [map('spectral'), map('rowSum', true)] };
  return [
    { cover, bound: (network, sample, options) => bartlettBound(network, sample, { ...options, reference }) },
    {
      cover,
      bound: (network, sample, options) => bartlettBound(network, sample, { ...options, reference, form: 'graf' }),
    },
    { bound: (network, sample, options) => bartlettBound(network, sample, { ...options, reference, form: 'rate' }) },
  ];
}

function ledentEntries(reference: Reference): Entry[] {
  const change = reference === 'given';
  const layers = (last: boolean): NormOf[] =>
    last ? [filters('largestRow'), filters('frobenius', change)] : [map('spectral'), filters('rowSum', change)];
  return (['theorem-11', 'fixed-lipschitz'] as const).map((variant) => ({
    cover: { layers, patches: variant === 'theorem-11' },
    bound: (network, sample, options) => ledentBound(network, sample, { ...options, reference, variant }),
  }));
}

/** Every bound there is for these norms. */
export function entriesFor({ layers }: NetworkNorms): Entry[] {
  const references: Reference[] = layers.every(({ change }) => change !== undefined) ? ['zero', 'given'] : ['zero'];
  return [
    ...references.flatMap(bartlettEntries),
    ...references.flatMap(ledentEntries),
    { cover: { product: (last) => filters(last ? 'largestRow' : 'frobenius') }, bound: sparseBound },
    { withoutMargin: true, bound: (network, sample, { delta, union }) => vcBound(network, sample, { delta, union }) },
  ];
}
