// Oracle: the formulas in numpy 1.x and 2.x, float64, on two networks: the small one of g0.ts (numbers to 12 digits) and one whose sizes all differ (17 digits).
import { type Measure, measureTable, normMeasures } from '@hyperribbon/complexity';
import { describe, expect, it } from 'vitest';
import { g0Network, g0Norms } from '../g0.js';
import { networkNorms, sampleNorms } from './uneven.js';

const named = (measures: readonly Measure[], name: string): Measure => measures.find((one) => one.name === name)!;
const near = (value: number, expected: number, tolerance = 1e-9): boolean =>
  Math.abs(value - expected) <= tolerance * Math.abs(expected);

// name: ln μ or μ, what is reported
const g0: Readonly<Record<string, readonly [number, number]>> = {
  params: [10, 1.58113883008],
  l2: [5.47722557505, 1.17017365966],
  'l2-dist': [2, 0.707106781187],
  'inverse-margin': [0.25, 0.25],
  'fro-over-spec': [2.04, 0.714142842854],
  'fro-dist': [4, 1],
  'dist-spec-init': [2, 0.707106781187],
  'param-norm': [30, 2.73861278753],
};
const g0Logs: Readonly<Record<string, readonly [number, number]>> = {
  'prod-of-spec': [4.60517018599, 1.60943791243],
  'prod-of-fro': [4.64439089914, 1.62904826901],
  'prod-of-spec-over-margin': [3.21887582487, 0.916290731874],
  'prod-of-fro-over-margin': [3.25809653802, 0.935901088451],
  'spec-init-main': [2.67414864943, 0.643927144153],
  'spec-orig-main': [3.93182563272, 1.2727656358],
  'sum-of-spec': [2.99573227355, 0.804718956217],
  'sum-of-spec-over-margin': [2.30258509299, 0.458145365937],
  'sum-of-fro': [3.01534263013, 0.814524134505],
  'sum-of-fro-over-margin': [2.32219544957, 0.467950544225],
};

const uneven: Readonly<Record<string, number>> = {
  params: 75,
  'params-jiang': 91,
  vc: 34086.4245769539,
  'inverse-margin': 0.045658430767778854,
  'spec-init': 32383384.42802543,
  'spec-orig': 28940753.072734464,
  'spec-init-main': 34.738332568463925,
  'spec-orig-main': 31.045350010897526,
  'prod-of-spec-over-margin': 4.952023333913428,
  'prod-of-spec': 108.45802737066624,
  'fro-over-spec': 6.26922530802442,
  'sum-of-spec-over-margin': 5.113467290070871,
  'sum-of-spec': 14.306777459582143,
  'prod-of-fro-over-margin': 44.41730153733524,
  'prod-of-fro': 972.817085266113,
  'sum-of-fro-over-margin': 10.624421978082797,
  'sum-of-fro': 29.72566993286025,
  'fro-dist': 35.5078125,
  'dist-spec-init': 16.654806313506548,
  'param-norm': 31.625,
  l2: 5.623610939600996,
  'l2-dist': 5.958843218276514,
};

describe('the measures made of norms are those of their formulas', () => {
  const small = normMeasures(g0Network, g0Norms, { margin: 2 });

  it.each(Object.entries(g0))('G0: %s', (name, [value, reported]) => {
    const measure = named(small, name);
    expect(near(Math.exp(measure.logValue), value)).toBe(true);
    expect(near(measure.reported, reported)).toBe(true);
    expect(near(measure.reported, reported * (1 + 1e-8)), 'moved by ten tolerances').toBe(false);
    expect(measure.reportedIs).toBe('root');
  });

  it.each(Object.entries(g0Logs))('G0: %s, kept as a logarithm', (name, [value, reported]) => {
    const measure = named(small, name);
    expect(near(measure.logValue, value)).toBe(true);
    expect(near(measure.reported, reported)).toBe(true);
    expect(measure.reportedIs).toBe('log');
  });

  const large = normMeasures(networkNorms, sampleNorms);

  it.each(Object.entries(uneven))('5 → 7 → 4 → 3: %s', (name, value) => {
    const { logValue, reported, reportedIs } = named(large, name);
    expect(near(Math.exp(logValue), value)).toBe(true);
    expect(near(Math.exp(logValue), value * (1 + 1e-8)), 'moved by ten tolerances').toBe(false);
    expect(near(reportedIs === 'log' ? Math.exp(reported) : reported, Math.sqrt(value / 23))).toBe(true);
  });

  it('has a row of the table for each, in the order of the table', () => {
    const places = large.map(({ name }) => measureTable.findIndex((kind) => kind.name === name));
    expect(places.every((place, i) => place >= 0 && (i === 0 || place > places[i - 1]))).toBe(true);
    expect(new Set(measureTable.map(({ name }) => name)).size).toBe(measureTable.length);
  });

  it('numbers measures as code of the authors does, and none that it does not number', () => {
    expect(measureTable.flatMap(({ equation }) => equation ?? []).sort((a, b) => a - b)).toEqual([
      20, 22, 29, 29, 30, 30, 31, 31, 32, 32, 33, 33, 34, 34, 35, 35, 36, 37, 38, 39, 40, 41, 41, 42, 43, 44, 48, 49,
      53, 56, 57, 61,
    ]);
    for (const { equation, standing, source } of measureTable) {
      if (standing === 'paper') expect(source).toContain('authors’ code');
      else expect(equation).toBeUndefined();
    }
  });
});

describe('spectral norms', () => {
  it('of whole maps make the measures called -fft, and no others', () => {
    const layers = g0Network.layers.map((layer) => ({ ...layer, map: { ...layer.map, spectral: 7 } }));
    const measures = normMeasures({ ...g0Network, layers }, g0Norms, { margin: 2 });
    expect(named(measures, 'prod-of-spec').logValue).toBeCloseTo(Math.log(100), 12);
    expect(named(measures, 'prod-of-spec-fft').logValue).toBeCloseTo(4 * Math.log(7), 12);
    // Frobenius norms stay those of the filters
    expect(Math.exp(named(measures, 'fro-over-spec-fft').logValue)).toBeCloseTo(30 / 49, 12);
    expect(Math.exp(named(measures, 'spec-orig-main-fft').logValue)).toBeCloseTo((49 * 30) / 4, 9);
    expect(named(measures, 'dist-spec-init-fft').logValue).toBeCloseTo(Math.log(2), 12);
  });

  it('that are known from one side only are named beside what is made of them', () => {
    const [first, second] = g0Network.layers;
    const lower = { ...first, filters: { ...first.filters, spectralIs: 'lower' as const } };
    const measures = normMeasures({ ...g0Network, layers: [lower, second] }, g0Norms, { margin: 2 });
    expect(named(measures, 'prod-of-spec').caveats).toEqual(['the spectral norm of W1 is known from below only']);
    for (const name of ['prod-of-fro', 'prod-of-spec-fft', 'param-norm'])
      expect(named(measures, name).caveats).toEqual([]);
  });
});
