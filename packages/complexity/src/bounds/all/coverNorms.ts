// Norms of a trained network are no limits of a class that was fixed in advance. Each is rounded up to a point of a grid, and the grid is paid for.
import { exp, log } from '@hyperribbon/kernels';
import type { DifferenceNorms, MatrixNorms } from '../../norms/matrixNorms.js';
import type { LayerNorms, NetworkNorms, SampleNorms } from '../../norms/networkNorms.js';
import type { NormBound } from '../bound.js';
import { normsUnion } from '../marginTemplate.js';
import { gridPoint, logGridPoint } from './normGrid.js';

type NormName = Exclude<
  { [K in keyof MatrixNorms]-?: MatrixNorms[K] extends number ? K : never }[keyof MatrixNorms],
  'rows' | 'columns'
>;

/** One norm of every layer: which, of the layer as a whole or of its filters, of the weights or of their change. */
export interface NormOf {
  readonly part: 'map' | 'filters';
  readonly norm: NormName;
  readonly change?: boolean;
}

/** How the numbers of a bound are covered. Numbers that no part names are NaN in the covered network: a bound that uses one of them has no value. */
export interface Cover {
  /**
   * Norms of which only the product over layers is limited, and others by their ratio to them: for bounds that do not change when a layer is scaled by c and
   * another by 1/c, which positively homogeneous activations allow.
   */
  readonly product?: (last: boolean, layer: LayerNorms) => NormOf;
  readonly ratios?: (last: boolean, layer: LayerNorms) => readonly NormOf[];
  /** norms that are limited layer by layer */
  readonly layers?: (last: boolean, layer: LayerNorms) => readonly NormOf[];
  /** layers whose ranks as maps are limited (`rank` of their norms), each 0 … min(rows, columns) */
  readonly ranks?: (layer: LayerNorms) => boolean;
  /** largest norms of patches that layers above the first read */
  readonly patches?: boolean;
}

/** A network and a sample whose numbers are members of grids, and what the grids cost. */
export interface Covered {
  readonly network: NetworkNorms;
  readonly sample: SampleNorms;
  readonly union: NormBound['union'];
  readonly assumptions: readonly string[];
}

const words: Partial<Record<NormName, string>> = {
  spectral: 'spectral norm',
  frobenius: 'Frobenius norm',
  rowSum: '(2, 1) norm',
  largestRow: 'largest norm of a row',
  largestRowOne: 'largest 1-norm of a row',
};

const wordsOf = ({ part, norm, change }: NormOf): string =>
  `${words[norm] ?? norm}${change ? ' of the change' : ''}${part === 'filters' ? ' of the filters' : ''}`;

/**
 * Rounds the norms that a bound uses up to points of grids.
 *
 * @param step logarithm of the ratio of neighbours: a product over layers, or a norm that stands in a sum, grows by at most e^step
 */
export function coverNorms(network: NetworkNorms, sample: SampleNorms, cover: Cover, step: number): Covered {
  const { layers } = network;
  const last = layers.length - 1;
  const union: { of: string; members: number }[] = [];
  const covered = layers.map(bare);
  if (cover.product !== undefined) {
    const norms = layers.map((layer, i) => cover.product!(i === last, layer));
    const values = layers.map((layer, i) => read(layer, norms[i]!));
    const total = values.includes(0) ? -Infinity : values.reduce((sum, value) => sum + log(value), 0);
    const point = logGridPoint(total, step);
    union.push({ of: `${normsUnion}: product of ${plural(norms.map(wordsOf))}`, members: point.members });
    const excess = total === -Infinity ? 1 : exp(point.value - total);
    values.forEach((value, i) => write(covered[i]!, norms[i]!, i === 0 ? value * excess : value));
    layers.forEach((layer, i) => {
      for (const norm of cover.ratios?.(i === last, layer) ?? []) {
        const base = values[i]!;
        const ratio = gridPoint(base === 0 ? 0 : read(layer, norm) / base, step);
        union.push({
          of: `${normsUnion}: ${wordsOf(norm)} over ${wordsOf(norms[i]!)}, ${layer.name}`,
          members: ratio.members,
        });
        write(covered[i]!, norm, ratio.value * (i === 0 ? base * excess : base));
      }
    });
  }
  layers.forEach((layer, i) => {
    for (const norm of cover.layers?.(i === last, layer) ?? []) {
      // spectral norms are multiplied with each other, so that their steps are shared
      const point = gridPoint(
        read(layer, norm),
        norm.norm === 'spectral' || norm.norm === 'largestRow' ? step / layers.length : step,
      );
      union.push({ of: `${normsUnion}: ${wordsOf(norm)}, ${layer.name}`, members: point.members });
      write(covered[i]!, norm, point.value);
    }
    if (cover.ranks?.(layer)) {
      const { rows, columns, rank = Math.min(rows, columns), spectral } = layer.map;
      union.push({ of: `ranks: ${layer.name}`, members: Math.min(rows, columns) + 1 });
      // as many values as the rank: nothing is left to be cut
      Object.assign(covered[i]!.map, { rank, singularValues: new Float64Array(rank).fill(spectral) });
    }
  });
  const patches = Float64Array.from(sample.largestPatches);
  if (cover.patches) {
    for (let i = 1; i < layers.length; i++) {
      const point = gridPoint(patches[i]!, step);
      union.push({ of: `${normsUnion}: largest patch that ${layers[i]!.name} reads`, members: point.members });
      patches[i] = point.value;
    }
  } else patches.fill(NaN, 1);
  return {
    network: { ...network, layers: covered },
    sample: { ...sample, largestPatches: patches },
    union,
    assumptions:
      cover.product === undefined || layers.length < 2
        ? []
        : [
            'Activations are positively homogeneous, such as rectifiers: norms can be moved between layers, so that their product alone has a grid.',
          ],
  };
}

function plural(names: readonly string[]): string {
  return [...new Set(names)].map((name) => name.replace('norm', 'norms')).join(' and ');
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type WritableLayer = Omit<LayerNorms, 'map' | 'filters' | 'change'> & {
  readonly map: Writable<MatrixNorms>;
  readonly filters: Writable<MatrixNorms>;
  readonly change?: { readonly map: Writable<DifferenceNorms>; readonly filters: Writable<DifferenceNorms> };
};

/** A layer without norms. */
function bare(layer: LayerNorms): WritableLayer {
  const blank = ({ rows, columns, spectralIs }: MatrixNorms): Writable<MatrixNorms> => ({
    rows,
    columns,
    spectralIs,
    spectral: NaN,
    frobenius: NaN,
    rowSum: NaN,
    columnSum: NaN,
    largestRow: NaN,
    largestRowOne: NaN,
    threeOneHalf: NaN,
  });
  const { map, filters, change, ...rest } = layer;
  const none = ({ spectralIs }: DifferenceNorms): DifferenceNorms => ({
    spectralIs,
    spectral: NaN,
    frobenius: NaN,
    rowSum: NaN,
  });
  return {
    ...rest,
    map: blank(map),
    filters: blank(filters),
    ...(change !== undefined && { change: { map: none(change.map), filters: none(change.filters) } }),
  };
}

function read(layer: LayerNorms, { part, norm, change }: NormOf): number {
  const from: Partial<Record<NormName, number>> = change ? layer.change![part] : layer[part];
  return from[norm] ?? NaN;
}

function write(layer: WritableLayer, { part, norm, change }: NormOf, value: number): void {
  const to: Partial<Record<NormName, number>> = change ? layer.change![part] : layer[part];
  to[norm] = value;
}
