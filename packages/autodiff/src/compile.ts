import { ArgumentTypeError, refuseType, requireNoOthers } from '@hyperribbon/contract';
import { createWorkspace, type KernelInfo, type KernelOptions, type Workspace } from '@hyperribbon/kernels';
import { type DataArray, requireArray, requireDtype } from './dataArray.js';
import { instantiate, type Instance } from './plan/bind/instantiate.js';
import { largestMemory, plan, type Plan } from './plan/plan.js';
import { profile, type StepProfile } from './plan/bind/profile.js';
import { simplify } from './simplify/simplify.js';
import type { Spec } from './program.js';
import type { Tensor } from './trace/tensor.js';
import { trace, type ArgumentSpecs, type SpecTree, type TensorFunction } from './trace/trace.js';
import { unflatten, type Structure } from './trace/tree.js';

/** A tree with a typed array where the other has a tensor. */
export type ArraysOf<T> = T extends Tensor ? DataArray : { readonly [K in keyof T]: ArraysOf<T[K]> };

/** The same with numbers allowed for scalars: what a planned function takes. */
export type ArraysOrNumbers<T> = T extends Tensor
  ? DataArray | number
  : { readonly [K in keyof T]: ArraysOrNumbers<T[K]> };

/** A tree with a spec where the other has a tensor. */
export type SpecsOf<T> = T extends Tensor ? Spec : { readonly [K in keyof T]: SpecsOf<T[K]> };

/**
 * Specs for a function of these arguments: one tree each, nested as they are; or by name in order, where the names are free.
 * The last argument may be left out, for `hvp` takes the specs of its function.
 */
export type SpecsFor<Args extends readonly unknown[]> =
  | { readonly [K in keyof Args]: SpecsOf<Args[K]> }
  | (Args extends readonly [...infer Own, unknown] ? { readonly [K in keyof Own]: SpecsOf<Own[K]> } : never)
  | readonly Spec[] // of a length that is not known
  | Readonly<Record<string, SpecTree>>;

export interface CompileOptions extends KernelOptions {
  /** memory to plan into; default: a new workspace of exactly the size needed */
  readonly workspace?: Workspace;
  /** refuse to plan beyond this many bytes; default: the 4 GiB of WebAssembly */
  readonly memoryLimit?: number;
}

/** A planned function. Arrays it returns are its own: they are valid until the next call. */
export interface Compiled<Args extends readonly unknown[], Result> {
  (...args: { [K in keyof Args]: ArraysOrNumbers<Args[K]> }): ArraysOf<Result>;
  /** what runs, as data */
  readonly plan: Plan;
  readonly kernels: KernelInfo;
  /** Times of the steps on the arguments of the last call; see {@link StepProfile}. */
  profile(repeats?: number): StepProfile[];
}

/**
 * Traces a function of tensors, plans it once, and returns it as a function of typed arrays.
 *
 * A call copies its arguments into the plan's memory, runs, and returns views of that memory; it allocates nothing.
 * Copy a result that must outlive the next call.
 *
 * @param f function of tensor trees; `grad(f)`, `hvp(f)`, ... are such functions
 * @param specs one tree of specs per argument, in an array or by name in order. For `hvp(f)` those of f's arguments are enough
 * @returns the planned function; its arguments are trees like the specs, with typed arrays (or numbers for scalars)
 * @throws MemoryLimitError naming the bytes if the plan needs more than options.memoryLimit. A call throws ArgumentTypeError if an
 * array has the wrong type or length, RangeError if an index is out of range
 * Cost: planning takes milliseconds; memory is `programCost(program).bytes`.
 * @example
 * const product = compile(hvp((x) => sum(mul(x, tanh(x)))), { x: float64(3) });
 * product(Float64Array.of(0, 1, 2), Float64Array.of(1, 0, 0)); // [2, 0, 0]: a column of the Hessian
 */
export function compile<Args extends readonly unknown[], Result>(
  f: (...args: Args) => Result,
  specs: NoInfer<SpecsFor<Args>>,
  options: CompileOptions = {},
): Compiled<Args, Result> {
  const { deterministic, engine, memoryLimit = largestMemory, workspace: given, ...others } = options;
  requireNoOthers('compile', others, 'CompileOptions');
  const traced = trace(f as unknown as TensorFunction, specs as ArgumentSpecs);
  const planned = plan(simplify(traced.program), { memoryLimit: Math.min(memoryLimit, largestMemory) });
  const workspace = given ?? createWorkspace({ bytes: planned.bytes, deterministic, engine });
  const instance = instantiate(planned, workspace);
  const result = unflatten<DataArray>(traced.result, instance.outputs);
  const call = callable(loaders(traced.arguments, instance), () => {
    instance.run();
    return result;
  });
  const more = {
    plan: planned,
    kernels: workspace.info,
    profile: (repeats?: number): StepProfile[] => profile(instance, repeats),
  };
  return Object.assign(call, more) as unknown as Compiled<Args, Result>;
}

/** Copies one argument into the plan's inputs. */
type Load = (argument: unknown) => void;

function loaders(structures: readonly Structure[], instance: Instance): Load[] {
  let next = 0;
  const build = (structure: Structure, path: string): Load => {
    if (structure === null) return loadLeaf(instance.inputs[next++]!, path);
    const keys: readonly (string | number)[] =
      structure.kind === 'object' ? structure.keys : structure.children.map((_, i) => i);
    const place = (key: string | number): string => (typeof key === 'number' ? `${path}[${key}]` : `${path}.${key}`);
    const children = structure.children.map((child, i) => build(child, place(keys[i]!)));
    return (argument) => {
      const tree = argument as Readonly<Record<string | number, unknown>> | null | undefined;
      if (typeof tree !== 'object' || tree === null || ArrayBuffer.isView(tree)) {
        refuseType('compile', path, 'nested like its spec', argument);
      }
      for (let i = 0; i < children.length; i++) children[i]!(tree[keys[i]!]);
    };
  };
  return structures.map((structure, i) => build(structure, `argument ${i}`));
}

function loadLeaf(view: DataArray, path: string): Load {
  const { length } = view;
  const dtype = requireDtype('compile', path, view);
  return (argument) => {
    if (typeof argument === 'number' && length === 1) view[0] = argument;
    else {
      requireArray('compile', path, argument, dtype, length);
      view.set(argument as DataArray);
    }
  };
}

type Call = (...args: unknown[]) => unknown;

/** A function of as many parameters as there are loaders: a rest parameter would allocate an array per call. */
function callable(loads: readonly Load[], run: () => unknown): Call {
  const [a, b, c, d] = loads as [Load, Load, Load, Load];
  const none = (extra: unknown): void => {
    if (extra !== undefined) throw new ArgumentTypeError(`compile: expected ${loads.length} arguments, got more`);
  };
  switch (loads.length) {
    case 1:
      return (x, extra) => (none(extra), a(x), run());
    case 2:
      return (x, y, extra) => (none(extra), a(x), b(y), run());
    case 3:
      return (x, y, z, extra) => (none(extra), a(x), b(y), c(z), run());
    case 4:
      return (x, y, z, w, extra) => (none(extra), a(x), b(y), c(z), d(w), run());
    default:
      return (...args) => {
        none(args[loads.length]);
        loads.forEach((load, i) => load(args[i]));
        return run();
      };
  }
}
