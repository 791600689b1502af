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
   * another by 1/c, which positively homogeneous activations allow. With other activations each is limited layer by layer.
   */
  readonly product?: (last: boolean, layer: LayerNorms) => NormOf;
  readonly ratios?: (last: boolean, layer: LayerNorms) => readonly NormOf[];
  /** norms that are limited layer by layer; the first is the one that is multiplied over layers */
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
  const work: Work = { layers: network.layers, covered: network.layers.map(bare), union: [], step };
  const { product, ratios, layers, ranks, patches } = cover;
  const moves = network.homogeneous !== false && product !== undefined;
  if (moves) coverProduct(work, product, ratios);
  else eachLayer(work, (last, layer) => [...(product ? [product(last, layer)] : []), ...(ratios?.(last, layer) ?? [])]);
  if (layers !== undefined) eachLayer(work, layers);
  if (ranks !== undefined) coverRanks(work, ranks);
  const largestPatches = patches
    ? coverPatches(work, sample)
    : sample.largestPatches.map((x, i) => (i === 0 ? x : NaN));
  return {
    network: { ...network, layers: work.covered },
    sample: { ...sample, largestPatches },
    union: work.union,
    assumptions:
      moves && network.layers.length > 1
        ? [
            'Activations are positively homogeneous, such as rectifiers: norms can be moved between layers, so that their product alone has a grid.',
          ]
        : [],
  };
}

/** What is done so far: norms of the trained network, those of the limits, and what these cost. */
interface Work {
  readonly layers: readonly LayerNorms[];
  readonly covered: readonly WritableLayer[];
  readonly union: { of: string; members: number }[];
  readonly step: number;
}

/** One limit on the product of a norm over layers, and limits on the ratios of others to it. */
function coverProduct(
  { layers, covered, union, step }: Work,
  product: NonNullable<Cover['product']>,
  ratios: Cover['ratios'],
): void {
  const isLast = (i: number): boolean => i === layers.length - 1;
  const norms = layers.map((layer, i) => product(isLast(i), layer));
  const values = layers.map((layer, i) => read(layer, norms[i]!));
  const total = values.includes(0) ? -Infinity : values.reduce((sum, value) => sum + log(value), 0);
  const point = logGridPoint(total, step);
  union.push({ of: `${normsUnion}: product of ${plural(norms.map(wordsOf))}`, members: point.members });
  // the first layer takes what the product grows by: which one does makes no difference to the bound
  const excess = total === -Infinity ? 1 : exp(point.value - total);
  const limits = values.map((value, i) => (i === 0 ? value * excess : value));
  limits.forEach((limit, i) => write(covered[i]!, norms[i]!, limit));
  layers.forEach((layer, i) => {
    for (const norm of ratios?.(isLast(i), layer) ?? []) {
      const ratio = gridPoint(values[i] === 0 ? 0 : read(layer, norm) / values[i]!, step);
      const of = `${normsUnion}: ${wordsOf(norm)} over ${wordsOf(norms[i]!)}, ${layer.name}`;
      union.push({ of, members: ratio.members });
      write(covered[i]!, norm, ratio.value * limits[i]!);
    }
  });
}

/** A limit on each norm of each layer. */
function eachLayer({ layers, covered, union, step }: Work, of: NonNullable<Cover['layers']>): void {
  layers.forEach((layer, i) => {
    const [first, ...others] = of(i === layers.length - 1, layer);
    if (first === undefined) return;
    // the first is multiplied over the layers, so that all of them share one step
    const grids = [[first, step / layers.length] as const, ...others.map((norm) => [norm, step] as const)];
    for (const [norm, size] of grids) {
      const point = gridPoint(read(layer, norm), size);
      union.push({ of: `${normsUnion}: ${wordsOf(norm)}, ${layer.name}`, members: point.members });
      write(covered[i]!, norm, point.value);
    }
  });
}

function coverRanks({ layers, covered, union }: Work, ranks: NonNullable<Cover['ranks']>): void {
  layers.forEach((layer, i) => {
    if (!ranks(layer)) return;
    const { rows, columns, rank = Math.min(rows, columns), spectral } = layer.map;
    union.push({ of: `ranks: ${layer.name}`, members: Math.min(rows, columns) + 1 });
    // as many values as the rank: nothing is left to be cut
    Object.assign(covered[i]!.map, { rank, singularValues: new Float64Array(rank).fill(spectral) });
  });
}

function coverPatches({ layers, union, step }: Work, { largestPatches }: SampleNorms): Float64Array {
  return largestPatches.map((patch, i) => {
    if (i === 0) return patch;
    const point = gridPoint(patch, step);
    union.push({ of: `${normsUnion}: largest patch that ${layers[i]!.name} reads`, members: point.members });
    return point.value;
  });
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
