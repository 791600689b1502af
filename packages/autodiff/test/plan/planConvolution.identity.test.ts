// Oracle: the interpreter, which writes every patch; and the list of kernels that a plan runs.
import { describe, expect, it } from 'vitest';
import {
  add,
  conv2d,
  evaluate,
  float32,
  float64,
  grad,
  jvp,
  matmul,
  plan,
  relu,
  reshape,
  simplify,
  square,
  sub,
  sum,
  tanh,
  trace,
  transpose,
  vmap,
  type ConvolutionOptions,
  type Program,
  type Spec,
  type Tensor,
} from '../everything.js';
import { apply } from '../../src/trace/apply.js';
import { differences, run } from './plannedRun.js';

const kernels = (program: Program): string[] =>
  plan(program).steps.flatMap(({ instructions }) =>
    instructions.flatMap(({ kernel, args }) => {
      if (kernel.startsWith('unary') || kernel.startsWith('binary') || kernel === 'transpose') return [];
      // patches of one row and the whole width are images with their padding
      return kernel === 'im2col' && args[4] === 1 && args[11] === 1 ? ['padding'] : [kernel];
    }),
  );

const wave = (length: number, seed: number): Float64Array =>
  Float64Array.from({ length }, (_, i) => Math.sin(1.7 * i + seed) + 0.1 * Math.cos(0.3 * i * seed));

function check(program: Program): void {
  const inputs = program.inputs.map((value, i) => {
    const { shape, dtype } = program.values[value]!;
    const data = wave(
      shape.reduce((a, b) => a * b, 1),
      i + 1,
    );
    return dtype === 'float32' ? Float32Array.from(data) : data;
  });
  for (const engine of ['typescript', 'wasm'] as const) {
    expect(differences(run(program, inputs, { engine }), evaluate(program, inputs))).toEqual([]);
  }
}

const traced = (f: (...xs: Tensor[]) => unknown, specs: readonly Spec[]): Program =>
  simplify(trace(f as never, specs).program);
const shapes = [
  [2, 6, 5, 3],
  [4, 3, 3, 2],
  [4, 4, 1, 3],
] as const;
const [x, w, w2] = shapes.map((shape) => float64(...shape)) as [Spec, Spec, Spec];
const bias = float64(4);

const geometries: readonly [string, ConvolutionOptions][] = [
  ['of one step', {}],
  ['with padding', { padding: 'same' }],
  ['of two steps, which leave a row of the images out', { stride: 2 }],
  [
    'with padding at the ends alone',
    {
      padding: [
        [0, 1],
        [0, 2],
      ],
    },
  ],
  [
    'with uneven padding and steps',
    {
      stride: [1, 2],
      padding: [
        [0, 2],
        [1, 0],
      ],
    },
  ],
];

describe('a convolution', () => {
  it('reads patches where they lie, with bias and activation', () => {
    const layer = (x: Tensor, w: Tensor, b: Tensor): Tensor => relu(add(conv2d(x, w), b));
    const program = traced(layer, [x, w, bias]);
    expect(kernels(program)).toEqual(['convolve']);
    check(program);
    const padded = traced((x, w, b) => tanh(add(conv2d(x, w, { padding: 1, stride: [2, 1] }), b)), [x, w, bias]);
    expect(kernels(padded)).toEqual(['padding', 'convolve']);
    check(padded);
  });

  it.each(geometries)('and its gradients write no patches: %s', (_, options) => {
    const loss = (x: Tensor, w: Tensor): Tensor => sum(square(conv2d(x, w, options)));
    const program = traced(grad(loss, { argnums: [0, 1] }), [x, w]);
    const found = kernels(program).filter((name) => name !== 'padding');
    expect(found.toSorted()).toEqual(['convolve', 'convolveInput', 'convolveWeights']);
    check(program);
  });

  it.each(geometries)('and products with the Hessian of two layers write none: %s', (_, options) => {
    const loss = (w: Tensor, w2: Tensor, x: Tensor): Tensor =>
      sum(tanh(conv2d(tanh(conv2d(x, w, options)), w2, { padding: 1 })));
    const gradient = (w: Tensor, w2: Tensor, x: Tensor): unknown =>
      grad((w: Tensor, w2: Tensor) => loss(w, w2, x), { argnums: [0, 1] })(w, w2);
    const product = (w: Tensor, w2: Tensor, x: Tensor, v: Tensor, v2: Tensor): unknown =>
      jvp((w: Tensor, w2: Tensor) => gradient(w, w2, x) as Tensor[])([w, w2], [v, v2])[1];
    const program = traced(product as never, [w, w2, x, w, w2]);
    const found = kernels(program);
    expect(found).not.toContain('im2col');
    expect(found).not.toContain('col2im');
    check(program);
  });

  it('whose patches are wanted as they are, or turned, or are one row writes them', () => {
    const window = { batch: 2, height: 3, width: 3, channels: 2, kh: 2, kw: 2, strideH: 1, strideW: 1 };
    const all = { ...window, padTop: 0, padLeft: 0, oh: 2, ow: 2 };
    const patches = (y: Tensor): Tensor => apply('im2col', [y], { window: all });
    const images = float64(2, 3, 3, 2);
    check(traced((y, m) => [patches(y), matmul(patches(y), m)] as never, [images, float64(8, 3)]));
    check(traced((y, m) => matmul(m, transpose(patches(y), [1, 0])), [images, float64(3, 8)]));
    check(traced((y) => matmul(transpose(patches(y), [1, 0]), patches(y)), [images]));
    check(traced((y, w) => conv2d(y, w), [float64(1, 3, 3, 2), float64(3, 2, 3, 3)]));
    check(traced((y, w) => conv2d(y, w), [images, float64(1, 2, 2, 2)]));
    // what folds back into images is more than products, or used once more
    const fold = (p: Tensor): Tensor => apply('col2im', [p], { window: all });
    const [g, m] = [float64(8, 3), float64(3, 8)];
    check(traced((g, m, b) => fold(add(matmul(g, m), b)), [g, m, float64(8)]));
    check(
      traced(
        (g, m) => {
          const product = matmul(g, m);
          return [fold(product), tanh(product)] as never;
        },
        [g, m],
      ),
    );
    check(traced((g, m) => fold(add(add(matmul(g, m), matmul(tanh(g), m)), matmul(square(g), m))), [g, m]));
    check(traced((g, m) => fold(sub(matmul(g, m), matmul(tanh(g), m))), [g, m]));
    // sums too long for the scratch of the kernel
    check(traced((g, m) => fold(matmul(g, m)), [float64(8, 401), float64(401, 8)]));
  });

  it('of each of many examples has gradients of its own', () => {
    const loss = (w: Tensor, x: Tensor): Tensor => sum(square(conv2d(reshape(x, [1, 6, 5, 3]), w)));
    check(traced(vmap(grad(loss), [false, true]), [w, x]));
  });

  it('takes less memory than patches alone would', () => {
    const loss = (x: Tensor, w: Tensor): Tensor => sum(square(conv2d(x, w, { padding: 1 })));
    const program = traced(grad(loss, { argnums: [0, 1] }), [float32(8, 14, 14, 16), float32(16, 16, 3, 3)]);
    expect(plan(program).layout.total).toBeLessThan(4 * 8 * 14 * 14 * 16 * 9);
  });
});
