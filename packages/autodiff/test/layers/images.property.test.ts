// Oracle: the definitions in plain loops, on whole numbers, whose sums are exact in any order. Random geometry: one pixel, windows larger
// than the image, strides larger than the window, uneven borders, gaps, groups.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as ad from '../everything.js';
import type { DataArray, Tensor } from '../everything.js';

const geometry = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  height: fc.integer({ min: 1, max: 7 }),
  width: fc.integer({ min: 1, max: 6 }),
  kh: fc.integer({ min: 1, max: 3 }),
  kw: fc.integer({ min: 1, max: 4 }),
  strideH: fc.integer({ min: 1, max: 4 }),
  strideW: fc.integer({ min: 1, max: 3 }),
  dilationH: fc.integer({ min: 1, max: 3 }),
  dilationW: fc.integer({ min: 1, max: 2 }),
  top: fc.integer({ min: 0, max: 3 }),
  bottom: fc.integer({ min: 0, max: 2 }),
  left: fc.integer({ min: 0, max: 2 }),
  right: fc.integer({ min: 0, max: 3 }),
  groups: fc.integer({ min: 1, max: 4 }),
  share: fc.integer({ min: 1, max: 3 }),
  outputs: fc.integer({ min: 1, max: 3 }),
  channelsFirst: fc.boolean(),
  ceil: fc.boolean(),
});
type Geometry = typeof geometry extends fc.Arbitrary<infer T> ? T : never;

const numbers = (count: number, start: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => (((i + start) * 37 + 5) % 19) - 9);
/** the function by the planned executor; numbers in NHWC whatever the layout */
function planned(f: (...args: never[]) => Tensor, specs: readonly number[][], data: readonly DataArray[]): number[] {
  const run = ad.compile(f as never, specs.map((shape) => ad.float64(...shape)) as never) as unknown as (
    ...args: readonly DataArray[]
  ) => DataArray;
  return [...run(...data)];
}
const reach = (kernel: number, dilation: number): number => (kernel - 1) * dilation + 1;
const plus = (values: readonly number[]): number[] => values.map((v) => v + 0);

test('convolutions by groups, and their gradients by images and weights', () => {
  fc.assert(
    fc.property(geometry, (g) => {
      const { batch, height, width, kh, kw, groups, share, outputs } = g;
      const [channels, out] = [groups * share, groups * outputs];
      const oh = Math.floor((height + g.top + g.bottom - reach(kh, g.dilationH)) / g.strideH) + 1;
      const ow = Math.floor((width + g.left + g.right - reach(kw, g.dilationW)) / g.strideW) + 1;
      if (oh < 1 || ow < 1) return;
      const x = numbers(batch * height * width * channels, 1);
      const w = numbers(out * share * kh * kw, 2);
      const y = numbers(batch * oh * ow * out, 3);
      const [forth, byImage, byWeights] = [y, x, w].map((array) => array.map(() => 0));
      for (let n = 0; n < batch; n++)
        for (let i = 0; i < oh; i++)
          for (let j = 0; j < ow; j++)
            for (let o = 0; o < out; o++)
              for (let c = 0; c < share; c++)
                for (let a = 0; a < kh; a++)
                  for (let b = 0; b < kw; b++) {
                    const [row, column] = [
                      i * g.strideH + a * g.dilationH - g.top,
                      j * g.strideW + b * g.dilationW - g.left,
                    ];
                    if (row < 0 || row >= height || column < 0 || column >= width) continue;
                    const channel = Math.floor(o / outputs) * share + c;
                    const image = ((n * height + row) * width + column) * channels + channel;
                    const weight = ((o * share + c) * kh + a) * kw + b;
                    const pixel = ((n * oh + i) * ow + j) * out + o;
                    forth[pixel] += x[image] * w[weight];
                    byImage[image] += y[pixel] * w[weight];
                    byWeights[weight] += y[pixel] * x[image];
                  }
      const options = {
        stride: [g.strideH, g.strideW],
        dilation: [g.dilationH, g.dilationW],
        padding: [
          [g.top, g.bottom],
          [g.left, g.right],
        ],
        groups,
      } as const;
      const f = (image: Tensor, weights: Tensor): Tensor => {
        if (!g.channelsFirst) return ad.conv2d(image, weights, options);
        const first = ad.conv2d(ad.transpose(image, [0, 3, 1, 2]), weights, { ...options, layout: 'NCHW' });
        return ad.transpose(first, [0, 2, 3, 1]);
      };
      const shapes = [
        [batch, height, width, channels],
        [out, share, kh, kw],
      ];
      const loss = (a: Tensor, b: Tensor, c: Tensor): Tensor => ad.dot(f(a, b), c);
      const all = [...shapes, [batch, oh, ow, out]];
      expect(plus(planned(f as never, shapes, [x, w]))).toEqual(plus([...forth]));
      expect(plus(planned(ad.grad(loss) as never, all, [x, w, y]))).toEqual(plus([...byImage]));
      expect(plus(planned(ad.grad(loss, { argnums: 1 }) as never, all, [x, w, y]))).toEqual(plus([...byWeights]));
    }),
    { seed: 5, numRuns: 80 },
  );
});

/** [first, end) of the windows of a pooling along one axis, by PyTorch's rules */
function windows(
  length: number,
  kernel: number,
  g: { stride: number; dilation: number; before: number; after: number; ceil: boolean },
): number[] {
  const room = (length + g.before + g.after - reach(kernel, g.dilation)) / g.stride;
  let count = (g.ceil ? Math.ceil(room) : Math.floor(room)) + 1;
  if (g.ceil && (count - 1) * g.stride >= length + g.before) count--;
  return Array.from({ length: Math.max(0, count) }, (_, i) => i * g.stride - g.before);
}

describe('pooling', () => {
  const pools = (
    check: (g: Geometry, rows: number[], columns: number[], x: Float64Array) => void,
    dilated: boolean,
  ): void =>
    fc.assert(
      fc.property(geometry, (given) => {
        const g = dilated ? given : { ...given, dilationH: 1, dilationW: 1 };
        const [reachH, reachW] = [reach(g.kh, g.dilationH), reach(g.kw, g.dilationW)];
        const own = {
          ...g,
          top: g.top % reachH,
          bottom: g.bottom % reachH,
          left: g.left % reachW,
          right: g.right % reachW,
        };
        const rows = windows(g.height, g.kh, {
          stride: g.strideH,
          dilation: g.dilationH,
          before: own.top,
          after: own.bottom,
          ceil: g.ceil,
        });
        const columns = windows(g.width, g.kw, {
          stride: g.strideW,
          dilation: g.dilationW,
          before: own.left,
          after: own.right,
          ceil: g.ceil,
        });
        if (rows.length === 0 || columns.length === 0) return;
        check(own, rows, columns, numbers(g.batch * g.height * g.width * g.share, 4));
      }),
      { seed: 6, numRuns: 80 },
    );
  const optionsOf = (g: Geometry) => ({
    size: [g.kh, g.kw] as const,
    stride: [g.strideH, g.strideW] as const,
    padding: [
      [g.top, g.bottom],
      [g.left, g.right],
    ] as const,
    ceil: g.ceil,
  });
  /** what lies under each window, channel by channel, and how many places of it are image or declared padding */
  function under(
    g: Geometry,
    rows: number[],
    columns: number[],
    x: Float64Array,
  ): { seen: number[]; counted: number }[] {
    const found: { seen: number[]; counted: number }[] = [];
    for (let n = 0; n < g.batch; n++)
      for (const top of rows)
        for (const left of columns)
          for (let c = 0; c < g.share; c++) {
            const seen: number[] = [];
            let counted = 0;
            for (let a = 0; a < g.kh; a++)
              for (let b = 0; b < g.kw; b++) {
                const [row, column] = [top + a * g.dilationH, left + b * g.dilationW];
                if (row < g.height + g.bottom && column < g.width + g.right) counted++;
                if (row < 0 || row >= g.height || column < 0 || column >= g.width) continue;
                seen.push(x[((n * g.height + row) * g.width + column) * g.share + c]);
              }
            found.push({ seen, counted });
          }
    return found;
  }
  const shape = (g: Geometry): number[] => [g.batch, g.height, g.width, g.share];

  test('of maxima, with gaps', () => {
    pools((g, rows, columns, x) => {
      const expected = under(g, rows, columns, x).map(({ seen }) => Math.max(...seen));
      const f = (t: Tensor): Tensor => ad.maxPool2d(t, { ...optionsOf(g), dilation: [g.dilationH, g.dilationW] });
      expect(planned(f, [shape(g)], [x])).toEqual(expected);
    }, true);
  });

  test('of means, padding counted and not', () => {
    pools((g, rows, columns, x) => {
      const windowsOf = under(g, rows, columns, x);
      const total = (seen: number[]): number => seen.reduce((sum, v) => sum + v, 0);
      for (const countPadding of [true, false]) {
        const got = planned((t: Tensor) => ad.averagePool2d(t, { ...optionsOf(g), countPadding }), [shape(g)], [x]);
        windowsOf.forEach(({ seen, counted }, i) => {
          const mean = total(seen) / (countPadding ? counted : seen.length);
          expect(Math.abs(got[i] - mean)).toBeLessThan(1e-13);
        });
      }
    }, false);
  });
});
