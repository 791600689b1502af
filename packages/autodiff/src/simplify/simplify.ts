import type { Equation, Program } from '../program.js';
import { apply } from '../trace/apply.js';
import { collect } from '../trace/collect.js';
import { freshInputs, replay } from '../trace/replay.js';
import type { Tensor } from '../trace/tensor.js';

/**
 * The same function with less work: equal equations are computed once, trivial ones (x·1, reshape of reshape, transposes
 * before a product, ...) are folded, and what reaches no output is dropped. Inputs and outputs keep their places.
 *
 * Values do not change, with one exception: adding −0 + 0 may keep the sign of zero. Cost: a few passes.
 * @example simplify(trace((x) => add(tanh(x), tanh(x)), [float64(2)]).program).equations.map(({ op }) => op); // ['tanh', 'add']
 */
export function simplify(program: Program): Program {
  const inputs = freshInputs(program);
  const simpler = collect(inputs, replay(program, inputs, shareEqual()), false).program;
  // a fold may leave new equal equations behind: one more look costs little
  return simpler.equations.length < program.equations.length ? simplify(simpler) : simpler;
}

/** Applies equations, giving back the earlier tensor where an equal one exists. */
function shareEqual(): (equation: Equation, inputs: readonly Tensor[]) => Tensor {
  const seen = new Map<string, Tensor>();
  const identity = new Map<Tensor, number>();
  const numberOf = (x: Tensor): number => {
    const known = identity.get(x);
    if (known !== undefined) return known;
    identity.set(x, identity.size);
    return identity.size - 1;
  };
  const share = (x: Tensor): Tensor => {
    if (x.origin.kind !== 'equation') return x;
    const { op, inputs, params } = x.origin;
    const key = `${op} ${inputs.map(numberOf).join(' ')} ${canonical(params)}`;
    const earlier = seen.get(key);
    if (earlier !== undefined) return earlier;
    seen.set(key, x);
    return x;
  };
  return ({ op, params }, inputs) => share(apply(op, inputs, params));
}

/** JSON with sorted keys: equal parameters give equal text. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, x]) => x !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, x]) => `${key}:${canonical(x)}`)
    .join(',')}}`;
}
