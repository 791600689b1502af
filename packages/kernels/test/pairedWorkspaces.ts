import { createWorkspace, type Dtype, type FloatArray, type KernelTable, type Workspace } from '../src/index.js';

/** Unlikely as a result, so a kernel that writes past its output is seen. */
const GUARD = -7.25e18;

/** One side of a comparison: a workspace and what was laid out in it. */
export interface Side {
  readonly space: Workspace;
  readonly table: KernelTable;
  view(pointer: number, length: number): FloatArray;
}

export function side(engine: 'wasm' | 'typescript', dtype: Dtype, bytes: number, deterministic = true): Side {
  const space = createWorkspace({ bytes, engine, deterministic });
  const float32 = dtype === 'float32';
  return {
    space,
    table: float32 ? space.float32 : space.float64,
    view: (pointer, length) => (float32 ? space.float32View(pointer, length) : space.float64View(pointer, length)),
  };
}

/** Reproducible values in (−1, 1): a multiplicative congruential generator, good enough to fill arrays. */
export function numbers(length: number, seed: number): Float64Array {
  const out = new Float64Array(length);
  let state = (seed * 2654435761 + 12345) % 2147483647;
  for (let i = 0; i < length; i++) {
    state = (state * 48271) % 2147483647;
    out[i] = (state / 2147483647) * 2 - 1;
  }
  return out;
}

/** An array of the side's memory, one guard word before and three behind; `shift` words off 16-byte alignment. */
export function place(
  on: Side,
  values: ArrayLike<number>,
  shift: number,
): { pointer: number; values: FloatArray; intact(): boolean } {
  const bytes = on.view(on.space.allocate(0), 0).BYTES_PER_ELEMENT;
  const start = on.space.allocate((values.length + 8) * bytes) + shift * bytes;
  const all = on.view(start, values.length + 4);
  all.fill(GUARD);
  const guard = all[0]!;
  const body = on.view(start + bytes, values.length);
  body.set(values);
  return {
    pointer: start + bytes,
    values: body,
    intact: () => [0, all.length - 3, all.length - 2, all.length - 1].every((i) => all[i] === guard),
  };
}

/** First index where two arrays differ in their bits (NaN equals NaN), −1 if none. */
export function firstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Math.min(a.length, b.length);
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return i;
  return -1;
}
