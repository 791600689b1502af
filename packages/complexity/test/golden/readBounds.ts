import { readFileSync } from 'node:fs';
import { type PlainMatrix, plainNetwork, plainSample } from '../plainNetwork.js';

interface Golden {
  readonly weights: readonly PlainMatrix[];
  readonly collapsed: readonly number[];
  readonly X: readonly number[];
  readonly count: number;
  readonly features: number;
  readonly margins: readonly number[];
  readonly margin: number;
  readonly delta: number;
  readonly values: Readonly<Record<string, number>>;
}

const read = JSON.parse(readFileSync(new URL('lowRankBounds.json', import.meta.url), 'utf8')) as Golden;

/** A network of three layers whose depth 3, widths 4, 6, 3, classes 3, margin 1.3 and 7 examples of 5 features are told apart; see lowRankBounds.py. */
export const golden = {
  ...read,
  X: { rows: read.count, columns: read.features, values: read.X },
  network: plainNetwork(read.weights),
  sample: plainSample({ rows: read.count, columns: read.features, values: read.X }, read.margins),
  at: { margin: read.margin, delta: read.delta },
  value(name: string): number {
    const value = read.values[name];
    if (value === undefined) throw new Error(`lowRankBounds.json has no "${name}"`);
    return value;
  },
};
