// Oracle: the TypeScript twin, bit for bit; guard words around what is written.
import { expect, test } from 'vitest';
import { createDivergenceWorkspace, kernelInfo, type DivergenceKernels } from '../src/divergences.js';
import { enableExperimentalSimd } from '../src/index.js';
import { numbers } from './pairedWorkspaces.js';

const GUARD = -7.25e18;
const LEAST = 3.720075976020836e-44;

interface Case {
  readonly dtype: 'float32' | 'float64';
  readonly tiles: number;
  readonly samples: number;
  readonly classes: number;
  /** per panel and sample, which numbers to set to zero or make tiny */
  readonly change?: (x: Float64Array) => void;
}

type Name = 'logOverlaps' | 'squares' | 'arcs' | 'jeffreys';

function run(
  name: Name,
  engine: 'wasm' | 'typescript',
  deterministic: boolean,
  test: Case,
): readonly [Float64Array, number | void] {
  const { dtype, tiles, samples, classes, change } = test;
  const lanes = dtype === 'float32' ? 8 : 4;
  const perPanel = lanes * samples * classes * (name === 'jeffreys' ? 2 : 1);
  const panels = Math.ceil((4 * tiles) / lanes);
  const ld = lanes + 3;
  const bytes = (panels + 1) * perPanel * 8 + (4 * tiles + 2) * ld * 8 + 1024;
  const space = createDivergenceWorkspace({ bytes, engine, deterministic });
  const place = (count: number, seed: number): number => {
    const pointer = space.allocate(count * 8 + 64) + 16;
    const values = numbers(count, seed).map((x) => Math.abs(x) / Math.sqrt(classes));
    change?.(values);
    (dtype === 'float32' ? space.float32View(pointer, count) : space.float64View(pointer, count)).set(values);
    return pointer;
  };
  const a = place(panels * perPanel, 1);
  const b = place(perPanel, 2);
  const out = space.allocate((4 * tiles + 1) * ld * 8);
  const view = space.float64View(out, (4 * tiles + 1) * ld).fill(GUARD);
  for (let i = 0; i < 4 * tiles; i++) view.fill(0.25, i * ld, i * ld + lanes);
  const table: DivergenceKernels = space[dtype];
  const result =
    name === 'logOverlaps'
      ? table.logOverlaps(tiles, samples, classes, a, b, LEAST, out, ld)
      : table[name](tiles, samples, classes, a, b, out, ld);
  return [view.slice(), result];
}

function expectSameBits(name: Name, test: Case): Float64Array {
  const [wasm, raised] = run(name, 'wasm', true, test);
  const [twin, twinRaised] = run(name, 'typescript', true, test);
  const at = wasm.findIndex((value, i) => !Object.is(value, twin[i]));
  expect(at < 0 || `${name} ${JSON.stringify(test)} [${at}]: ${wasm[at]} and ${twin[at]}`).toBe(true);
  expect(raised).toBe(twinRaised);
  const lanes = test.dtype === 'float32' ? 8 : 4;
  const untouched = wasm.filter((_, i) => i % (lanes + 3) >= lanes || i >= 4 * test.tiles * (lanes + 3));
  expect(untouched.every((value) => value === GUARD)).toBe(true);
  return wasm;
}

const names: readonly Name[] = ['logOverlaps', 'squares', 'arcs', 'jeffreys'];
const sizes = [
  [0, 3, 4],
  [1, 0, 3],
  [1, 1, 0],
  [1, 1, 1],
  [2, 5, 2],
  [3, 6, 3],
  [5, 7, 10],
  [2, 13, 9],
  [4, 61, 10],
  [1, 16, 4],
  [1, 17, 5],
  [1, 33, 2],
  [1, 3, 257],
] as const;

for (const dtype of ['float32', 'float64'] as const) {
  for (const name of names) {
    test(`${name} has the bits of its twin (${dtype})`, () => {
      for (const [tiles, samples, classes] of sizes) {
        // an empty sum over classes is a coefficient 0, which the next test is about
        if (name === 'logOverlaps' && classes === 0) continue;
        const found = expectSameBits(name, { dtype, tiles, samples, classes });
        if (tiles * samples * classes > 0) expect(found[0]).not.toBe(0.25);
      }
    });
  }

  test(`coefficients of zero and tiny ones are raised, counted, and have the twin's bits (${dtype})`, () => {
    for (const [tiles, samples, classes] of [
      [1, 1, 1],
      [3, 14, 3],
      [2, 6, 10],
    ] as const) {
      for (const tiny of [0, 1e-23, 1e-30]) {
        const change = (x: Float64Array): void => {
          for (let i = 0; i < x.length; i++) if (i % 7 !== 3) x[i] = tiny;
        };
        const test: Case = { dtype, tiles, samples, classes, change };
        const found = expectSameBits('logOverlaps', test);
        expect(found.filter((value) => value !== GUARD).every((value) => value > -Infinity)).toBe(true);
        if (classes === 1) expect(run('logOverlaps', 'wasm', true, test)[1]).toBeGreaterThan(0);
      }
    }
  });
}

test('products of many small coefficients neither underflow nor lose digits', () => {
  const samples = 50;
  const change = (x: Float64Array): void => void x.fill(1e-10);
  const [out, raised] = run('logOverlaps', 'wasm', true, { dtype: 'float64', tiles: 1, samples, classes: 1, change });
  const expected = 0.25 - samples * 20 * Math.LN10;
  expect(raised).toBe(0);
  expect(Math.abs(out[0]! - expected)).toBeLessThan(1e-12 * Math.abs(expected));
});

test('the fast flavour agrees with the deterministic one within the rounding of its sums', () => {
  enableExperimentalSimd();
  expect(kernelInfo({}).flavour).toBe('fast');
  for (const dtype of ['float32', 'float64'] as const) {
    const eps = dtype === 'float32' ? 2 ** -24 : 2 ** -53;
    for (const name of names) {
      const test: Case = { dtype, tiles: 3, samples: 31, classes: 10 };
      const [fast] = run(name, 'wasm', false, test);
      const [own] = run(name, 'wasm', true, test);
      const worst = fast.reduce((max, value, i) => Math.max(max, Math.abs(value - own[i]!) / Math.abs(own[i]!)), 0);
      expect(worst).toBeLessThan(100 * eps);
    }
  }
});

test('a workspace of divergences has the kernels of linear algebra, with the same bits', () => {
  for (const engine of ['wasm', 'typescript'] as const) {
    const space = createDivergenceWorkspace({ bytes: 1024, engine, deterministic: true });
    const x = space.allocate(80);
    space.float64View(x, 9).set([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(space.float64.dot(9, x, x)).toBe(285);
    expect(() => space.float64.gemm(0, 0, 1, 1, 1, 1, x, 1, x, 1, 0, x, 1, 0, 2)).toThrow(RangeError);
    expect(space.info).toEqual({ flavour: 'deterministic', engine });
  }
  expect(() => createDivergenceWorkspace({ bytes: -1 })).toThrow('createDivergenceWorkspace: bytes must be an integer');
});
