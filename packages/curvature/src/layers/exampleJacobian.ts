import { type Tensor, float32, float64, jvp, trace, vjp } from '@hyperribbon/autodiff';
import type { LinearizedPlan } from '@hyperribbon/autodiff/chunked';
import { floatArray, requireLength } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import {
  type AnyExamples,
  answersOf,
  type Loss,
  type Network,
  parameterSpecs,
  softmaxCrossEntropy,
  unflatten,
  weightsByName,
  weightsInOrder,
} from '@hyperribbon/nn';
import { type CurvatureOptions, type ResolvedOptions, resolveOptions } from '../curvatureOptions.js';
import { scoped } from '../operators/scoped.js';
import { numberPerExample } from './numberPerExample.js';
import { planWithin } from '../shards/planWithin.js';
import { splitProduct } from '../operators/splitProduct.js';
import { createTreeSum, gatherPieces, scatterPieces } from '@hyperribbon/nn';

export interface ExampleJacobianOptions extends Omit<CurvatureOptions, 'loss' | 'reduction'> {
  /** the number per example: a loss, or a logit by class number. Default {@link softmaxCrossEntropy} */
  readonly of?: Loss | number;
}

/** The matrix J (rows, columns) whose row i is the gradient by the weights of a number of example i; never formed. */
export interface ExampleJacobian {
  /** number of examples */
  readonly rows: number;
  /** number of weights, of those that were chosen */
  readonly columns: number;
  readonly dtype: Dtype;
  /** out (rows,) ← J v, v (columns,) */
  apply(v: FloatArray, out: FloatArray): void;
  /** out (columns,) ← Jᵀ u, u (rows,) */
  applyTransposed(u: FloatArray, out: FloatArray): void;
}

/**
 * The Jacobian of a number per example by the weights, as a rectangular map with its transpose.
 *
 * @param params flat weights (size,)
 * @throws RangeError, TypeError for weights, examples or options that do not fit, and NaN in either
 * Cost: for dense layers about 2·size flops per example and product, either way.
 */
export function exampleJacobian(
  whole: Network,
  wholeParams: FloatArray,
  examples: AnyExamples,
  { of = softmaxCrossEntropy, ...options }: ExampleJacobianOptions = {},
): ExampleJacobian {
  const caller = 'exampleJacobian';
  const resolved = resolveOptions(caller, options);
  const { network, params } = scoped(caller, whole, wholeParams, resolved);
  const scalar = numberPerExample(caller, network, examples, of, resolved);
  const { count } = examples;
  const chunkSize = Math.min(resolved.chunkSize, count);
  const full = Math.floor(count / chunkSize);
  const rest = count % chunkSize;
  const part = (first: number, rows: number, chunks: number): Part =>
    bindPart(network, scalar, params, examples, { first, rows, chunks }, resolved);
  // (batch,) vectors of full chunks and of the last one have different lengths: two bound plans each
  const parts = [part(0, chunkSize, full), ...(rest > 0 ? [part(full * chunkSize, rest, 1)] : [])];
  const tree = createTreeSum(network.size, full + (rest > 0 ? 1 : 0));
  return {
    rows: count,
    columns: network.size,
    dtype: resolved.dtype,
    apply(v, out) {
      requireLength(caller, 'v', v, network.size);
      requireLength(caller, 'out', out, count);
      for (let p = 0; p < parts.length; p++) {
        const { forward, first, rows, chunks } = parts[p];
        scatterPieces(v, 0, forward.tangents as readonly FloatArray[]);
        for (let chunk = 0; chunk < chunks; chunk++) {
          forward.tangent.clear();
          forward.tangent.run(chunk);
          gatherPieces(forward.tangent.outputs as readonly FloatArray[], out, first + chunk * rows);
        }
      }
    },
    applyTransposed(u, out) {
      requireLength(caller, 'u', u, count);
      requireLength(caller, 'out', out, network.size);
      for (let p = 0; p < parts.length; p++) {
        const { backward, first, rows, chunks } = parts[p];
        for (let chunk = 0; chunk < chunks; chunk++) {
          scatterPieces(u, first + chunk * rows, backward.tangents as readonly FloatArray[]);
          backward.tangent.clear();
          backward.tangent.run(chunk);
          tree.add(backward.tangent.outputs as readonly FloatArray[]);
        }
      }
      tree.total(1, out);
    },
  };
}

/** Chunks of one size with their two linear maps. */
interface Part extends PartRows {
  readonly forward: LinearizedPlan;
  readonly backward: LinearizedPlan;
}

interface PartRows {
  /** number of the first example */
  readonly first: number;
  readonly rows: number;
  readonly chunks: number;
}

function bindPart(
  network: Network,
  scalar: Loss,
  params: FloatArray,
  examples: AnyExamples,
  { first, rows, chunks }: PartRows,
  { dtype, deterministic, memoryLimit }: ResolvedOptions,
): Part {
  const spec = dtype === 'float64' ? float64 : float32;
  const weights = weightsInOrder(network, parameterSpecs(network, dtype));
  const answers = answersOf(examples, dtype);
  const [x, given] = [spec(rows, network.inputs), answers.spec(rows)];
  const count = network.parameters.length;
  const values = (w: readonly Tensor[], inputs: Tensor, y: Tensor): Tensor =>
    scalar(network.apply(weightsByName(network, w), inputs), y);
  const slopes = (w: readonly Tensor[], v: readonly Tensor[], inputs: Tensor, y: Tensor): Tensor =>
    jvp((p: readonly Tensor[]) => values(p, inputs, y))([w], [v])[1];
  const pullback = (w: readonly Tensor[], u: Tensor, inputs: Tensor, y: Tensor): readonly Tensor[] =>
    vjp((p: readonly Tensor[]) => values(p, inputs, y))([w], u)[1][0];
  const programs = [
    splitProduct(trace(slopes, [weights, weights, x, given]).program, { weights: count, directions: count, once: 0 }),
    splitProduct(trace(pullback, [weights, spec(rows), x, given]).program, { weights: count, directions: 1, once: 0 }),
  ];
  const views = unflatten(network, params);
  const none = network.parameters.map(() => undefined);
  const [forward, backward] = programs.map((program) => {
    const plan = planWithin('exampleJacobian', [program], {
      chunks: Array.from({ length: chunks }, () => 0),
      shared: [...network.parameters.map(() => true), false, false],
      deterministic,
      memoryLimit,
    });
    network.parameters.forEach(({ name }, i) => plan.shared[i]!.set(views[name]));
    const { features } = examples;
    for (let chunk = 0; chunk < chunks; chunk++) {
      const [from, to] = [first + chunk * rows, first + (chunk + 1) * rows];
      const inputs = examples.inputs.subarray(from * features, to * features);
      plan.setData(chunk, [...none, floatArray(dtype, inputs), answers.of(from, to)]);
      plan.primal.clear();
      plan.primal.run(chunk);
    }
    return plan;
  });
  return { first, rows, chunks, forward, backward };
}
