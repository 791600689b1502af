import { abs, compile, float32, float64, full, jvp, type Program, type Tensor } from '@hyperribbon/autodiff';
import { type AffineMap, isEntrywise } from '@hyperribbon/autodiff/walk';
import { floatArray } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { eigvalsh } from '@hyperribbon/lanczos';
import {
  type AnyExamples,
  type Network,
  networkProgram,
  type NetworkProgram,
  parameterSpecs,
  type ParameterTensors,
  planBatches,
  unflatten,
} from '@hyperribbon/nn';

/** Largest and mean of a number over examples. */
export interface OverExamples {
  readonly max: number;
  readonly mean: number;
}

/** How much what leaves a layer can change with the layer's own parameters. */
export interface LayerFactor {
  /** name of its weights */
  readonly weight: string;
  /** ‖∂z_l/∂θ_l‖₂ of the affine map z_l = X W + b alone, which is ‖[X 1]‖₂ */
  readonly affine: OverExamples;
  /** largest |σ'(z_l)| of an example, where what enters the next layer is made of an entrywise function of z_l; 1 where it is z_l itself */
  readonly slope?: OverExamples;
  /** ‖D f_l‖₂ ≤ affine · slope of the layer with its activation, with equality in dense layers; absent where there is no slope */
  readonly layer?: OverExamples;
}

/**
 * ‖D f_l‖₂ of every affine layer of a traced network, the derivative of what leaves the layer by the layer's own parameters: one of the factors between
 * sharpness and the norm of the input-output Jacobian.
 *
 * Cost: two passes, and for layers with several positions an eigenvalue problem of the smaller side of X for every example
 */
export function layerFactors(
  network: Network,
  params: FloatArray,
  { inputs, count, features }: AnyExamples,
  { dtype, deterministic }: { readonly dtype: Dtype; readonly deterministic: boolean },
): readonly LayerFactor[] {
  const one = networkProgram(network, 1, dtype);
  const slopes = one.maps.map((map, i) => following(one, map, one.maps[i + 1], network.parameters.length));
  const spec = dtype === 'float64' ? float64 : float32;
  const chunk = Math.min(count, 256);
  const plans = planBatches(count, chunk, (rows) => {
    const program = networkProgram(network, rows, dtype);
    const f = (weights: ParameterTensors, x: Tensor): readonly Tensor[] => passes(program, slopes, weights, x);
    return compile(f as never, [parameterSpecs(network, dtype), spec(rows, features)] as never, { deterministic });
  });
  const numbers = one.maps.map(() => ({ affine: new Float64Array(count), slope: new Float64Array(count) }));
  const weights = unflatten(network, floatArray(dtype, params));
  for (let batch = 0; batch < plans.batches; batch++) {
    const [from, to] = [batch * chunk, Math.min(count, (batch + 1) * chunk)];
    const run = plans.of(batch) as unknown as (...all: readonly unknown[]) => readonly FloatArray[];
    const found = run(weights, floatArray(dtype, inputs.subarray(from * features, to * features)));
    one.maps.forEach(({ positions, inputs: width, bias }, map) => {
      for (let i = 0; i < to - from; i++) {
        const length = positions * width;
        const X = found[2 * map].subarray(i * length, (i + 1) * length);
        numbers[map].affine[from + i] = affineNorm(X, { positions, width, bias: bias !== undefined, deterministic });
        numbers[map].slope[from + i] = largest(found[2 * map + 1], i, to - from);
      }
    });
  }
  return one.maps.map(({ weight }, map) => {
    const { affine, slope } = numbers[map];
    const known = slopes[map] !== 'unknown';
    return {
      weight: network.parameters[weight].name,
      affine: overExamples(affine),
      ...(known && { slope: overExamples(slope), layer: overExamples(affine.map((x, i) => x * slope[i])) }),
    };
  });
}

/** Largest and mean. */
export function overExamples(values: Float64Array): OverExamples {
  let [most, total] = [-Infinity, 0];
  for (let i = 0; i < values.length; i++) {
    most = Math.max(most, values[i]);
    total += values[i];
  }
  return { max: most, mean: total / values.length };
}

type Following = 'identity' | 'entrywise' | 'unknown';

/** What happens to a map's output before the next map, or at the end; that numbers move or are repeated, as patches are, is nothing. */
function following(
  { program }: NetworkProgram,
  map: AffineMap,
  next: AffineMap | undefined,
  examples: number,
): Following {
  const end = beforeMoves(program, next === undefined ? program.outputs[0] : next.input);
  if (end === map.output) return 'identity';
  const sameShape = program.values[end].shape.join() === program.values[map.output].shape.join();
  return sameShape && isEntrywise(program, { from: map.output, to: end, examples }) ? 'entrywise' : 'unknown';
}

/** The value whose numbers a value holds at other places. */
function beforeMoves({ equations }: Program, value: number): number {
  const moves = new Map(equations.map((equation) => [equation.output, equation]));
  for (let at = value; ; ) {
    const equation = moves.get(at);
    if (equation === undefined || !['reshape', 'transpose', 'im2col'].includes(equation.op)) return at;
    [at] = equation.inputs;
  }
}

/** X of every map, and the slopes of what follows it */
function passes(
  program: NetworkProgram,
  slopes: readonly Following[],
  weights: ParameterTensors,
  x: Tensor,
): readonly Tensor[] {
  const { taps } = program.run(weights, x);
  return taps.flatMap(({ input, output }, map) => {
    if (slopes[map] !== 'entrywise') return [input, full(output.shape, 1, x.dtype as Dtype)];
    // a tangent of ones at the map's output gives σ' at what enters the next one
    const after = (z: Tensor): Tensor =>
      program.run(weights, x, (own, at) => (at === map ? z : own.output)).taps[map + 1].input;
    return [input, abs(jvp(after)([output], [full(output.shape, 1, x.dtype as Dtype)])[1])];
  });
}

/** the largest of the i-th of `rows` equal parts */
function largest(values: FloatArray, i: number, rows: number): number {
  const length = values.length / rows;
  let most = 0;
  for (let j = i * length; j < (i + 1) * length; j++) if (!(values[j] <= most)) most = values[j];
  return most;
}

/** ‖[X 1]‖₂ of one example's X (positions, width) */
function affineNorm(
  X: FloatArray,
  {
    positions,
    width,
    bias,
    deterministic,
  }: { readonly positions: number; readonly width: number; readonly bias: boolean; readonly deterministic: boolean },
): number {
  const one = bias ? 1 : 0;
  if (positions === 1) {
    let squares = one;
    for (let j = 0; j < width; j++) squares += X[j] * X[j];
    return Math.sqrt(squares);
  }
  const byRows = positions <= width;
  const n = byRows ? positions : width + one;
  const entry = (p: number, j: number): number => (j < width ? X[p * width + j] : 1);
  const gram = new Float64Array(n * n);
  const along = byRows ? width + one : positions;
  for (let a = 0; a < n; a++)
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let k = 0; k < along; k++) sum += byRows ? entry(a, k) * entry(b, k) : entry(k, a) * entry(k, b);
      gram[a * n + b] = gram[b * n + a] = sum;
    }
  if (gram.some(Number.isNaN)) return NaN;
  return Math.sqrt(Math.max(0, eigvalsh(gram, n, { deterministic })[0]));
}
