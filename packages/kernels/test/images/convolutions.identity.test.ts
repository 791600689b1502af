// Oracles: gemm of written patches, bit for bit, on the WebAssembly kernels and on the twins; guard words around what is written.
import { expect, test, vi } from 'vitest';
import { Activation, convolveInputFits, type Dtype, type WindowSizes } from '../../src/index.js';
import { firstDifference, numbers, place, side, type Side } from '../pairedWorkspaces.js';

// both widths of tiles, whatever the engine
const tiles = vi.hoisted(() => ({ wide: false }));
vi.mock('../../src/modules/experimentalSimd.js', async (original) => ({
  ...(await original<object>()),
  wideTiles: () => tiles.wide,
}));

interface Case {
  /** batch, height, width, channels, kh, kw, strideH, strideW */
  readonly sizes: WindowSizes;
  readonly out: number;
  readonly pad?: readonly [top: number, left: number];
  readonly beta?: number;
  readonly alpha?: number;
  readonly transW?: 0 | 1;
}

const cases: readonly Case[] = [
  { sizes: [1, 1, 1, 1, 1, 1, 1, 1], out: 1 },
  { sizes: [2, 5, 4, 1, 3, 3, 1, 1], out: 6, transW: 1 },
  { sizes: [3, 6, 5, 2, 2, 3, 2, 1], out: 16, beta: 1 },
  { sizes: [1, 7, 7, 16, 3, 3, 2, 2], out: 17, transW: 1, alpha: -1 },
  { sizes: [2, 6, 6, 6, 5, 5, 1, 1], out: 16, transW: 1, beta: 1, pad: [2, 2] },
  // sums of 576 in two blocks that end within a row of the patch; more pixels than a block of rows, and than a block of a sum
  { sizes: [2, 17, 14, 64, 3, 3, 1, 1], out: 9, transW: 1, pad: [1, 1] },
  { sizes: [3, 18, 19, 3, 3, 3, 1, 1], out: 8, beta: 0.5 },
  { sizes: [2, 9, 9, 8, 1, 1, 2, 2], out: 33, beta: 1 },
  // more columns than a block of B, more rows than a block of A
  { sizes: [1, 4, 4, 100, 3, 3, 1, 1], out: 101, transW: 1 },
  { sizes: [1, 3, 3, 2, 2, 2, 1, 1], out: 769 },
  { sizes: [0, 3, 3, 2, 2, 2, 1, 1], out: 3 },
];

function outputOf([, height, width, , kh, kw, strideH, strideW]: WindowSizes, pad: readonly number[] = [0, 0]) {
  const size = (length: number, k: number, stride: number): number => Math.floor((length - k) / stride) + 1;
  return [size(height + 2 * pad[0]!, kh, strideH), size(width + 2 * pad[1]!, kw, strideW)] as const;
}

function results(engine: 'wasm' | 'typescript', dtype: Dtype, given: Case, deterministic: boolean) {
  const { sizes, out: n, alpha = 1, beta = 0, transW = 0, pad = [0, 0] } = given;
  const [batch, height, width, channels, kh, kw] = sizes;
  const [oh, ow] = outputOf(sizes);
  const [m, k] = [batch * oh * ow, kh * kw * channels];
  const [ph, pw] = outputOf(sizes, pad);
  const pixels = batch * ph * pw;
  const on: Side = side(engine, dtype, 1 << 24, deterministic);
  const { table } = on;
  const put = (length: number, seed: number) => place(on, numbers(length, seed), seed % 3);
  const images = put(batch * height * width * channels, 1);
  const [w, w2, bias] = [put(k * n, 2), put(k * n, 3), put(n, 4)];
  const [g, g2] = [put(m * n, 5), put(m * n, 6)];
  const [wide, wide2] = [put(pixels * n, 7), put(pixels * n, 8)];
  const patches = put(m * k, 9);
  table.im2col(...sizes, 0, 0, oh, ow, images.pointer, patches.pointer);
  const forward = [put(m * n, 10), put(m * n, 10)] as const;
  const act = n % 2 === 0 ? Activation.relu : Activation.tanh;
  const [x, pW, pB] = [images.pointer, w.pointer, bias.pointer];
  table.convolve(...sizes, oh, ow, n, transW, alpha, x, pW, beta, forward[0].pointer, pB, act);
  const ldw = transW === 1 ? k : n;
  table.gemm(0, transW, m, n, k, alpha, patches.pointer, k, pW, ldw, beta, forward[1].pointer, n, pB, act);
  const weights = [put(k * n, 11), put(k * n, 11)] as const;
  table.convolveWeights(...sizes, oh, ow, n, alpha, g.pointer, x, beta, weights[0].pointer);
  table.gemm(1, 0, n, k, m, alpha, g.pointer, n, patches.pointer, k, beta, weights[1].pointer, k, 0, Activation.none);
  const turned = put(pixels * k, 12);
  const input = [0, 1].flatMap((second) => {
    const list = [put(images.values.length, 13), put(images.values.length, 13)] as const;
    const other = second === 1 ? wide2.pointer : 0;
    const flip = transW === 1 ? 0 : 1; // W of the forward pass, the other way round
    if (convolveInputFits(n, k, 1 + second, dtype)) {
      table.convolveInput(
        ...sizes,
        ...pad,
        ph,
        pw,
        n,
        flip,
        alpha,
        wide.pointer,
        pW,
        -1,
        other,
        w2.pointer,
        list[0].pointer,
      );
      const ld = flip === 1 ? n : k;
      table.gemm(0, flip, pixels, k, n, alpha, wide.pointer, n, pW, ld, 0, turned.pointer, k, 0, Activation.none);
      if (second)
        table.gemm(0, flip, pixels, k, n, -1, other, n, w2.pointer, ld, 1, turned.pointer, k, 0, Activation.none);
      table.col2im(...sizes, ...pad, ph, pw, turned.pointer, list[1].pointer);
    }
    return [list];
  });
  const placed = [images, w, w2, bias, g, g2, wide, wide2, ...forward, ...weights, ...input.flat()];
  expect(placed.every((array) => array.intact())).toBe(true);
  return { forward, weights, sum: input[1]!, input: input[0]! };
}

for (const dtype of ['float32', 'float64'] as const) {
  test(`convolutions and their backward passes have the bits of gemm on patches, and of the twin (${dtype})`, () => {
    for (const given of cases) {
      const twin = results('typescript', dtype, given, true);
      for (const wide of [false, true]) {
        tiles.wide = wide;
        const wasm = results('wasm', dtype, given, true);
        for (const key of ['forward', 'weights', 'input', 'sum'] as const) {
          const where = `${key} ${JSON.stringify(given)} wide ${wide}`;
          expect(firstDifference(twin[key][0].values, twin[key][1].values), `twin ${where}`).toBe(-1);
          expect(firstDifference(wasm[key][0].values, wasm[key][1].values), where).toBe(-1);
          expect(firstDifference(wasm[key][0].values, twin[key][0].values), `against the twin ${where}`).toBe(-1);
        }
      }
    }
  });
}

test('the fast flavour computes the same within the rounding of its sums', () => {
  for (const given of cases) {
    tiles.wide = given.out % 2 === 0;
    const [fast, exact] = [results('wasm', 'float32', given, false), results('typescript', 'float32', given, true)];
    for (const key of ['forward', 'weights', 'input', 'sum'] as const) {
      const [x, y] = [fast, exact].map((side) => Float64Array.from(side[key][0].values)) as [
        Float64Array,
        Float64Array,
      ];
      const scale = y.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
      const apart = (z: number): number => y.reduce((most, value, i) => Math.max(most, Math.abs(x[i]! + z - value)), 0);
      expect(apart(0)).toBeLessThan(2e-6 * scale);
      if (y.length > 0) expect(apart(2e-5 * scale)).toBeGreaterThan(2e-6 * scale);
    }
  }
});

test('the limits of the backward pass by the input are those of the scratch', () => {
  expect(convolveInputFits(400, 100, 1, 'float32')).toBe(true);
  expect(convolveInputFits(401, 100, 1, 'float32')).toBe(false);
  expect(convolveInputFits(8, 38400, 1, 'float32')).toBe(true);
  expect(convolveInputFits(8, 38401, 1, 'float32')).toBe(false);
  expect(convolveInputFits(128, 1152, 2, 'float32')).toBe(true);
  expect(convolveInputFits(128, 1152, 2, 'float64')).toBe(false);
  expect(convolveInputFits(256, 2304, 1, 'float32')).toBe(false);
});
