// Oracle: dense covariance matrices in numpy (test/golden/neuralCollapse.json says how), and values by hand of a toy with three classes.
import { readFileSync } from 'node:fs';
import { type NeuralCollapse, neuralCollapse, oodOrthogonality } from '@hyperribbon/complexity';
import { describe, expect, it } from 'vitest';
import { dataOf } from './data.js';

interface Geometry {
  readonly equinorm: number;
  readonly equiangular: number;
  readonly frame: number;
  readonly hyper: readonly [number, number, number];
}
interface Golden {
  readonly cases: readonly {
    readonly name: string;
    readonly classes: number;
    readonly width: number;
    readonly counts: readonly number[];
    readonly measures: Readonly<Record<string, number>> & {
      readonly means: Geometry;
      readonly classifier: Geometry;
      readonly library: { readonly pinv: number; readonly svd: number; readonly ratio: number };
    };
  }[];
}
const { cases } = JSON.parse(readFileSync(new URL('../golden/neuralCollapse.json', import.meta.url), 'utf8')) as Golden;

/** Name and value of every measure, in one order. */
function listed(found: NeuralCollapse): readonly (readonly [string, number])[] {
  const { variability: v, means, classifier, duality, disagreement, nearestCentreError, error } = found;
  const geometry = (name: string, g: NeuralCollapse['classifier']): readonly (readonly [string, number])[] => [
    [`${name}: equinorm`, g!.equinorm],
    [`${name}: equiangular`, g!.equiangular],
    [`${name}: frame`, g!.frame],
    [`${name}: hyperspherical mean`, g!.hyperspherical.mean],
    [`${name}: hyperspherical variance`, g!.hyperspherical.variance],
    [`${name}: hyperspherical excess`, g!.hyperspherical.excess],
  ];
  return [
    ...(['trace', 'perClass', 'directions', 'pinv', 'quotient', 'cdnv'] as const).map(
      (name) => [name, v[name]] as const,
    ),
    ...geometry('means', means),
    ...geometry('classifier', classifier),
    ['duality', duality!.distance],
    ['frame of both', duality!.frame],
    ['NC4', disagreement!],
    ['nearest centre', nearestCentreError],
    ['error', error!],
    ['rank', means.rank],
  ];
}

describe.each(cases)('$name', ({ classes, width, counts, measures: m }) => {
  const { data, weights, biases } = dataOf(classes, width, counts);
  const found = neuralCollapse(data, { weights, biases });
  const geometry = ({ equinorm, equiangular, frame, hyper }: Geometry): readonly number[] => [
    equinorm,
    equiangular,
    frame,
    ...hyper,
  ];
  const expected = [
    ...['trace', 'perClass', 'directions', 'pinv', 'quotient', 'cdnv'].map((name) => m[name]),
    ...geometry(m.means),
    ...geometry(m.classifier),
    ...['duality', 'dualityFrame', 'disagreement', 'nearestCentreError', 'error', 'rank'].map((name) => m[name]),
  ];

  it('NC1 to NC4 are those of the dense formulas', () => {
    for (const [i, [name, value]] of listed(found).entries()) {
      // what is 0 by symmetry, such as the equinorm of two means, is 0 to rounding
      const near = (reference: number): boolean => Math.abs(value - reference) <= 1e-9 * Math.abs(reference) + 1e-14;
      expect(near(expected[i]), `${name}: ${value}, ${expected[i]}`).toBe(true);
      expect(near(expected[i] * (1 + 1e-8) + 1e-13), `${name}, moved`).toBe(false);
    }
  });

  it('libraries that divide Σ_B by the width and not by C give width/C times the variabilities', () => {
    const { variability } = found;
    const ratio = width / found.classes;
    for (const [value, reference] of [
      [variability.pinv * ratio, m.library.pinv],
      [variability.trace * ratio, m.library.svd],
      [variability.quotient * ratio, m.library.ratio],
    ])
      expect(Math.abs(value - reference)).toBeLessThan(1e-9 * reference);
  });
});

describe('three classes in the plane', () => {
  const data = {
    features: Float64Array.of(2, 0.1, 2, -0.1, -1, 1.9, -1, 1.7, -1.2, -1.8, -0.8, -1.8),
    labels: Int32Array.of(0, 0, 1, 1, 2, 2),
    count: 6,
    width: 2,
    classes: 3,
  };
  const weights = Float64Array.of(1, 0, -0.4, 1, -0.5, -0.8);
  const biases = Float64Array.of(0, 0, 2.6);

  it('have the measures of the released code', () => {
    const { variability, means, classifier, duality, disagreement } = neuralCollapse(data, { weights, biases });
    // prettier-ignore
    const pairs = [
      [variability.trace, 0.009753086419753084], [variability.perClass, 0.0032510288065843614], [variability.pinv, 0.0032510288065843614],
      [variability.quotient, 0.004807692307692306], [variability.cdnv, 0.0015961631566206724],
      [means.equinorm, 0.016738323943455157], [classifier!.equinorm, 0.06662349354330234],
      [means.equiangular, 0.019005341478396203], [classifier!.equiangular, 0.0830394193444311],
      [means.frame, 0.03844022291001312], [duality!.distance, 0.009596372739559786], [duality!.frame, 0.1116985709770223],
      [means.hyperspherical.mean, -0.5492156734158157], [means.hyperspherical.variance, 4.452411928025275e-5],
    ];
    for (const [value, reference] of pairs) {
      expect(Math.abs(value - reference)).toBeLessThan(1e-9 * Math.abs(reference));
      expect(Math.abs(value - reference * (1 + 1e-8))).toBeGreaterThan(1e-9 * Math.abs(reference));
    }
    expect([disagreement, means.rank]).toEqual([0, 2]);
  });

  it('are decided for by W h + b unless decisions are given', () => {
    const decisions = Int32Array.of(0, 1, 1, 1, 2, 2);
    const given = neuralCollapse(data, { weights, biases, decisions });
    expect([given.disagreement, given.error, given.nearestCentreError]).toEqual([1 / 6, 1 / 6, 0]);
    // the bias of class 2 wins everything
    expect(neuralCollapse(data, { weights, biases: Float64Array.of(0, 0, 9) }).error).toBe(4 / 6);
    expect(neuralCollapse(data, { weights }).error).toBe(0);
  });
});

describe('examples of no class', () => {
  const { data } = dataOf(3, 4, [4, 3, 5]);
  const outside = Float64Array.from({ length: 28 }, (_, k) => {
    const [i, j] = [Math.floor(k / 4), k % 4];
    return ((5 * i * i + 3 * j + i * j) % 11) / 5 - 0.8;
  });
  const found = oodOrthogonality(data, outside);

  it('have the angles and shares of numpy', () => {
    const pairs = [
      [found.cosines[0], 0.29354463430132466],
      [found.cosines[1], 0.29683310680396147],
      [found.cosines[2], 0.036862068174025826],
      [found.orthogonality, 0.20907993642643732],
      [found.share.inside, 0.8728254611282459],
      [found.share.outside, 0.71073511159372],
      [found.separation, 0.8095238095238095],
    ];
    for (const [value, reference] of pairs) expect(Math.abs(value - reference)).toBeLessThan(1e-12);
    expect(found.directions).toBe(2);
    expect(found.caveats.length).toBe(2);
  });

  it('are told apart from the classes with certainty where they lie at a right angle to them, and not at all where they are the same', () => {
    const flat = {
      features: Float64Array.of(2, 0, 0, 2.1, 0, 0, -1, 1, 0, -1.1, 1, 0),
      labels: Int32Array.of(0, 0, 1, 1),
      count: 4,
      width: 3,
      classes: 2,
    };
    const apart = oodOrthogonality(flat, Float64Array.of(0, 0, 1, 0, 0, 3), { directions: 2 });
    expect([apart.orthogonality, apart.share.outside, apart.separation]).toEqual([0, 0, 1]);
    expect(Math.abs(apart.share.inside - 1)).toBeLessThan(1e-15);
    expect(oodOrthogonality(flat, flat.features).separation).toBe(0.5);
  });

  it('have no angle where they are zero, and are refused where they are none', () => {
    const zero = oodOrthogonality(data, new Float64Array(8));
    expect([zero.orthogonality, zero.share.outside, zero.separation]).toEqual([NaN, 0, 1]);
    expect(zero.caveats[2]).toMatch(/there is no angle/);
    expect(() => oodOrthogonality(data, new Float64Array(3))).toThrow(
      /outside must hold rows of width = 4 numbers, got 3/,
    );
    expect(() => oodOrthogonality(data, Float64Array.of(1, NaN, 0, 0))).toThrow(/outside must be finite, got NaN at 1/);
    expect(() => oodOrthogonality(data, outside, { directions: 5 })).toThrow(
      /directions must be an integer in \[1, 4\]/,
    );
    expect(() => oodOrthogonality(data, outside, { k: 5 } as never)).toThrow(/there is no option k/);
  });
});
