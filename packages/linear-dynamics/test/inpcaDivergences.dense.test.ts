// Oracle: the definitions, written as plain loops over models, samples and classes.
import { expect, test } from 'vitest';
import { log } from '@hyperribbon/kernels';
import {
  assembleDivergences,
  bhattacharyyaDivergences,
  crossDivergences,
  divergenceAssembly,
  divergenceBlock,
  divergenceRows,
  divergencesBetween,
  gaussianDivergences,
  type Models,
} from '../src/index.js';
import { choose, distance, largest, softmaxCloud } from './inpcaClouds.js';

/** per sample and class list: the term of one sample */
const terms = {
  bhattacharyya: (p: ArrayLike<number>, q: ArrayLike<number>): number => {
    let b = 0;
    for (let c = 0; c < p.length; c++) b += Math.sqrt(p[c]! * q[c]!);
    return -log(b);
  },
  symmetrizedKl: (p: ArrayLike<number>, q: ArrayLike<number>): number => {
    let sum = 0;
    for (let c = 0; c < p.length; c++) sum += (p[c]! - q[c]!) * (log(p[c]!) - log(q[c]!));
    return sum;
  },
  greatCircle: (p: ArrayLike<number>, q: ArrayLike<number>): number => {
    let b = 0;
    for (let c = 0; c < p.length; c++) b += Math.sqrt(p[c]! * q[c]!);
    return 2 * Math.acos(Math.min(b, 1));
  },
};
type Kind = keyof typeof terms;
const kinds = Object.keys(terms) as Kind[];

function plain(rows: Models, columns: Models, kind: Kind): Float64Array {
  const { samples, classes } = rows;
  const of = (set: Models, m: number, n: number): ArrayLike<number> =>
    set.probabilities.subarray((m * samples + n) * classes, (m * samples + n + 1) * classes);
  const out = new Float64Array(rows.models * columns.models);
  for (let i = 0; i < rows.models; i++) {
    for (let j = 0; j < columns.models; j++) {
      let sum = 0;
      for (let n = 0; n < samples; n++) sum += terms[kind](of(rows, i, n), of(columns, j, n));
      out[i * columns.models + j] = sum / samples;
    }
  }
  return out;
}

const shapes = [
  [1, 1, 2],
  [2, 1, 3],
  [3, 7, 4],
  [9, 61, 10],
  [17, 130, 3],
  [70, 12, 5],
  [5, 2, 700],
] as const;

for (const kind of kinds) {
  test(`${kind} divergences are those of the definition, 1e-13`, () => {
    for (const [models, samples, classes] of shapes) {
      const set = softmaxCloud(models, samples, classes, 3);
      const { values, capped } = divergencesBetween(set, kind);
      const expected = plain(set, set, kind);
      for (let i = 0; i < models; i++) expected[i * models + i] = 0;
      // the oracle's arc cosine loses half the digits near 0; no two of these models are that near
      const tolerance = 1e-13 * (1 + largest(expected));
      expect(distance(values, expected)).toBeLessThan(tolerance);
      expected[values.length - 1] = expected[values.length - 1]! + 10 * tolerance;
      expect(distance(values, expected)).toBeGreaterThan(tolerance);
      expect(capped).toBe(0);
    }
  });

  test(`${kind}: any cut into blocks of rows gives the same bits`, () => {
    const set = softmaxCloud(50, 20, 4, 5);
    for (const deterministic of [true, false]) {
      const whole = divergencesBetween(set, kind, { deterministic });
      for (const parts of [1, 2, 3, 20]) {
        const blocks = divergenceRows(50, parts).map((rows) => divergenceBlock(set, rows, { kind, deterministic }));
        expect(assembleDivergences(blocks.toReversed())).toEqual(whole);
      }
    }
  });

  test(`${kind}: divergences to another set, of itself the same bits`, () => {
    const set = softmaxCloud(21, 30, 3, 6);
    const others = softmaxCloud(10, 30, 3, 7);
    const cross = crossDivergences(set, others, { kind });
    const expected = plain(others, set, kind);
    expect(distance(cross.values, expected)).toBeLessThan(1e-13 * (1 + largest(expected)));
    const itself = crossDivergences(set, choose(set, [4, 20, 0]), { kind, deterministic: true });
    const { values } = divergencesBetween(set, kind, { deterministic: true });
    [4, 20, 0].forEach((row, i) => {
      expect(itself.values.slice(i * 21, (i + 1) * 21)).toEqual(values.slice(row * 21, (row + 1) * 21));
    });
  });

  test(`${kind}: WebAssembly and TypeScript give the same bits`, () => {
    for (const precision of ['float32', 'float64'] as const) {
      const set = softmaxCloud(19, 25, 6, 8);
      const [wasm, twin] = (['wasm', 'typescript'] as const).map((engine) =>
        divergencesBetween(set, kind, { engine, deterministic: true, precision }),
      );
      expect(wasm!.values).toEqual(twin!.values);
      expect(wasm!.kernels.engine).toBe('wasm');
      expect(twin!.kernels.engine).toBe('typescript');
    }
  });

  test(`${kind}: float32 is within 2e-7 per sample of float64`, () => {
    const set = softmaxCloud(40, 200, 10, 9);
    const narrow = divergencesBetween({ ...set, probabilities: Float32Array.from(set.probabilities) }, kind);
    const wide = divergencesBetween(set, kind);
    const error = distance(narrow.values, wide.values);
    // errors of single samples are independent: the mean over 200 is 14 times better
    expect(error).toBeLessThan(2e-7);
    expect(error).toBeGreaterThan(0);
  });
}

test('Gaussian divergences are squared distances of predictions over 8 sigma², in mean over samples', () => {
  const { probabilities: f } = softmaxCloud(13, 6, 4, 10);
  const set = { predictions: f, models: 13, samples: 6, outputs: 4 };
  for (const sigma of [0.5, 1, 3]) {
    const { values, capped } = gaussianDivergences(set, { sigma });
    const cross = crossDivergences(set, set, { kind: 'gaussian', sigma });
    for (let i = 0; i < 13; i++) {
      for (let j = 0; j < 13; j++) {
        let sum = 0;
        for (let e = 0; e < 24; e++) sum += (f[i * 24 + e]! - f[j * 24 + e]!) * (f[i * 24 + e]! - f[j * 24 + e]!);
        const expected = sum / (8 * sigma * sigma * 6);
        expect(Math.abs(values[i * 13 + j]! - expected)).toBeLessThanOrEqual(4e-15 * expected);
        expect(cross.values[i * 13 + j]).toBe(values[i * 13 + j]);
      }
    }
    expect(capped).toBe(0);
  }
});

test('equal models have divergence exactly 0, and float32 keeps the divergence of near ones', () => {
  const set = softmaxCloud(30, 100, 10, 11);
  const twice = { ...set, probabilities: Float32Array.of(...set.probabilities, ...set.probabilities), models: 60 };
  const { values } = bhattacharyyaDivergences(twice);
  for (let i = 0; i < 30; i++) expect(values[i * 60 + i + 30]).toBe(0);
  expect(values.every((x) => x >= 0)).toBe(true);
});

test('storage float32 rounds the result', () => {
  const set = softmaxCloud(20, 5, 3, 12);
  const wide = bhattacharyyaDivergences(set);
  const narrow = bhattacharyyaDivergences(set, { storage: 'float32' });
  expect(narrow.values).toEqual(Float32Array.from(wide.values));
  const assembly = divergenceAssembly({ storage: 'float32' });
  for (const rows of divergenceRows(20, 3).toReversed()) {
    const block = divergenceBlock(set, rows, { storage: 'float32' });
    expect(block.values).toBeInstanceOf(Float32Array);
    assembly.add(block);
  }
  expect(assembly.finish()).toEqual(narrow);
});
