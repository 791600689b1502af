import { refuse, refuseType, requireInteger } from '@hyperribbon/contract';
import { stream } from '@hyperribbon/random';
import { AssumptionError } from '../assumptions.js';
import type { DataSplit, SplitIndices } from './certificate.js';

/**
 * Makes a {@link DataSplit}, filling in `count` and checking the indices.
 * @throws ArgumentError for empty names, ranges that are empty, overlap or are out of order
 * @example dataSplit({ name: 'bound', dataset: 'set', digest: 'sha256:…', indices: { kind: 'ranges', ranges: [[0, 500]] } }).count // 500
 */
export function dataSplit(split: Omit<DataSplit, 'count'>): DataSplit {
  const { name, dataset, digest, indices } = split;
  for (const [key, text] of Object.entries({ name, dataset, digest })) {
    if (typeof text !== 'string' || text === '') refuseType('dataSplit', key, 'a string with something in it', text);
  }
  return { name, dataset, digest, count: countIndices(indices), indices };
}

/** Number of examples. @throws ArgumentError for indices that are no set */
export function countIndices(indices: SplitIndices): number {
  if (indices.kind === 'permutation') {
    const { of, from, to } = indices;
    requireInteger('dataSplit', 'permutation length', of, 1);
    if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from < to && to <= of))
      refuse('dataSplit', `need integers 0 <= from < to <= ${of}, got from=${from}, to=${to}`);
    return to - from;
  }
  let count = 0;
  let last = 0;
  if (indices.ranges.length === 0) refuse('dataSplit', 'ranges must not be empty, got none');
  for (const [from, to] of indices.ranges) {
    if (!(Number.isSafeInteger(from) && Number.isSafeInteger(to) && from >= last && from < to))
      refuse('dataSplit', `ranges must be sorted, disjoint, not empty; got [${from}, ${to}) after ${last}`);
    count += to - from;
    last = to;
  }
  return count;
}

/**
 * Number of examples that two splits share. Rows of different data sets are taken to be different examples (an assumption that a
 * certificate states) unless the two splits have the same content digest: then they are one set under two names.
 * @throws ArgumentError for splits of different kinds with more than ten million rows together
 * @example
 * const rows = (name, from, to) => dataSplit({ name, dataset: 'set', digest: name, indices: { kind: 'ranges', ranges: [[from, to]] } });
 * sharedExamples(rows('prior', 0, 50), rows('bound', 40, 90)); // 10
 */
export function sharedExamples(a: DataSplit, b: DataSplit): number {
  if (a.digest === b.digest) return Math.min(a.count, b.count);
  if (a.dataset !== b.dataset) return 0;
  const [x, y] = [a.indices, b.indices];
  if (x.kind === 'permutation' && y.kind === 'permutation' && sameOrder(x, y))
    return Math.max(0, Math.min(x.to, y.to) - Math.max(x.from, y.from));
  if (x.kind === 'ranges' && y.kind === 'ranges') return sharedRanges(x.ranges, y.ranges);
  if (a.count + b.count > rowsCompared)
    refuse(
      'sharedExamples',
      `splits of different kinds may have ${rowsCompared} rows together, got ${a.count + b.count}`,
    );
  const rows = rowsOf(x);
  let shared = 0;
  for (const row of rowsOf(y)) if (rows.has(row)) shared++;
  return shared;
}

type Permutation = Extract<SplitIndices, { kind: 'permutation' }>;

function sameOrder(a: Permutation, b: Permutation): boolean {
  return a.seed === b.seed && a.purpose === b.purpose && a.index === b.index && a.of === b.of;
}

function sharedRanges(a: readonly (readonly [number, number])[], b: readonly (readonly [number, number])[]): number {
  let shared = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    shared += Math.max(0, Math.min(a[i][1], b[j][1]) - Math.max(a[i][0], b[j][0]));
    if (a[i][1] < b[j][1]) i++;
    else j++;
  }
  return shared;
}

/** Splits of different kinds are compared row by row: so many fit into a Set and into a second. */
const rowsCompared = 10_000_000;

/** Row numbers, for splits of different kinds; a range is as long as its data set at most, which was in memory once. */
function rowsOf(indices: SplitIndices): Set<number> {
  const rows = new Set<number>();
  if (indices.kind === 'ranges') {
    for (const [from, to] of indices.ranges) for (let row = from; row < to; row++) rows.add(row);
    return rows;
  }
  const { seed, purpose, index, of, from, to } = indices;
  const order = stream({ seed, purpose, index }).permutation(of);
  for (let i = from; i < to; i++) rows.add(order[i]);
  return rows;
}

/** A prior depends on examples that the bound speaks about. */
export class PriorOverlapError extends AssumptionError {
  override readonly name = 'PriorOverlapError';
  /** 'prior mean', 'prior basis', 'prior scale "lambda"' */
  readonly part: string;
  readonly split: string;
  readonly shared: number;
  constructor(theorem: string, part: string, split: DataSplit, bound: DataSplit, shared: number) {
    super(
      theorem,
      'a prior that does not depend on the examples of the bound',
      `a ${part} that saw split "${split.name}", which shares ${shared} of ${bound.count} examples with split "${bound.name}"`,
    );
    this.part = part;
    this.split = split.name;
    this.shared = shared;
  }
}
