import { describe, expect, test } from 'vitest';
import { createWorkspace, type BinaryName, type Dtype, type UnaryName, type Workspace } from '@hyperribbon/kernels';
import { hardNumbers, tameNumbers } from './seeded.js';

const SIZES = [0, 1, 2, 3, 4, 5, 7, 9, 11, 19, 257];
const GUARD = 12345.5;

interface Engine {
  readonly space: Workspace;
  readonly base: number;
}

const engines = (): readonly [Engine, Engine] =>
  [
    createWorkspace({ bytes: 1 << 20, deterministic: true, engine: 'wasm' }),
    createWorkspace({ bytes: 1 << 20, engine: 'typescript' }),
  ].map((space) => ({ space, base: space.allocate(1 << 19) })) as unknown as [Engine, Engine];
const [wasm, twin] = engines();

/**
 * Runs one kernel on both engines over the same memory picture and demands the same picture afterwards: every element,
 * guard words included. Places are counted in elements, each array starts at an odd one so that nothing is aligned.
 */
function sameMemory(
  dtype: Dtype,
  lengths: readonly number[],
  fill: (slot: number, length: number) => readonly number[],
  run: (table: Workspace['float64'], pointers: readonly number[]) => unknown,
): void {
  const size = dtype === 'float32' ? 4 : 8;
  const view = (engine: Engine, total: number) =>
    dtype === 'float32' ? engine.space.float32View(engine.base, total) : engine.space.float64View(engine.base, total);
  const places: number[] = [];
  let total = 3;
  for (const length of lengths) {
    places.push(total);
    total += length + 3;
  }
  const pictures = [wasm, twin].map((engine) => {
    const memory = view(engine, total);
    memory.fill(GUARD);
    lengths.forEach((length, slot) => memory.set(fill(slot, length), places[slot]!));
    const pointers = places.map((place) => engine.base + place * size);
    const result = run(engine.space[dtype], pointers);
    return { memory: Array.from(memory), result };
  });
  const [a, b] = pictures as [(typeof pictures)[0], (typeof pictures)[0]];
  expect(Object.is(a.result, b.result)).toBe(true);
  for (let i = 0; i < total; i++) {
    if (!Object.is(a.memory[i], b.memory[i])) {
      expect.fail(`${dtype} lengths ${lengths.join(',')} element ${i}: wasm ${a.memory[i]}, twin ${b.memory[i]}`);
    }
  }
  // the guards: three words before, between and behind the arrays
  let at = 0;
  for (const [slot, place] of places.entries()) {
    for (; at < place; at++) expect(a.memory[at]).toBe(GUARD);
    at += lengths[slot]!;
  }
  for (; at < total; at++) expect(a.memory[at]).toBe(GUARD);
}

const hard = (slot: number, length: number): readonly number[] => hardNumbers(length, 977 * slot + length);
const tame = (slot: number, length: number): readonly number[] => tameNumbers(length, 977 * slot + length);

describe.each(['float32', 'float64'] as const)('wasm and twin return the same bits, %s', (dtype) => {
  test.each(Object.keys(wasm.space.float64.unary) as UnaryName[])('unary %s', (name) => {
    for (const n of SIZES) {
      sameMemory(dtype, [n, n], hard, (table, [x, out]) => table.unary[name](n, x!, out!));
      sameMemory(dtype, [n], hard, (table, [x]) => table.unary[name](n, x!, x!));
    }
    sameMemory(dtype, [3000, 3000], hard, (table, [x, out]) => table.unary[name](3000, x!, out!));
  });

  test.each(Object.keys(wasm.space.float64.binary) as BinaryName[])('binary %s and its four variants', (name) => {
    for (const n of SIZES) {
      sameMemory(dtype, [n, n, n], hard, (table, [x, y, out]) => table.binary[name](n, x!, y!, out!));
      sameMemory(dtype, [n, n], hard, (table, [x, y]) => table.binary[name](n, x!, y!, x!));
      for (const alpha of [0.1, -0, NaN]) {
        sameMemory(dtype, [n, n], hard, (table, [x, out]) => table.binaryScalar[name](n, x!, alpha, out!));
        sameMemory(dtype, [n, n], hard, (table, [x, out]) => table.scalarBinary[name](n, alpha, x!, out!));
      }
      for (const m of [0, 1, 3]) {
        sameMemory(dtype, [m * n, n, m * n], hard, (table, [x, y, out]) => table.binaryRow[name](m, n, x!, y!, out!));
        sameMemory(dtype, [m * n, m, m * n], hard, (table, [x, y, out]) =>
          table.binaryColumn[name](m, n, x!, y!, out!),
        );
      }
    }
    // rows of whole blocks, more of them than a block is high; columns of one
    for (const [m, n] of [
      [70, 16],
      [33, 64],
      [3, 128],
      [67, 1],
    ] as const) {
      sameMemory(dtype, [m * n, n, m * n], hard, (table, [x, y, out]) => table.binaryRow[name](m, n, x!, y!, out!));
      sameMemory(dtype, [m * n, n], hard, (table, [x, y]) => table.binaryRow[name](m, n, x!, y!, x!));
      sameMemory(dtype, [m * n, m], hard, (table, [x, y]) => table.binaryColumn[name](m, n, x!, y!, x!));
    }
  });

  test('multiplyAdd and select', () => {
    for (const n of SIZES) {
      sameMemory(dtype, [n, n, n, n], hard, (table, [x, y, z, out]) => table.multiplyAdd(n, x!, y!, z!, out!));
      sameMemory(dtype, [n, n, n], hard, (table, [x, y, z]) => table.multiplyAdd(n, x!, y!, z!, z!));
      const mask = (slot: number, length: number): readonly number[] =>
        slot === 0 ? hard(slot, length).map((v, i) => (i % 3 === 0 ? 0 : i % 3 === 1 ? -0 : v)) : hard(slot, length);
      sameMemory(dtype, [n, n, n, n], mask, (table, [c, x, y, out]) => table.select(n, c!, x!, y!, out!));
    }
  });

  const reductions = ['sumRows', 'maxRows', 'logSumExpRows', 'argmaxRows'] as const;
  test.each(reductions)('%s', (name) => {
    for (const n of [...SIZES, 1023, 1027, 2051]) {
      for (const m of [0, 1, 3]) {
        for (const fill of [hard, tame]) {
          sameMemory(dtype, [m * n, m], fill, (table, [x, out]) => table[name](m, n, x!, out!));
        }
      }
    }
  });

  test.each(['softmaxRows', 'logSoftmaxRows'] as const)('%s', (name) => {
    for (const n of [...SIZES, 1027, 2051]) {
      for (const m of [0, 1, 3]) {
        for (const fill of [hard, tame]) {
          sameMemory(dtype, [m * n, m * n], fill, (table, [x, out]) => table[name](m, n, x!, out!));
          sameMemory(dtype, [m * n], fill, (table, [x]) => table[name](m, n, x!, x!));
        }
      }
    }
  });

  test('transposeRuns', () => {
    for (const run of SIZES) {
      for (const [m, n] of [
        [0, 3],
        [1, 4],
        [3, 2],
        [5, 7],
      ] as const) {
        const size = m * n * run;
        sameMemory(dtype, [size, size], hard, (table, [x, out]) => table.transposeRuns(m, n, run, x!, out!));
      }
    }
  });

  test('sumColumns, dotRows, transpose', () => {
    for (const n of SIZES) {
      for (const m of [0, 1, 2, 3, 4, 5, 66]) {
        for (const fill of [hard, tame]) {
          sameMemory(dtype, [m * n, n], fill, (table, [x, out]) => table.sumColumns(m, n, x!, out!));
          sameMemory(dtype, [m * n, m * n, m], fill, (table, [x, y, out]) => table.dotRows(m, n, x!, y!, out!));
        }
        sameMemory(dtype, [m * n, n * m], hard, (table, [x, out]) => table.transpose(m, n, x!, out!));
      }
    }
  });

  test('im2col, col2im with strides, padding and windows larger than the image', () => {
    for (const [b, h, w, c, kh, kw, sh, sw, top, left] of [
      [2, 5, 6, 3, 3, 3, 1, 1, 1, 1],
      [1, 7, 7, 1, 5, 5, 1, 1, 0, 0],
      [1, 8, 5, 2, 2, 3, 2, 2, 0, 2],
      [2, 3, 2, 5, 3, 3, 1, 2, 2, 2],
      [1, 2, 2, 1, 7, 7, 1, 1, 3, 3],
    ] as const) {
      const oh = Math.floor((h + 2 * top - kh) / sh) + 1;
      const ow = Math.floor((w + 2 * left - kw) / sw) + 1;
      const [image, patches] = [b * h * w * c, b * oh * ow * kh * kw * c];
      sameMemory(dtype, [image, patches], tame, (table, [x, out]) =>
        table.im2col(b, h, w, c, kh, kw, sh, sw, top, left, oh, ow, x!, out!),
      );
      sameMemory(dtype, [patches, image], tame, (table, [x, out]) =>
        table.col2im(b, h, w, c, kh, kw, sh, sw, top, left, oh, ow, x!, out!),
      );
    }
  });

  test('depthwise convolution and its transposes, with gaps, padding and windows larger than the image', () => {
    for (const [b, h, w, c, kh, kw, sh, sw, top, left, dh, dw] of [
      [2, 5, 6, 3, 3, 3, 1, 1, 1, 1, 1, 1],
      [1, 7, 7, 37, 3, 3, 2, 2, 1, 1, 1, 1],
      [2, 8, 5, 16, 2, 3, 2, 1, 0, 2, 2, 1],
      [2, 3, 2, 5, 3, 3, 1, 2, 2, 2, 1, 2],
      [1, 2, 2, 1, 7, 7, 1, 1, 3, 3, 1, 1],
      [1, 1, 1, 4, 2, 2, 3, 3, 4, 4, 4, 4],
      [0, 4, 4, 4, 3, 3, 1, 1, 1, 1, 1, 1],
    ] as const) {
      const oh = Math.floor((h + 2 * top - (kh - 1) * dh - 1) / sh) + 1;
      const ow = Math.floor((w + 2 * left - (kw - 1) * dw - 1) / sw) + 1;
      const sizes = [b, h, w, c, kh, kw, sh, sw, top, left, dh, dw, oh, ow] as const;
      const [image, weights, output] = [b * h * w * c, kh * kw * c, b * oh * ow * c];
      sameMemory(dtype, [image, weights, output], tame, (table, [x, y, out]) =>
        table.depthwise(...sizes, x!, y!, out!),
      );
      sameMemory(dtype, [output, weights, image], tame, (table, [x, y, out]) =>
        table.depthwiseInput(...sizes, x!, y!, out!),
      );
      sameMemory(dtype, [image, output, weights], tame, (table, [x, y, out]) =>
        table.depthwiseWeights(...sizes, x!, y!, out!),
      );
    }
  });

  test('average pooling and its transpose, overlapping and cropped windows', () => {
    for (const [b, h, w, c, kh, kw, sh, sw] of [
      [2, 4, 6, 6, 2, 2, 2, 2],
      [1, 5, 7, 1, 2, 3, 2, 2],
      [3, 5, 5, 5, 3, 3, 1, 1],
      [1, 2, 2, 3, 3, 3, 1, 1],
    ] as const) {
      const oh = h < kh ? 0 : Math.floor((h - kh) / sh) + 1;
      const ow = w < kw ? 0 : Math.floor((w - kw) / sw) + 1;
      const [image, pooled] = [b * h * w * c, b * oh * ow * c];
      sameMemory(dtype, [image, pooled], tame, (table, [x, out]) =>
        table.averagePool(b, h, w, c, kh, kw, sh, sw, x!, out!),
      );
      sameMemory(dtype, [pooled, image], tame, (table, [x, out]) =>
        table.averageUnpool(b, h, w, c, kh, kw, sh, sw, x!, out!),
      );
    }
  });
});

test('the comparison sees one wrong bit', () => {
  expect(() =>
    sameMemory('float64', [5], tame, (table, [x]) =>
      table.scale(5, table === wasm.space.float64 ? 1 : 1 + 2 ** -52, x!),
    ),
  ).toThrow(/element/);
  expect(() => sameMemory('float64', [5], tame, (table, [x]) => table.fill(6, 1, x!))).toThrow();
});
