import { requireInteger } from '@hyperribbon/contract';
import { createWorkspace } from '@hyperribbon/kernels';
import type { CompileOptions } from './compile.js';
import { type DataArray, requireArray } from './dataArray.js';
import { argumentArrays, type ArrayValue } from './evaluate/evaluateFunction.js';
import { instantiate, type Instance } from './plan/bind/instantiate.js';
import { largestMemory, plan } from './plan/plan.js';
import { simplify } from './simplify/simplify.js';
import { sizeOf } from './specs.js';
import type { Tensor } from './trace/tensor.js';
import { type ArgumentSpecs, type TensorFunction, trace } from './trace/trace.js';
import { type Structure, type Tree, unflatten } from './trace/tree.js';

/** Numbers with their shape, row-major; they may be handed in again. */
export interface ShapedArray {
  readonly data: DataArray;
  readonly shape: readonly number[];
}

/** A tree with a {@link ShapedArray} where the other has a tensor. */
export type ShapedArraysOf<T> = T extends Tensor ? ShapedArray : { readonly [K in keyof T]: ShapedArraysOf<T[K]> };

export interface JitOptions extends Omit<CompileOptions, 'workspace'> {
  /** plans to keep, the one not used for longest goes first; default 16. Each holds its memory */
  readonly maxPlans?: number;
}

/** A function of arrays of any shapes; its arguments are trees of {@link ArrayValue}. */
export interface Jitted<Args extends readonly unknown[], Result> {
  (...args: { [K in keyof Args]: Tree<ArrayValue> }): ShapedArraysOf<Result>;
  /** plans that are kept now */
  readonly plans: number;
}

/**
 * A function of tensors as a function of arrays, planned anew for every combination of shapes and types it meets.
 *
 * Where the shapes are known beforehand `compile` is the better choice: it allocates nothing per call.
 *
 * @param f function of tensor trees
 * @returns the function; results are fresh arrays with their shapes
 * @throws what `compile` throws, on the first call with arguments that do not fit
 * Cost: a plan (milliseconds) for arguments of a new shape, a lookup and copies of the results for one that is known.
 * @example
 * const norm = jit((x) => sum(square(x)));
 * norm([3, 4]).data; // [25]
 * norm({ data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] }).data; // [30]: another plan
 * norm.plans; // 2
 */
export function jit<Args extends readonly unknown[], Result>(
  f: (...args: Args) => Result,
  { maxPlans = 16, ...options }: JitOptions = {},
): Jitted<Args, Result> {
  requireInteger('jit', 'maxPlans', maxPlans, 1);
  const plans = new Map<string, Planned>();
  const call = (...args: readonly Tree<ArrayValue>[]): unknown => {
    const { values, specs } = argumentArrays('jit', args);
    const key = JSON.stringify(specs);
    const planned = plans.get(key) ?? planFor(f as unknown as TensorFunction, specs, options);
    // behind the others: what was used last is forgotten last
    plans.delete(key);
    plans.set(key, planned);
    if (plans.size > maxPlans) plans.delete(plans.keys().next().value!);
    const { instance, shapes, result } = planned;
    values.forEach((data, i) => {
      const { dtype, shape } = instance.plan.inputs[i];
      requireArray('jit', 'the data of an argument', data, dtype, sizeOf(shape));
      instance.inputs[i].set(data);
    });
    instance.run();
    return unflatten<ShapedArray>(
      result,
      instance.outputs.map((data, i) => ({ data: data.slice(), shape: shapes[i] })),
    );
  };
  return Object.defineProperty(call, 'plans', { get: () => plans.size }) as unknown as Jitted<Args, Result>;
}

interface Planned {
  readonly instance: Instance;
  readonly shapes: readonly (readonly number[])[];
  readonly result: Structure;
}

function planFor(f: TensorFunction, specs: ArgumentSpecs, options: JitOptions): Planned {
  const { deterministic, engine, memoryLimit = largestMemory } = options;
  const { program, result } = trace(f, specs);
  const planned = plan(simplify(program), { memoryLimit: Math.min(memoryLimit, largestMemory) });
  const workspace = createWorkspace({ bytes: planned.bytes, deterministic, engine });
  const shapes = program.outputs.map((value) => program.values[value].shape);
  return { instance: instantiate(planned, workspace), shapes, result };
}
