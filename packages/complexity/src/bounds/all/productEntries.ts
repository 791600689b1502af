import { exp } from '@hyperribbon/kernels';
import { normsUnion } from '../marginTemplate.js';
import { sparseBound } from '../products/galanti2023.js';
import { golowich2018Bound } from '../products/golowichBound.js';
import { neyshabur2015Bound } from '../products/neyshabur2015.js';
import { neyshabur2018Bound } from '../products/neyshabur2018.js';
import type { AllBoundsOptions } from './allBoundsOptions.js';
import type { Cover } from './coverNorms.js';
import { type Entry, filters, map } from './entry.js';
import { logGridPoint } from './normGrid.js';

/** The bounds by products of norms. */
export function productEntries({ logPathNorm, step = 0.1 }: AllBoundsOptions): Entry[] {
  const frobenius: Cover = { product: () => map('frobenius') };
  const rows: Cover = { product: () => map('largestRowOne') };
  return [
    { cover: frobenius, bound: golowich2018Bound },
    { cover: rows, bound: (norms, sample, options) => golowich2018Bound(norms, sample, { ...options, norm: 'rows' }) },
    { bound: (norms, sample, options) => golowich2018Bound(norms, sample, { ...options, norm: 'depth-free' }) },
    ...(['frobenius', 'frobenius-exact', 'rows'] as const).map(
      (norm): Entry => ({
        cover: norm === 'rows' ? rows : frobenius,
        bound: (norms, sample, options) => neyshabur2015Bound(norms, sample, { ...options, norm }),
      }),
    ),
    ...(logPathNorm === undefined ? [] : [pathEntry(logPathNorm, step)]),
    // the first pays for its own grid over the product of spectral norms
    ...(['kl', 'root', 'rate'] as const).map(
      (form): Entry => ({ bound: (norms, sample, options) => neyshabur2018Bound(norms, sample, { ...options, form }) }),
    ),
    { cover: { product: (last) => filters(last ? 'largestRow' : 'frobenius') }, bound: sparseBound },
  ];
}

function pathEntry(logPathNorm: number, step: number): Entry {
  const { value, members } = logGridPoint(logPathNorm, step);
  return {
    cover: {},
    bound: (norms, sample, { union, ...options }) =>
      neyshabur2015Bound(norms, sample, {
        ...options,
        norm: 'path',
        logPathNorm: value,
        union: [
          ...union,
          { of: `${normsUnion}: largest path norm of an output, ${exp(value).toPrecision(3)}`, members },
        ],
      }),
  };
}
