import { add, compile, float32, float64, mul, type Spec, type Tensor } from '@hyperribbon/autodiff';
import { floatArray, pacer, throwIfAborted } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import {
  type AnyExamples,
  answersOf,
  type Loss,
  type Network,
  type NetworkProgram,
  networkProgram,
  parameterSpecs,
  type ParameterTensors,
  planBatches,
  rowsWithin,
  totalWeight,
  unflatten,
} from '@hyperribbon/nn';

/** Mean losses at points of a plane. */
export interface PlaneEvaluator {
  /** at (x, y); Infinity where the loss, or a number on the way to it, overflows */
  lossAt(x: number, y: number, signal: AbortSignal | undefined): Promise<number>;
}

/** what the outputs of first layers may take beside the examples */
const mostBytes = 256e6;

/** How the losses of a plane are computed. */
export interface PlaneArithmetic {
  readonly loss: Loss;
  readonly dtype: Dtype;
  readonly deterministic: boolean;
  /** outputs of one example depend on others: nothing is made beforehand */
  readonly rowsMix: boolean;
}

/**
 * Plans the mean loss at w + x d₁ + y d₂ for many (x, y).
 *
 * Layers that read the examples and nothing else are linear in (1, x, y): X (W + x D₁ + y D₂) = A₀ + x A₁ + y A₂, so their products are made three times and
 * not once for each point. They are most of the work where inputs are wide.
 *
 * @param directions (size,) each
 */
export function planeEvaluator(
  network: Network,
  params: FloatArray,
  directions: readonly [FloatArray, FloatArray],
  examples: AnyExamples,
  arithmetic: PlaneArithmetic,
): PlaneEvaluator {
  const { dtype, rowsMix } = arithmetic;
  const { count, features } = examples;
  const size = Math.min(rowsWithin(1000, network.classes), count);
  const answers = answersOf(examples, dtype);
  const inputs = floatArray(dtype, examples.inputs);
  const known = rowsMix ? [] : knownMaps(networkProgram(network, 1, dtype), network, count, dtype);
  const plans = planBatches(count, size, (rows) => chunkPlan(network, rows, known, answers.spec(rows), arithmetic));
  const rangeOf = (chunk: number): readonly [number, number] => [chunk * size, Math.min((chunk + 1) * size, count)];
  const rowsOf = (chunk: number): FloatArray => {
    const [from, to] = rangeOf(chunk);
    return inputs.subarray(from * features, to * features);
  };
  const made = Array.from({ length: plans.batches }, (_, chunk) => {
    if (known.length === 0) return [];
    const all = [params, ...directions].map((weights) =>
      plans
        .of(chunk)
        .outputs(unflatten(network, floatArray(dtype, weights)), rowsOf(chunk))
        .map((a) => a.slice()),
    );
    return known.map((_map, i) => all.map((outputs) => outputs[i]));
  });
  const at = floatArray(dtype, network.size);
  const views = unflatten(network, at);
  const coordinates = [floatArray(dtype, 1), floatArray(dtype, 1)];
  const total = totalWeight(examples);
  return {
    async lossAt(x, y, signal) {
      for (let i = 0; i < at.length; i++) at[i] = params[i] + x * directions[0][i] + y * directions[1][i];
      coordinates[0][0] = x;
      coordinates[1][0] = y;
      const pause = pacer();
      let sum = 0;
      for (let chunk = 0; chunk < plans.batches; chunk++) {
        throwIfAborted('planeRows', signal);
        const [from, to] = rangeOf(chunk);
        const losses = plans.of(chunk).losses(views, rowsOf(chunk), answers.of(from, to), coordinates, made[chunk]);
        for (let i = 0; i < losses.length; i++) sum += (examples.weights?.[from + i] ?? 1) * losses[i];
        await pause();
      }
      return Number.isFinite(sum) ? sum / total : Infinity;
    },
  };
}

/** Programs for a batch: outputs of the known maps at given weights, and losses at a point where those are combined. */
function chunkPlan(
  network: Network,
  rows: number,
  known: readonly number[],
  answers: Spec,
  { loss, dtype, deterministic }: PlaneArithmetic,
) {
  const traced = networkProgram(network, rows, dtype);
  const spec = dtype === 'float64' ? float64 : float32;
  const outputs = (weights: ParameterTensors, x: Tensor): readonly Tensor[] => {
    const { taps } = traced.run(weights, x);
    return known.map((map) => taps[map].output);
  };
  const losses = (
    weights: ParameterTensors,
    x: Tensor,
    given: Tensor,
    at: readonly Tensor[],
    made: readonly (readonly Tensor[])[],
  ): Tensor => {
    const { logits } = traced.run(weights, x, ({ output }, map) => {
      const own = made[known.indexOf(map)];
      return own === undefined ? output : add(own[0], add(mul(at[0], own[1]), mul(at[1], own[2])));
    });
    return loss(logits, given);
  };
  const weights = parameterSpecs(network, dtype);
  const x = spec(rows, network.inputs);
  const three = known.map((map) => {
    const one = spec(traced.maps[map].positions * rows, traced.maps[map].outputs);
    return [one, one, one];
  });
  return {
    outputs: compile(outputs, [weights, x], { deterministic }),
    losses: compile(losses, [weights, x, answers, [spec(1), spec(1)], three], { deterministic }),
  };
}

/** Numbers of the maps whose inputs are the examples, seen through no weights, as far as their outputs fit into memory. */
function knownMaps(
  { program, maps }: NetworkProgram,
  network: Network,
  count: number,
  dtype: Dtype,
): readonly number[] {
  const weights = program.inputs.slice(0, network.parameters.length);
  const weighed = new Set(weights);
  for (const { inputs, output } of program.equations)
    if (inputs.some((value) => weighed.has(value))) weighed.add(output);
  const bytesOf = (map: number): number =>
    3 * count * maps[map].positions * maps[map].outputs * (dtype === 'float64' ? 8 : 4);
  let bytes = 0;
  return maps.flatMap(({ input }, map) => {
    if (weighed.has(input) || bytes + bytesOf(map) > mostBytes) return [];
    bytes += bytesOf(map);
    return [map];
  });
}
