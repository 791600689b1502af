import { type DataArray, requireDtype } from '../dataArray.js';
import type { Spec } from '../program.js';
import { type TensorFunction, trace } from '../trace/trace.js';
import { type Tree, flatten, unflatten } from '../trace/tree.js';
import { evaluate } from './evaluate.js';

/** Numbers for one tensor: a number (float64 scalar), numbers or a typed array (vector), or an array with its shape. */
export type ArrayValue =
  | number
  | readonly number[]
  | DataArray
  | { readonly data: DataArray; readonly shape: readonly number[] };

/**
 * Calls a function of tensors on numbers: traces it and runs the program with {@link evaluate}.
 *
 * For trying things out and for tests; `compile` plans once and runs fast.
 *
 * @param args one tree of values per argument
 * @returns the result's tree with a typed array for each tensor
 * @example evaluateFunction((x, y) => add(x, y), [[1, 2], 3]); // [4, 5]
 */
export function evaluateFunction(f: TensorFunction, args: readonly Tree<ArrayValue>[]): Tree<DataArray> {
  const { values, specs } = argumentArrays('evaluateFunction', args);
  const { program, result } = trace(f, specs);
  return unflatten(result, evaluate(program, values));
}

/** The arrays in the arguments, one after the other, and one tree of specs per argument. */
export function argumentArrays(
  caller: string,
  args: readonly Tree<ArrayValue>[],
): { values: DataArray[]; specs: Tree<Spec>[] } {
  const values: DataArray[] = [];
  const specs = args.map((tree) => {
    const { leaves, structure } = flatten(caller, tree, isArrayValue);
    const arrays = leaves.map((leaf) => toArray(caller, leaf));
    values.push(...arrays.map(({ data }) => data));
    return unflatten<Spec>(
      structure,
      arrays.map(({ spec }) => spec),
    );
  });
  return { values, specs };
}

function isArrayValue(x: unknown): x is ArrayValue {
  if (typeof x === 'number' || ArrayBuffer.isView(x)) return true;
  if (Array.isArray(x)) return x.length > 0 && x.every((y) => typeof y === 'number');
  return typeof x === 'object' && x !== null && 'data' in x && ArrayBuffer.isView(x.data) && 'shape' in x;
}

function toArray(caller: string, value: ArrayValue): { data: DataArray; spec: Spec } {
  if (typeof value === 'number') return { data: Float64Array.of(value), spec: { shape: [], dtype: 'float64' } };
  const shaped = 'data' in value;
  const data = shaped ? value.data : ArrayBuffer.isView(value) ? value : Float64Array.from(value as readonly number[]);
  return {
    data,
    spec: { shape: shaped ? value.shape : [data.length], dtype: requireDtype(caller, 'an argument', data) },
  };
}
