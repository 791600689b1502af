import { sameShape, sizeOf } from '../values/shapes.js';
import type { ChosenParameter } from './parameters.js';

/** A parameter that is another one, as it is or transposed. */
export interface Tie {
  readonly to: string;
  readonly transposed: boolean;
}

/**
 * Parameters with the numbers of an earlier one: exporters write a shared weight twice, transposed where they fold a Transpose.
 *
 * Arrays of at most two different numbers (fresh biases, scales) are never tied.
 * Cost: one pass over the weights, and one more for each pair of equal sums
 */
export function tiesOf(parameters: readonly ChosenParameter[]): Map<string, Tie> {
  const ties = new Map<string, Tie>();
  const bySum = new Map<number, ChosenParameter[]>();
  for (const parameter of parameters) {
    const { data } = parameter.tensor;
    if (data.length < 3 || new Set(data.subarray(0, 64)).size < 3) continue;
    // absolute values add up to the same in any order only if rounding is kept out: a sum of their bits is exact
    const key = fingerprint(data);
    const alike = bySum.get(key) ?? [];
    const tie = alike.map((other) => tieOf(other, parameter)).find((found) => found !== undefined);
    if (tie === undefined) bySum.set(key, [...alike, parameter]);
    else ties.set(parameter.name, tie);
  }
  return ties;
}

/** The same for the same numbers in any order. */
function fingerprint(data: Float32Array | Float64Array): number {
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.byteLength / 4);
  let sum = data.length;
  for (let i = 0; i < bits.length; i++) sum = (sum + bits[i]) >>> 0;
  return sum;
}

function tieOf(other: ChosenParameter, { tensor }: ChosenParameter): Tie | undefined {
  const [a, b] = [other.tensor, tensor];
  if (a.type !== b.type || sizeOf(a.shape) !== sizeOf(b.shape)) return undefined;
  if (sameShape(a.shape, b.shape) && a.data.every((x, i) => x === b.data[i]))
    return { to: other.name, transposed: false };
  const [rows, columns] = a.shape;
  const turned =
    a.shape.length === 2 &&
    sameShape(b.shape, [columns, rows]) &&
    b.data.every((x, i) => x === a.data[(i % rows) * columns + Math.floor(i / rows)]);
  return turned ? { to: other.name, transposed: true } : undefined;
}
