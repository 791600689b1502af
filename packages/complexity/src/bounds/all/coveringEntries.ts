import { bartlettBound } from '../covering/bartlett2017.js';
import { ledentBound } from '../covering/ledent2021.js';
import type { Reference } from '../covering/reference.js';
import type { Cover, NormOf } from './coverNorms.js';
import { type Entry, filters, map } from './entry.js';

/** The bounds by covering numbers, measured from one kind of reference weights. */
export function coveringEntries(reference: Reference): Entry[] {
  // from zero the bound does not change when factors move between layers; from other reference weights it does
  const cover: Cover =
    reference === 'zero'
      ? { product: () => map('spectral'), ratios: () => [map('rowSum')] }
      : { layers: () => [map('spectral'), map('rowSum', true)] };
  return [
    { cover, bound: (norms, sample, options) => bartlettBound(norms, sample, { ...options, reference }) },
    { cover, bound: (norms, sample, options) => bartlettBound(norms, sample, { ...options, reference, form: 'graf' }) },
    { bound: (norms, sample, options) => bartlettBound(norms, sample, { ...options, reference, form: 'rate' }) },
    ...ledentEntries(reference),
  ];
}

function ledentEntries(reference: Reference): Entry[] {
  const change = reference === 'given';
  const layers = (last: boolean): NormOf[] =>
    last ? [filters('largestRow'), filters('frobenius', change)] : [map('spectral'), filters('rowSum', change)];
  return (['theorem-11', 'fixed-lipschitz'] as const).map((variant) => ({
    cover: { layers, patches: variant === 'theorem-11' },
    bound: (norms, sample, options) => ledentBound(norms, sample, { ...options, reference, variant }),
  }));
}
