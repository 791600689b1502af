import type { FloatArray } from '../workspace/workspace.js';

/** What every twin is bound to: one buffer seen through the element type of the table, and as float64 and int32. */
export interface TwinMemory {
  readonly elements: FloatArray;
  /** log2 of the element size: pointer >>> shift is an index into elements */
  readonly shift: 2 | 3;
  /** Math.fround for float32, the identity for float64 */
  readonly round: (x: number) => number;
  readonly float64: Float64Array;
  readonly int32: Int32Array;
}

export function float32Memory(buffer: ArrayBuffer): TwinMemory {
  return {
    elements: new Float32Array(buffer),
    shift: 2,
    round: Math.fround,
    float64: new Float64Array(buffer),
    int32: new Int32Array(buffer),
  };
}

export function float64Memory(buffer: ArrayBuffer): TwinMemory {
  const float64 = new Float64Array(buffer);
  return { elements: float64, shift: 3, round: (x) => x, float64, int32: new Int32Array(buffer) };
}
