import type { FloatArray } from '@hyperribbon/kernels';
import { exp, log } from '@hyperribbon/kernels';

/** Which divergence: how far two probabilistic models are apart, as a mean over samples. */
export type DivergenceKind = 'bhattacharyya' | 'symmetrizedKl' | 'greatCircle' | 'gaussian';

/** A run of models of a set, as numbers (models, samples, classes). */
export interface Part {
  readonly values: FloatArray;
  readonly samples: number;
  readonly classes: number;
  readonly from: number;
  readonly to: number;
}

/** What the engine must know about a divergence. */
export interface Measure {
  readonly kernel: 'logOverlaps' | 'squares' | 'arcs' | 'jeffreys';
  /** numbers that a model has per sample and class in a panel */
  readonly width: 1 | 2;
  /** whether the sum of a model with itself enters: −ln of a cosine */
  readonly normalized: boolean;
  /** what stands in a panel beyond the last model */
  readonly padding: number;
  /** smallest coefficient, for logOverlaps */
  readonly least: number;
  /** divergence = factor · sum / samples */
  readonly factor: number;
  /** writes samples [first, first + count) of the models of a part into panels of `lanes` models, 32 bytes per number */
  pack(part: Part, first: number, count: number, lanes: number, out: FloatArray): void;
}

/** @param cap most nats that one event of probability zero contributes, in (0, 100] */
export function measureOf(kind: DivergenceKind, classes: number, cap: number, sigma: number): Measure {
  const common = { width: 1, normalized: false, padding: 1 / classes, least: 0, pack: packer(true) } as const;
  if (kind === 'bhattacharyya') {
    return { ...common, kernel: 'logOverlaps', normalized: true, least: exp(-cap), factor: -1 };
  }
  if (kind === 'greatCircle') return { ...common, kernel: 'arcs', factor: 2 };
  if (kind === 'gaussian') {
    return { ...common, kernel: 'squares', padding: 0, factor: 1 / (8 * sigma * sigma), pack: packer(false) };
  }
  const pack: Measure['pack'] = (...place) => packWithLogs(...place, cap);
  return { ...common, kernel: 'jeffreys', width: 2, factor: 1, pack };
}

function packer(roots: boolean): Measure['pack'] {
  return (...place) => packNumbers(...place, roots);
}

// hot: every number of the set passes here once per block of rows
function packNumbers(part: Part, first: number, count: number, lanes: number, out: FloatArray, roots: boolean): void {
  const { values, samples, classes, from, to } = part;
  const length = count * classes;
  for (let m = from; m < to; m++) {
    let at = panelStart(m - from, length, lanes, lanes);
    let source = (m * samples + first) * classes;
    for (const end = source + length; source < end; source++) {
      out[at] = roots ? Math.sqrt(values[source]!) : values[source]!;
      at += lanes;
    }
  }
}

function packWithLogs(part: Part, first: number, count: number, lanes: number, out: FloatArray, cap: number): void {
  const { values, samples, classes, from, to } = part;
  const length = count * classes;
  for (let m = from; m < to; m++) {
    let at = panelStart(m - from, length, lanes, 2 * lanes);
    let source = (m * samples + first) * classes;
    for (const end = source + length; source < end; source++) {
      const p = values[source]!;
      out[at] = p;
      out[at + lanes] = Math.max(log(p), -cap);
      at += 2 * lanes;
    }
  }
}

/** where the first number of model m stands */
function panelStart(m: number, length: number, lanes: number, step: number): number {
  return Math.floor(m / lanes) * length * step + (m % lanes);
}
