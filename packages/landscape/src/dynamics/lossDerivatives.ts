import { compile, type Compiled, type DataArray, float32, float64, grad, jvp, mul, sum } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import { floatArray } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import type { LinearOperator } from '@hyperribbon/linop';
import {
  type AnyExamples,
  answersOf,
  createTreeSum,
  isTargeted,
  type Loss,
  type Network,
  parameterSpecs,
  type ParameterTensors,
  planBatches,
  requireAnyExamples,
  requireLoss,
  requireSeparateExamples,
  scatterPieces,
  totalWeight,
  unflatten,
  weightsByName,
  weightsInOrder,
} from '@hyperribbon/nn';

/** Products made so far, over all examples each. */
export interface DerivativeCounts {
  readonly gradients: number;
  readonly products: number;
  readonly thirds: number;
}

/** Derivatives of the mean loss over fixed examples, planned once, at weights that change from call to call. */
export interface LossDerivatives {
  readonly size: number;
  readonly counts: DerivativeCounts;
  /** out ← ∇L(w), (size,); the loss is returned */
  gradient(weights: FloatArray, out: Float64Array): number;
  /** out ← ∇²L(w) v */
  product(weights: FloatArray, v: FloatArray, out: Float64Array): void;
  /** out ← ∇_w (uᵀ ∇²L(w) v), symmetric in u and v */
  third(weights: FloatArray, u: FloatArray, v: FloatArray, out: Float64Array): void;
}

/** The Hessian at these weights as an operator of float64 vectors: it follows an array that is changed in place. */
export function hessianAt({ size, product }: LossDerivatives, weights: FloatArray): LinearOperator {
  return {
    size,
    dtype: 'float64',
    apply: (v, out) => product(weights, v, out as Float64Array),
  };
}

export interface DerivativeOptions {
  readonly loss: Loss;
  readonly dtype: Dtype;
  readonly deterministic: boolean;
  /** examples per run, default 1024 or all of them */
  readonly chunkSize?: number;
}

type Program = Compiled<[readonly Tensor[]], readonly Tensor[]>;

/**
 * Plans the first three derivatives of the mean loss (1/Σs) Σᵢ sᵢ ℓ(z(xᵢ; w), yᵢ). Unlike an operator of curvature, whose weights are fixed, they take
 * other weights at no cost: what flows need, which measure a Hessian a few times at each of thousands of weights.
 *
 * ∇³L[u, v] is the gradient differentiated twice along directions: jvp of jvp of grad, on the traced program. Sums over chunks are float64 and
 * follow a fixed tree.
 *
 * @throws ArgumentError for examples or losses that do not fit the network
 * Cost: a gradient about 6 · size flops per example for dense layers, a product about 2 gradients, a third derivative about 4
 */
export function lossDerivatives(
  caller: string,
  network: Network,
  examples: AnyExamples,
  { loss, dtype, deterministic, chunkSize = 1024 }: DerivativeOptions,
): LossDerivatives {
  requireAnyExamples(caller, network, examples, dtype, loss);
  requireLoss(caller, loss, network.classes, dtype, isTargeted(examples) ? 'targets' : 'labels');
  requireSeparateExamples(caller, network, deterministic);
  const { data, planned } = chunkedPrograms(network, examples, { loss, dtype, deterministic, chunkSize });
  const programs: (ReturnType<typeof planned> | undefined)[] = [];
  const tree = createTreeSum(network.size, data.length);
  const scale = 1 / totalWeight(examples);
  const held = Array.from({ length: 3 }, () => floatArray(dtype, network.size));
  const lists = held.map((flat) => weightsInOrder(network, unflatten(network, flat)));
  const counts = { gradients: 0, products: 0, thirds: 0 };

  const run = (order: 1 | 2 | 3, given: readonly FloatArray[], out: Float64Array): number => {
    const plans = (programs[order] ??= planned(order));
    given.forEach((vector, i) => scatterPieces(vector, 0, lists[i]));
    const arrays = lists.slice(0, order).flat();
    let total = 0;
    for (let chunk = 0; chunk < data.length; chunk++) {
      const [loss, ...pieces] = plans.of(chunk)([...arrays, ...data[chunk]] as never) as readonly FloatArray[];
      total += loss[0];
      tree.add(pieces);
    }
    tree.total(scale, out);
    return scale * total;
  };
  return {
    size: network.size,
    counts,
    gradient(weights, out) {
      counts.gradients++;
      return run(1, [weights], out);
    },
    product(weights, v, out) {
      counts.products++;
      run(2, [weights, v], out);
    },
    third(weights, u, v, out) {
      counts.thirds++;
      run(3, [weights, u, v], out);
    },
  };
}

/** The examples in chunks, and what plans a derivative of an order for each size of chunk. */
function chunkedPrograms(
  network: Network,
  examples: AnyExamples,
  { loss, dtype, deterministic, chunkSize }: Required<DerivativeOptions>,
) {
  const { count, features } = examples;
  const most = Math.min(chunkSize, count);
  const answers = answersOf(examples, dtype);
  const shares = examples.weights && floatArray(dtype, examples.weights);
  const data = Array.from({ length: Math.ceil(count / most) }, (_, chunk): readonly DataArray[] => {
    const [from, to] = [chunk * most, Math.min(count, (chunk + 1) * most)];
    const x = floatArray(dtype, examples.inputs.subarray(from * features, to * features));
    return [x, answers.of(from, to), ...(shares ? [shares.subarray(from, to)] : [])];
  });
  const spec = dtype === 'float64' ? float64 : float32;
  const weights = weightsInOrder(network, parameterSpecs(network, dtype));
  const planned = (order: 1 | 2 | 3) => {
    const f = derivative(network, loss, order);
    return planBatches(count, most, (rows): Program => {
      const inputs = [spec(rows, features), answers.spec(rows), ...(shares ? [spec(rows)] : [])];
      const specs = [...Array.from({ length: order }, () => weights).flat(), ...inputs];
      return compile(f, [specs] as never, { deterministic }) as unknown as Program;
    });
  };
  return { data, planned };
}

/** Summed loss of a chunk, and its gradient differentiated along `order` − 1 directions: a function of [weights…, directions…, x, answers, shares]. */
function derivative(network: Network, loss: Loss, order: 1 | 2 | 3): (leaves: readonly Tensor[]) => readonly Tensor[] {
  const arrays = network.parameters.length;
  return (leaves) => {
    const named = (i: number): ParameterTensors => weightsByName(network, leaves.slice(i * arrays, (i + 1) * arrays));
    const [x, answers, shares] = leaves.slice(order * arrays);
    const total = (w: ParameterTensors): Tensor => {
      const losses = loss(network.apply(w, x), answers);
      return sum(shares === undefined ? losses : mul(shares, losses));
    };
    let along = grad(total) as (w: ParameterTensors) => ParameterTensors;
    for (let i = 1; i < order; i++) {
      const [inner, direction] = [along, named(i)];
      along = (w) => jvp(inner)([w], [direction])[1];
    }
    return [total(named(0)), ...weightsInOrder(network, along(named(0)))];
  };
}
