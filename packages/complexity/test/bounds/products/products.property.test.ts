// Oracle: how bounds by products of norms scale, and which is above which.
import { describe, expect, it } from 'vitest';
import {
  golowich2018Bound,
  neyshabur2015,
  neyshabur2015Bound,
  neyshabur2018Bound,
  type NetworkNorms,
  type NormBound,
  parameterCountingBound,
  pinto2025Bound,
  type SampleNorms,
  trivialBound,
} from '../../../src/index.js';
import { golden } from '../../golden/readBounds.js';
import { plainNetwork, plainSample } from '../../plainNetwork.js';

type Bound = (network: NetworkNorms, sample: SampleNorms, options: { margin: number }) => NormBound;
const bounds: readonly [string, Bound][] = [
  ['Pinto et al.', pinto2025Bound],
  ['trivial', trivialBound],
  ['parameter counting', parameterCountingBound],
  ['Golowich et al.', golowich2018Bound],
  ['Golowich et al., rows', (n, s, o) => golowich2018Bound(n, s, { ...o, norm: 'rows' })],
  ['Neyshabur et al. 2015', neyshabur2015Bound],
  ['Neyshabur et al. 2015, rows', (n, s, o) => neyshabur2015Bound(n, s, { ...o, norm: 'rows' })],
  ['Neyshabur et al. 2018', (n, s, o) => neyshabur2018Bound(n, s, { ...o, form: 'rate' })],
];
const { margin } = golden;
/** The golden network with every layer multiplied by a factor. */
const scaled = (factors: readonly number[]): NetworkNorms =>
  plainNetwork(golden.weights.map((W, i) => ({ ...W, values: W.values.map((x) => (factors[i] as number) * x) })));

describe.each(bounds)('%s', (name, bound) => {
  const before = bound(golden.network, golden.sample, { margin });
  it('does not change where one layer is multiplied by c and another divided', () => {
    for (const factors of [
      [3.7, 1 / 3.7, 1],
      [1, 0.01, 100],
    ])
      expect(bound(scaled(factors), golden.sample, { margin }).logGap).toBeCloseTo(before.logGap, 10);
    // negative control
    expect(bound(scaled([2, 1, 1]), golden.sample, { margin }).logGap).toBeGreaterThan(before.logGap + 0.01);
  });
  it('does not change where the last layer and the margins are multiplied by c', () => {
    const sample = plainSample(
      golden.X,
      golden.margins.map((M) => 3.7 * M),
    );
    const after = bound(scaled([1, 1, 3.7]), sample, { margin: 3.7 * margin });
    expect(after.logGap).toBeCloseTo(before.logGap, 10);
    expect(after.empirical).toBeCloseTo(before.empirical, 12);
  });
  it('falls by √2 in its complexity where the sample is doubled', () => {
    const { values, rows, columns } = golden.X;
    const doubled = plainSample({ rows: 2 * rows, columns, values: [...values, ...values] }, [
      ...golden.margins,
      ...golden.margins,
    ]);
    const complexity = (found: NormBound): number => found.terms[0]?.log ?? NaN;
    const change = complexity(bound(golden.network, doubled, { margin })) - complexity(before);
    // the trivial bound does not fall; counting has the sample in its logarithm too
    if (name === 'trivial') expect(change).toBeCloseTo(0, 10);
    else if (name === 'parameter counting') expect(change).toBeGreaterThan(-Math.LN2 / 2);
    else expect(change).toBeCloseTo(-Math.LN2 / 2, 10);
  });
  it('is its empirical term and the sum of its terms', () => {
    const sum = before.terms.reduce((all, term) => all + Math.exp(term.log), 0);
    expect(Math.exp(before.logGap) / sum).toBeCloseTo(1, 12);
    expect(before.value).toBeCloseTo(before.empirical + sum, 6);
    expect(before.margin).toBe(margin);
  });
});

describe('Neyshabur, Tomioka, Srebro 2015', () => {
  it('lets the width in exactly where q > p*', () => {
    const at = (p: number, q: number, width: number): number =>
      neyshabur2015({ logNormProduct: 0, p, q, depth: 4, width, logLinear: 0 });
    for (const [p, q] of [
      [2, 2],
      [1, Infinity],
      [1.5, 3],
      [3, 1],
    ] as const)
      expect(at(p, q, 50)).toBe(at(p, q, 1));
    expect(at(2, Infinity, 50) - at(2, Infinity, 1)).toBeCloseTo((3 / 2) * Math.log(50), 12);
    expect(at(Infinity, Infinity, 50) - at(Infinity, Infinity, 1)).toBeCloseTo(3 * Math.log(50), 12);
  });
  it('has the factor 2^{d − 1}, where Golowich et al. have √(2 ln 2 · d) + 1', () => {
    const of = (found: NormBound): number => Math.exp(found.logComplexity as number);
    const [old, later] = [
      neyshabur2015Bound(golden.network, golden.sample, { margin, norm: 'frobenius-exact' }),
      golowich2018Bound(golden.network, golden.sample, { margin }),
    ];
    expect(of(old) / of(later)).toBeCloseTo(4 / (Math.sqrt(2 * Math.LN2 * 3) + 1), 10);
  });
});
