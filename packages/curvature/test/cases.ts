import {
  type CurvatureOperator,
  type CurvatureOptions,
  fisher,
  gaussNewton,
  hessian,
  logitJacobian,
} from '@hyperribbon/curvature';
import { add, dense, matmul, mul } from '@hyperribbon/autodiff';
import {
  defineNetwork,
  type Examples,
  lenet,
  type Loss,
  mlp,
  type Network,
  softmaxCrossEntropy,
  squaredError,
} from '@hyperribbon/nn';
import { select, smallExamples } from './smallExamples.js';

/** A network at some weights, with data: all that an operator is asked for, small enough to be written out as a matrix. */
export interface Setting {
  readonly network: Network;
  readonly params: Float64Array;
  readonly examples: Examples;
}

/** Skips a layer, has weights without a bias. */
const residual = defineNetwork({
  name: 'residual',
  inputs: 3,
  classes: 3,
  parameters: [
    { name: 'A', shape: [3, 4] },
    { name: 'B', shape: [4, 4] },
    { name: 'b', shape: [4] },
    { name: 'C', shape: [4, 3] },
  ],
  apply: ({ A, B, b, C }, x) => {
    const h = matmul(x, A);
    return matmul(add(h, dense(h, B, b, 'tanh')), C);
  },
});

function setting(network: Network, count: number, scale = 1.5): Setting {
  const params = network.init(5, 'float64').map((x) => scale * x) as Float64Array;
  return { network, params, examples: smallExamples(count, network.inputs, network.classes) };
}

const distinct = setting(mlp([3, 4, 3]), 5);

/** Models, and the data sets on which a silent mistake would show. */
export const settings: Readonly<Record<string, Setting>> = {
  ...Object.fromEntries(
    (['tanh', 'sigmoid', 'gelu', 'softplus', 'linear', 'relu'] as const).map((activation) => [
      activation,
      setting(mlp([4, 5, 3, 3], { activation }), 11),
    ]),
  ),
  'a residual network': setting(residual, 9),
  'a convolutional network': setting(lenet({ channels: [1, 1], hidden: [2], classes: 2 }), 3),
  'one example': setting(mlp([3, 4, 3]), 1),
  'one class': setting(mlp([3, 4, 1]), 6),
  'zero weights': setting(mlp([3, 4, 3]), 7, 0),
  'distinct examples': distinct,
  'the same examples three times': {
    ...distinct,
    examples: select(distinct.examples, [0, 1, 2, 3, 4, 2, 3, 4, 0, 1, 4, 0, 3, 2, 1]),
  },
};

/** A loss that no formula is known for: ½ Σ (z_c⁴ − y_c)². */
export const quartic: Loss = (z, labels) => {
  const squares = mul(z, z);
  return squaredError(mul(squares, squares), labels);
};

/** Losses, with the slope and the second derivative (classes, classes) by the logits of one example. */
export const losses: Readonly<Record<string, { readonly loss: Loss; readonly derivatives: Derivatives }>> = {
  'cross-entropy': {
    loss: softmaxCrossEntropy,
    derivatives: (z, label) => {
      const top = Math.max(...z);
      const e = z.map((x) => Math.exp(x - top));
      const total = e.reduce((sum, x) => sum + x, 0);
      const p = e.map((x) => x / total);
      return {
        slope: p.map((x, c) => x - Number(c === label)),
        curvature: p.map((x, c) => p.map((y, d) => (c === d ? x : 0) - x * y)),
      };
    },
  },
  'squared error': {
    loss: squaredError,
    derivatives: (z, label) => ({
      slope: z.map((x, c) => x - Number(c === label)),
      curvature: z.map((_, c) => z.map((_, d) => Number(c === d))),
    }),
  },
  'a loss of fourth powers': {
    loss: quartic,
    derivatives: (z, label) => ({
      slope: z.map((x, c) => (x ** 4 - Number(c === label)) * 4 * x ** 3),
      curvature: z.map((x, c) =>
        z.map((_, d) => (c === d ? 16 * x ** 6 + (x ** 4 - Number(c === label)) * 12 * x ** 2 : 0)),
      ),
    }),
  },
};

type Derivatives = (
  z: readonly number[],
  label: number,
) => { readonly slope: readonly number[]; readonly curvature: readonly (readonly number[])[] };

export interface OperatorCase {
  readonly build: (setting: Setting, options: CurvatureOptions) => CurvatureOperator;
  readonly semidefinite: boolean;
  /** names of the losses it takes */
  readonly losses: readonly string[];
}

const all = Object.keys(losses);

/** Every operator that there is. */
export const operators: Readonly<Record<string, OperatorCase>> = {
  hessian: {
    build: ({ network, params, examples }, options) => hessian(network, params, examples, options),
    semidefinite: false,
    losses: all,
  },
  gaussNewton: {
    build: ({ network, params, examples }, options) => gaussNewton(network, params, examples, options),
    semidefinite: false,
    losses: all,
  },
  'fisher exact': {
    build: ({ network, params, examples }, options) => fisher(network, params, examples, options),
    semidefinite: true,
    losses: ['cross-entropy', 'squared error'],
  },
  'fisher sampled': {
    build: ({ network, params, examples }, options) =>
      fisher(network, params, examples, { ...options, kind: 'sampled', seed: 2 }),
    semidefinite: true,
    losses: ['cross-entropy'],
  },
  'fisher empirical': {
    build: ({ network, params, examples }, options) =>
      fisher(network, params, examples, { ...options, kind: 'empirical' }),
    semidefinite: true,
    losses: all,
  },
  logitJacobian: {
    build: ({ network, params, examples }, options) => logitJacobian(network, params, examples, options),
    semidefinite: true,
    losses: ['cross-entropy'],
  },
};

export interface Case extends Setting {
  readonly name: string;
  readonly operator: string;
  readonly loss: string;
  readonly build: (options?: CurvatureOptions) => CurvatureOperator;
}

/** Operators × losses × settings. */
export const cases: readonly Case[] = Object.entries(operators).flatMap(([operator, { build, losses: taken }]) =>
  taken.flatMap((loss) =>
    Object.entries(settings).map(([name, at]) => ({
      ...at,
      name: `${operator}, ${loss}, ${name}`,
      operator,
      loss,
      build: (options: CurvatureOptions = {}) =>
        build(at, { dtype: 'float64', chunkSize: 4, loss: losses[loss].loss, ...options }),
    })),
  ),
);
