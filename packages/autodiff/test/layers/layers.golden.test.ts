// Oracle: PyTorch's layers and their gradients, in float64. Provenance: test/golden/README.md.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as ad from '../everything.js';
import type { DataArray, Tensor } from '../everything.js';

interface Numbers {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface Case {
  readonly op: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly args: readonly Numbers[];
  readonly output: Numbers;
  readonly gradients: readonly Numbers[];
}

interface Golden {
  readonly cases: readonly Case[];
  readonly running: { readonly batches: readonly number[][]; readonly mean: number[]; readonly variance: number[] };
}

const golden = JSON.parse(readFileSync(new URL('../golden/layers.json', import.meta.url), 'utf8')) as Golden;

type Layer = (options: Readonly<Record<string, unknown>>) => (...args: Tensor[]) => Tensor;
const images =
  (f: (x: Tensor, w: Tensor, options: never) => Tensor): Layer =>
  (options) =>
  (x, w) =>
    f(x, w, { ...options, layout: 'NCHW' } as never);
/** one padding for both axes or one for each, as pairs */
const padded =
  (f: Layer): Layer =>
  ({ padding, ...options }) => {
    const [v, h] = [padding ?? 0].flat() as number[];
    const sides = [
      [v, v],
      [h ?? v, h ?? v],
    ];
    return f({ ...options, padding: sides });
  };
const activation =
  (f: (x: Tensor) => Tensor): Layer =>
  () =>
  (x) =>
    f(x);

const layers: Readonly<Record<string, Layer>> = {
  conv2d: padded(images(ad.conv2d)),
  conv1d: (options) => (x, w) => ad.conv1d(x, w, { ...options, layout: 'NCL' }),
  convTranspose2d: padded(images(ad.convTranspose2d)),
  maxPool2d: (options) => (x) => ad.maxPool2d(x, { ...options, layout: 'NCHW' } as never),
  averagePool2d: (options) => (x) => ad.averagePool2d(x, { ...options, layout: 'NCHW' } as never),
  batchNormTraining: () => (x, scale, shift) => ad.batchNormTraining(x, { scale, shift, axis: 1 }).output,
  batchNorm: (options) => (x, scale, shift) => {
    const [mean, variance] = [options.mean, options.variance].map((numbers) =>
      ad.constant(Float64Array.from(numbers as number[])),
    );
    return ad.batchNorm(x, { mean, variance, scale, shift, axis: 1 });
  },
  layerNorm: (options) => (x, scale, shift) => ad.layerNorm(x, { ...options, scale, shift }),
  groupNorm:
    ({ groups }) =>
    (x, scale, shift) =>
      ad.groupNorm(x, groups as number, { scale, shift, axis: 1 }),
  instanceNorm: () => (x, scale, shift) => ad.instanceNorm(x, { scale, shift, axis: 1 }),
  attention: (options) => (q, k, v) => ad.attention(q, k, v, options),
  leakyRelu: activation((x) => ad.leakyRelu(x)),
  elu: activation((x) => ad.elu(x)),
  selu: activation(ad.selu),
  celu: activation((x) => ad.celu(x)),
  hardSigmoid: activation((x) => ad.hardSigmoid(x)),
  hardSwish: activation(ad.hardSwish),
  softsign: activation(ad.softsign),
  mish: activation(ad.mish),
  prelu: () => ad.prelu,
};

/** largest difference beside the largest entry */
function distance(got: ArrayLike<number>, expected: readonly number[]): number {
  if (got.length !== expected.length) return Infinity;
  const scale = expected.reduce((most, x) => Math.max(most, Math.abs(x)), 1e-300);
  return expected.reduce((most, x, i) => Math.max(most, Math.abs(got[i] - x)), 0) / scale;
}

describe('layers agree with PyTorch', () => {
  it.each(golden.cases.map((c, i) => [`${i} ${c.op} ${JSON.stringify(c.options)}`, c] as const))('%s', (_, c) => {
    const tol = c.op.startsWith('hard') ? 1e-7 : 1e-12;
    const f = layers[c.op](c.options);
    const specs = c.args.map(({ shape }) => ad.float64(...shape));
    const data = c.args.map(({ data: numbers }) => Float64Array.from(numbers));
    const { program } = ad.trace(f, specs as never);
    expect(program.values[program.outputs[0]].shape).toEqual(c.output.shape);
    const value = ad.compile(f as never, specs as never) as unknown as (...a: DataArray[]) => DataArray;
    expect(distance(value(...data), c.output.data)).toBeLessThan(tol);
    const loss = (...args: Tensor[]): Tensor => ad.mul(1 / 3, ad.sum(ad.pow(f(...args), 3)));
    const slopes = ad.compile(ad.grad(loss, { argnums: specs.map((__, i) => i) }) as never, specs as never);
    const gradients = [(slopes as unknown as (...a: DataArray[]) => DataArray[])(...data)].flat() as DataArray[];
    c.gradients.forEach((gradient, i) => expect(distance(gradients[i], gradient.data)).toBeLessThan(tol));
    // ten tolerances away is too far
    const moved = c.output.data.map((x) => x + 10 * tol * Math.max(...c.output.data.map(Math.abs)));
    expect(distance(value(...data), moved)).toBeGreaterThan(tol);
  });

  it('running statistics: the mean, and the unbiased variance, at momentum 0.1', () => {
    const step = ad.compile((x: Tensor) => ad.batchNormTraining(x), [ad.float64(5, 3)]);
    const running = { mean: [0, 0, 0], variance: [1, 1, 1] };
    for (const batch of golden.running.batches) {
      const { mean, unbiasedVariance } = step(Float64Array.from(batch)) as unknown as Record<string, Float64Array>;
      running.mean = running.mean.map((m, c) => 0.9 * m + 0.1 * mean[c]);
      running.variance = running.variance.map((v, c) => 0.9 * v + 0.1 * unbiasedVariance[c]);
    }
    expect(distance(running.mean, golden.running.mean)).toBeLessThan(1e-14);
    expect(distance(running.variance, golden.running.variance)).toBeLessThan(1e-14);
  });
});
