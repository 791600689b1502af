import { compile, float64, jvp, type Tensor } from '@hyperribbon/autodiff';
import {
  type AnyExamples,
  isTargeted,
  type Loss,
  type Network,
  parameterSpecs,
  type ParameterTensors,
  unflatten,
} from '@hyperribbon/nn';

/** Logits and their Jacobian by the weights, written out. */
export interface DenseModel {
  /** (count, classes) */
  readonly z: Float64Array;
  /** (count · classes, size) */
  readonly J: Float64Array;
  readonly size: number;
  readonly classes: number;
}

/** Columns of the Jacobian by tangents of single weights: forward, with nothing linearised, split or transposed. */
export function denseModel(network: Network, params: Float64Array, examples: AnyExamples): DenseModel {
  const { size, classes } = network;
  const { count, features } = examples;
  const specs = parameterSpecs(network, 'float64');
  const tangent = compile(
    (w: ParameterTensors, v: ParameterTensors, x: Tensor) =>
      jvp((p: ParameterTensors) => network.apply(p, x))([w], [v]),
    [specs, specs, float64(count, features)],
    { deterministic: true },
  );
  const unit = new Float64Array(size);
  const [weights, direction] = [params, unit].map((flat) => unflatten(network, flat)) as never[];
  const J = new Float64Array(count * classes * size);
  let z = new Float64Array(count * classes);
  for (let k = 0; k < size; k++) {
    unit[k] = 1;
    const [logits, column] = tangent(weights, direction, examples.inputs as Float64Array) as unknown as Float64Array[];
    unit[k] = 0;
    z = Float64Array.from(logits);
    for (let r = 0; r < column.length; r++) J[r * size + k] = column[r];
  }
  return { z, J, size, classes };
}

/** ℓ, its slope and its second derivative (classes, classes) by the logits of one example. */
export interface LossAt {
  readonly value: number;
  readonly slope: Float64Array;
  readonly second: Float64Array;
}

/** Formulas of the losses by the logits of an example: cross-entropy of a label or of tokens, squared error. */
export function lossAt(loss: Loss, z: Float64Array, answer: readonly number[]): LossAt {
  const n = z.length;
  if (answer.length === 1 && n === 1) {
    const off = z[0] - answer[0];
    return { value: (off * off) / 2, slope: Float64Array.of(off), second: Float64Array.of(1) };
  }
  const [slope, second] = [new Float64Array(n), new Float64Array(n * n)];
  const asked = answer.filter((token) => token >= 0).length;
  const vocabulary = n / answer.length;
  let value = 0;
  answer.forEach((token, t) => {
    if (token < 0) return;
    const row = z.subarray(t * vocabulary, (t + 1) * vocabulary);
    const total = row.reduce((sum, x) => sum + Math.exp(x), 0);
    const p = row.map((x) => Math.exp(x) / total);
    value += (Math.log(total) - row[token]) / asked;
    p.forEach((x, c) => {
      slope[t * vocabulary + c] = (x - Number(c === token)) / asked;
      p.forEach((y, d) => {
        second[(t * vocabulary + c) * n + t * vocabulary + d] = ((c === d ? x : 0) - x * y) / asked;
      });
    });
  });
  void loss;
  return { value, slope, second };
}

/** What each example asks for: its label, its tokens, or its target. */
export function answersOfRow(examples: AnyExamples, i: number): number[] {
  if (!isTargeted(examples)) return [examples.labels[i]];
  return Array.from(examples.targets.subarray(i * examples.outputs, (i + 1) * examples.outputs));
}

/** (1/n) Σ_i J_iᵀ W_i J_i v */
export function sandwich(
  { z, J, size, classes }: DenseModel,
  weight: (i: number, own: Float64Array) => Float64Array,
  v: Float64Array,
): Float64Array {
  const count = z.length / classes;
  const out = new Float64Array(size);
  for (let i = 0; i < count; i++) {
    const own = J.subarray(i * classes * size, (i + 1) * classes * size);
    const Jv = Float64Array.from({ length: classes }, (_, c) => dot(own.subarray(c * size, (c + 1) * size), v));
    const W = weight(i, z.subarray(i * classes, (i + 1) * classes));
    for (let c = 0; c < classes; c++) {
      let w = 0;
      for (let d = 0; d < classes; d++) w += W[c * classes + d] * Jv[d];
      for (let k = 0; k < size; k++) out[k] += (w * own[c * size + k]) / count;
    }
  }
  return out;
}

/** (classes, classes) g gᵀ */
export function outer(g: Float64Array, factor = 1): Float64Array {
  return Float64Array.from(
    { length: g.length * g.length },
    (_, cd) => factor * g[Math.floor(cd / g.length)] * g[cd % g.length],
  );
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** max |a − b| / max |b|; |a| where b is zero */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [off, scale] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    off = Math.max(off, Math.abs(a[i] - b[i]));
    scale = Math.max(scale, Math.abs(b[i]));
    if (Number.isNaN(a[i] - b[i])) return NaN;
  }
  return a.length === b.length ? off / (scale || 1) : NaN;
}
