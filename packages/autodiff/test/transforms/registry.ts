import { evaluate, type Program, type Spec, type Tensor, trace } from '../everything.js';
import { type PrimitiveCase, primitiveCases } from '../primitiveCases.js';
import type { Data } from '../plan/plannedRun.js';

export type Dtype = 'float32' | 'float64';
export const dtypes: readonly Dtype[] = ['float32', 'float64'];
export type Function_ = (...args: Tensor[]) => Tensor;

/** A case of the table of primitives in one precision. */
export interface Instance {
  readonly name: string;
  readonly dtype: Dtype;
  readonly f: Function_;
  readonly specs: readonly Spec[];
  readonly data: readonly Data[];
  readonly program: Program;
  /** unit roundoff of the precision */
  readonly epsilon: number;
}

export function instance({ name, f, args }: PrimitiveCase, dtype: Dtype): Instance {
  const cast = (data: Float64Array | Int32Array): Data =>
    data instanceof Float64Array && dtype === 'float32' ? Float32Array.from(data) : data;
  const specs = args.map(({ data, shape }): Spec => ({ shape, dtype: data instanceof Int32Array ? 'int32' : dtype }));
  const own = f as unknown as Function_;
  const { program } = trace(own, specs);
  const epsilon = dtype === 'float32' ? 2 ** -24 : 2 ** -53;
  return { name, dtype, f: own, specs, data: args.map(({ data }) => cast(data)), program, epsilon };
}

export const instances: readonly (readonly [string, Instance])[] = dtypes.flatMap((dtype) =>
  primitiveCases.map((c) => [`${c.name}, ${dtype}`, instance(c, dtype)] as const),
);

/** Irregular numbers in (−1, 1), another list for every phase. */
export function wave(length: number, phase: number, dtype: Dtype): Float32Array | Float64Array {
  const numbers = Float64Array.from({ length }, (_, i) => Math.sin(1.3 * i + 2.1 * phase + 0.4));
  return dtype === 'float32' ? Float32Array.from(numbers) : numbers;
}

/** One array for each float argument, zeros of int32 for the others. */
export function directions({ specs, data, dtype }: Instance, phase: number): Data[] {
  return data.map((x, i) =>
    specs[i]!.dtype === 'int32' ? new Int32Array(x.length) : wave(x.length, phase + i, dtype),
  );
}

export function inner(a: Data, b: Data): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

export function largest(...arrays: readonly Data[]): number {
  return arrays.reduce((most, array) => Array.from(array).reduce((m, x) => Math.max(m, Math.abs(x)), most), 0);
}

export function call(f: (...args: never[]) => unknown, specs: readonly Spec[], data: readonly Data[]): Data[] {
  return evaluate(trace(f as never, specs as never).program, data as never) as Data[];
}
