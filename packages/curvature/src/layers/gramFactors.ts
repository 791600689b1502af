import {
  type Tensor,
  add,
  concatenate,
  constant,
  full,
  grad,
  matmul,
  mul,
  reshape,
  slice,
  sum,
  transpose,
  vmap,
} from '@hyperribbon/autodiff';
import { floatArray } from '@hyperribbon/contract';
import type { Dtype } from '@hyperribbon/kernels';
import { type Network, networkProgram, type ParameterTensors } from '@hyperribbon/nn';
import type { GramTerm } from './gramTerms.js';

/** k numbers (batch, k) of every example, from its logits and its label or targets. */
export type ExampleNumbers = (logits: Tensor, answers: Tensor) => Tensor;

/**
 * What terms of a Gram matrix keep of a batch: for each of their `stored`, one tensor with the numbers of an example side by side.
 *
 * Cotangents of all k numbers go back at once. By map, with x the rows that enter and δ what comes back to its outputs: x and δ themselves,
 * or Σ_p δ_p x_pᵀ for columns, of an example (k, outputs, inputs) with the sums Σ_p δ_p of the bias behind.
 */
export function gramFactors(
  network: Network,
  numbers: ExampleNumbers,
  k: number,
  terms: readonly GramTerm[],
  { batch, dtype }: { readonly batch: number; readonly dtype: Dtype },
): (weights: ParameterTensors, x: Tensor, answers: Tensor) => readonly Tensor[] {
  const program = networkProgram(network, batch, dtype);
  return (weights, x, answers) => {
    const { taps } = program.run(weights, x);
    const zeros = taps.map(({ output }) => full(output.shape, 0, dtype));
    const back = (cotangent: Tensor): readonly Tensor[] =>
      grad((moved: readonly Tensor[]) => {
        const { logits } = program.run(weights, x, ({ output }, i) => add(output, moved[i]));
        return sum(mul(numbers(logits, answers), cotangent));
      })(zeros);
    const needed = terms.some(({ kind }) => kind !== 'others');
    // δ (k, batch · positions, outputs) of every map
    const deltas = needed ? vmap(back)(units(batch, k, dtype)) : [];
    const own = [...new Set(terms.flatMap((term) => (term.kind === 'others' ? [term.name] : [])))];
    const formed = own.length === 0 ? {} : gradientsOf(network, numbers, { weights, own, k }, x, answers);
    return terms.flatMap((term): readonly Tensor[] => {
      if (term.kind === 'others') return [slice(formed[term.name], [0, 0, term.from], [batch, k, term.to])];
      const { positions: P, outputs } = program.maps[term.map];
      const width = term.to - term.from;
      // (batch, k, P, width)
      const delta = transpose(
        slice(reshape(deltas[term.map], [k, batch, P, outputs]), [0, 0, 0, term.from], [k, batch, P, term.to]),
        [1, 0, 2, 3],
      );
      const { input } = taps[term.map];
      return term.kind === 'columns' ? [columns(delta, input, term.bias, [batch, k, P, width])] : [input, delta];
    });
  };
}

/** (batch, k, width · inputs (+ width)) from δ (batch, k, P, width) and x (batch · P, inputs). */
function columns(
  delta: Tensor,
  input: Tensor,
  bias: boolean,
  [batch, k, P, width]: readonly [number, number, number, number],
): Tensor {
  const inputs = input.shape[1];
  const left = reshape(transpose(delta, [0, 1, 3, 2]), [batch, k * width, P]);
  const ofWeights = reshape(matmul(left, reshape(input, [batch, P, inputs])), [batch, k, width * inputs]);
  return bias ? concatenate([ofWeights, sum(delta, [2])], 2) : ofWeights;
}

interface Formed {
  readonly weights: ParameterTensors;
  /** names of the parameters whose gradients are wanted */
  readonly own: readonly string[];
  readonly k: number;
}

/** Gradients (batch, k, length) of every number of every example by parameters. */
function gradientsOf(
  network: Network,
  numbers: ExampleNumbers,
  { weights, own, k }: Formed,
  x: Tensor,
  answers: Tensor,
): Readonly<Record<string, Tensor>> {
  const values = Object.fromEntries(own.map((name) => [name, weights[name]]));
  const ofOne = (cotangent: Tensor, features: Tensor, answer: Tensor): ParameterTensors =>
    grad((some: ParameterTensors) => {
      const logits = network.apply({ ...weights, ...some }, reshape(features, [1, -1]));
      return sum(mul(numbers(logits, reshape(answer, [1, ...answer.shape])), cotangent));
    })(values);
  const found = vmap((cotangent: Tensor) =>
    vmap((features: Tensor, answer: Tensor) => ofOne(cotangent, features, answer))(x, answers),
  )(units(1, k, x.dtype as Dtype));
  return Object.fromEntries(own.map((name) => [name, transpose(reshape(found[name], [k, x.shape[0], -1]), [1, 0, 2])]));
}

/** (k, batch, k): the c-th has ones in column c. */
function units(batch: number, k: number, dtype: Dtype): Tensor {
  const ones = floatArray(dtype, k * batch * k);
  for (let c = 0; c < k; c++) for (let i = 0; i < batch; i++) ones[(c * batch + i) * k + c] = 1;
  return constant(ones, [k, batch, k]);
}
