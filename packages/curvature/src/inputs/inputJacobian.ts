import { float32, float64, jvp, type Tensor, trace, vjp } from '@hyperribbon/autodiff';
import type { LinearizedPlan } from '@hyperribbon/autodiff/chunked';
import { floatArray, refuse, requireLength } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import type { LinearOperator, RectangularOperator } from '@hyperribbon/linop';
import {
  type AnyExamples,
  type Network,
  parameterSpecs,
  requireAnyExamples,
  requireSeparateExamples,
  requireWeights,
  unflatten,
  weightsByName,
  weightsInOrder,
} from '@hyperribbon/nn';
import { type CurvatureOptions, type ResolvedOptions, resolveOptions } from '../curvatureOptions.js';
import { splitProduct } from '../operators/splitProduct.js';
import { planWithin } from '../shards/planWithin.js';
import { gatherPieces, scatterPieces } from '@hyperribbon/nn';

export type InputJacobianOptions = Pick<CurvatureOptions, 'chunkSize' | 'dtype' | 'deterministic' | 'memoryLimit'>;

/**
 * The Jacobians J_i (outputs, features) of the outputs of each example by its inputs, as one block-diagonal map that is never formed: rows are
 * count · outputs, columns count · features.
 */
export interface InputJacobian extends RectangularOperator {
  readonly examples: number;
  readonly outputs: number;
  readonly features: number;
  /** out (count · outputs,) ← J_i v_i, v (count · features,) */
  apply(v: FloatArray, out: FloatArray): void;
  /** out (count · features,) ← J_iᵀ u_i, u (count · outputs,) */
  applyTranspose(u: FloatArray, out: FloatArray): void;
  /** (features, features): mean over examples of J_iᵀ J_i, how the outputs depend on directions of the inputs */
  readonly inputGram: LinearOperator;
  /** (outputs, outputs): mean over examples of J_i J_iᵀ */
  readonly outputGram: LinearOperator;
}

/**
 * Jacobians of a network's outputs by its inputs, as operators: for `svds`, for `eigsh` of the means of J_iᵀ J_i and J_i J_iᵀ, and for norms.
 *
 * @param params flat weights (size,)
 * @param examples whose answers are not looked at; for one example's Jacobian hand in that example
 * @throws ArgumentError for weights, examples or options that do not fit, and a network that takes tokens, which have no neighbours
 * Cost: a product either way is one tangent or cotangent pass over all examples
 * @example
 * const J = inputJacobian(net, run.params, digits.test);
 * const { values } = await eigsh(J.inputGram, { k: 5, which: 'LA' });
 */
export function inputJacobian(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  options: InputJacobianOptions = {},
): InputJacobian {
  const caller = 'inputJacobian';
  const resolved = resolveOptions(caller, options);
  const { dtype } = resolved;
  requireWeights(caller, 'params', network, params, dtype);
  requireAnyExamples(caller, network, examples, dtype, 'any');
  if (network.vocabulary !== undefined)
    refuse(
      caller,
      `${network.name} takes tokens, by which there is no derivative; ask for the Jacobian by what its embedding gives`,
    );
  requireSeparateExamples(caller, network, resolved.deterministic);
  const { count, features } = examples;
  const { classes: outputs } = network;
  const parts = inputParts(network, params, examples, resolved);
  const map = (side: 'forward' | 'backward', from: number, to: number) => (x: FloatArray, out: FloatArray) => {
    requireLength(caller, 'x', x, count * from);
    requireLength(caller, 'out', out, count * to);
    for (const part of parts) {
      const { tangent, tangents } = part[side];
      for (let chunk = 0; chunk < part.chunks; chunk++) {
        const first = part.first + chunk * part.rows;
        scatterPieces(x, first * from, tangents as readonly FloatArray[]);
        tangent.clear();
        tangent.run(chunk);
        gatherPieces(tangent.outputs as readonly FloatArray[], out, first * to);
      }
    }
  };
  const [apply, applyTranspose] = [map('forward', features, outputs), map('backward', outputs, features)];
  return {
    rows: count * outputs,
    columns: count * features,
    dtype,
    examples: count,
    outputs,
    features,
    apply,
    applyTranspose,
    inputGram: meanOf([apply, applyTranspose], { count, size: features, between: outputs, dtype }),
    outputGram: meanOf([applyTranspose, apply], { count, size: outputs, between: features, dtype }),
  };
}

type Product = (x: FloatArray, out: FloatArray) => void;

/** The mean over examples of the second map after the first, each (size → between → size) for all examples at once. */
function meanOf(
  [first, second]: readonly [Product, Product],
  {
    count,
    size,
    between,
    dtype,
  }: { readonly count: number; readonly size: number; readonly between: number; readonly dtype: Dtype },
): LinearOperator {
  const [spread, middle, back] = [size, between, size].map((length) => floatArray(dtype, count * length));
  return {
    size,
    dtype,
    apply(x, out) {
      for (let i = 0; i < count; i++) spread.set(x, i * size);
      first(spread, middle);
      second(middle, back);
      for (let j = 0; j < size; j++) {
        let sum = 0;
        for (let i = 0; i < count; i++) sum += back[i * size + j];
        out[j] = sum / count;
      }
    },
  };
}

/** Chunks of one size with their two linear maps. */
interface InputPart {
  readonly first: number;
  readonly rows: number;
  readonly chunks: number;
  readonly forward: LinearizedPlan;
  readonly backward: LinearizedPlan;
}

function inputParts(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  resolved: ResolvedOptions,
): readonly InputPart[] {
  const { count } = examples;
  const chunkSize = Math.min(resolved.chunkSize, count);
  const whole = Math.floor(count / chunkSize);
  const rest = count % chunkSize;
  return [
    { first: 0, rows: chunkSize, chunks: whole },
    { first: whole * chunkSize, rows: rest, chunks: Number(rest > 0) },
  ]
    .filter(({ chunks }) => chunks > 0)
    .map((part) => ({ ...part, ...bindInputs(network, params, examples, part, resolved) }));
}

function bindInputs(
  network: Network,
  params: FloatArray,
  { inputs, features }: AnyExamples,
  { first, rows, chunks }: Pick<InputPart, 'first' | 'rows' | 'chunks'>,
  { dtype, deterministic, memoryLimit }: ResolvedOptions,
): Pick<InputPart, 'forward' | 'backward'> {
  const spec = dtype === 'float64' ? float64 : float32;
  const weights = weightsInOrder(network, parameterSpecs(network, dtype));
  const x = spec(rows, features);
  const of =
    (w: readonly Tensor[]) =>
    (at: Tensor): Tensor =>
      network.apply(weightsByName(network, w), at);
  const slopes = (w: readonly Tensor[], v: Tensor, at: Tensor): Tensor => jvp(of(w))([at], [v])[1];
  const pullback = (w: readonly Tensor[], u: Tensor, at: Tensor): Tensor => vjp(of(w))([at], u)[1][0];
  const split = { weights: weights.length, directions: 1, once: 0 };
  const views = unflatten(network, params);
  const bind = (program: Parameters<typeof splitProduct>[0]): LinearizedPlan => {
    const plan = planWithin('inputJacobian', [splitProduct(program, split)], {
      chunks: Array.from({ length: chunks }, () => 0),
      shared: [...weights.map(() => true), false],
      deterministic,
      memoryLimit,
    });
    network.parameters.forEach(({ name }, i) => plan.shared[i]!.set(views[name]));
    for (let chunk = 0; chunk < chunks; chunk++) {
      const from = first + chunk * rows;
      const data = floatArray(dtype, inputs.subarray(from * features, (from + rows) * features));
      plan.setData(chunk, [...weights.map(() => undefined), data]);
      plan.primal.clear();
      plan.primal.run(chunk);
    }
    return plan;
  };
  return {
    forward: bind(trace(slopes, [weights, x, x]).program),
    backward: bind(trace(pullback, [weights, spec(rows, network.classes), x]).program),
  };
}
