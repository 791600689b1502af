import { constant, type Tensor } from '@hyperribbon/autodiff';
import { floatArray, refuse, refuseType } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { requireWeights } from './examples.js';
import type { Network, ParameterSpec, ParameterTensors } from './network.js';
import { networkProgram } from './networkProgram.js';
import { sizeOf, totalSize } from './parameterLayout.js';

/** Which parameters: those whose name a pattern finds, whose name is listed, or whose name a function says yes to. */
export type ParameterFilter = RegExp | readonly string[] | ((name: string) => boolean);

/** A part of a whole network's flat vector. */
export interface ParameterRange {
  readonly name: string;
  /** entries [from, to) of the whole vector */
  readonly from: number;
  readonly to: number;
}

/** A network of which some parameters remain, and where they are in the whole vector. */
export interface Restriction {
  /** the parameters that were chosen; the others are constants of its function */
  readonly network: Network;
  /** (network.size,) a copy of their values */
  readonly params: FloatArray;
  /** of the chosen parameters, in their order */
  readonly ranges: readonly ParameterRange[];
  /** length of the whole vector */
  readonly wholeSize: number;
}

/**
 * The same function of fewer parameters: those chosen remain, all others become constants of the program. Everything that takes a network takes
 * the result, and answers for the chosen parameters alone: its Hessian is the block of theirs.
 *
 * @param params flat weights (size,): the values of the chosen parameters, and the constants
 * @param which a pattern, names, or a function of names; order and number of the result are the network's
 * @returns network, weights (chosen size,), and where they stand in the whole vector
 * @throws ArgumentError for weights that do not fit, names that no parameter has, and where nothing is chosen, listing what there is
 * Cost: traces the network once; its programs hold the constants
 * @example
 * const last = restrict(net, run.params, /^(W|b)2$/);
 * const H = hessian(last.network, last.params, digits.train);
 * const { vectors } = await eigsh(H, { k: 1 });
 * const step = expandRestricted(last, vectors); // (net.size,), zero elsewhere
 */
export function restrict(network: Network, params: FloatArray, which: ParameterFilter): Restriction {
  requireWeights('restrict', 'params', network, params);
  const chosen = chosenParameters('restrict', network, which);
  const ranges = rangesOf(network);
  const kept = network.parameters.flatMap((_, i) => (chosen.has(i) ? [i] : []));
  const parts = kept.map((i) => ranges[i]);
  const wholeSize = network.size;
  if (kept.length === ranges.length) return { network, params: params.slice(), ranges, wholeSize };
  const parameters = withStarts(network).filter((_, i) => chosen.has(i));
  const size = totalSize(parameters);
  const frozen = network.parameters.flatMap(({ name, shape }, i) =>
    chosen.has(i) ? [] : [{ name, shape, values: params.slice(ranges[i].from, ranges[i].to) }],
  );
  const constantsLike = frozenTensors(frozen);
  // what describes the whole network describes no part of it
  const { applyTraining, architecture: _text, description: _modules, ...whole } = network;
  const narrowed: Network = {
    ...whole,
    parameters,
    size,
    init: (seed, dtype) => collect(parts, network.init(seed, dtype)),
    apply: (chosenParams, x, buffers) => network.apply({ ...constantsLike(x), ...chosenParams }, x, buffers),
    ...(applyTraining && {
      applyTraining: (chosenParams, x, mode) => applyTraining({ ...constantsLike(x), ...chosenParams }, x, mode),
    }),
  };
  return { network: narrowed, params: collect(parts, params), ranges: parts, wholeSize };
}

/**
 * A whole vector from one of a restriction: its numbers where the chosen parameters are.
 *
 * @param values (network.size,) of the restricted network
 * @param into (wholeSize,) what the rest is, written over; default zeros of the dtype of `values`
 * @returns `into`
 * @throws ArgumentError for other lengths
 * @example
 * const part = restrict(net, run.params, ['W1']);
 * const whole = expandRestricted(part, part.params, run.params.slice()); // run.params again
 */
export function expandRestricted(
  { network, ranges, wholeSize }: Pick<Restriction, 'network' | 'ranges' | 'wholeSize'>,
  values: FloatArray,
  into: FloatArray = floatArray(values.BYTES_PER_ELEMENT === 8 ? 'float64' : 'float32', wholeSize),
): FloatArray {
  if (values.length !== network.size)
    refuse('expandRestricted', `values must hold the ${network.size} weights that were chosen, got ${values.length}`);
  if (into.length !== wholeSize)
    refuse('expandRestricted', `into must hold all ${wholeSize} weights, got ${into.length}`);
  let offset = 0;
  for (const { from, to } of ranges) {
    into.set(values.subarray(offset, offset + to - from), from);
    offset += to - from;
  }
  return into;
}

/**
 * The numbers of a whole vector where the chosen parameters are: the inverse of {@link expandRestricted}; copies.
 *
 * @param whole (wholeSize,)
 * @returns (network.size,) of the restricted network
 */
export function collectRestricted(
  { ranges, wholeSize }: Pick<Restriction, 'ranges' | 'wholeSize'>,
  whole: FloatArray,
): FloatArray {
  if (whole.length !== wholeSize)
    refuse('collectRestricted', `whole must hold all ${wholeSize} weights, got ${whole.length}`);
  return collect(ranges, whole);
}

/**
 * Numbers of the parameters that a filter chooses.
 *
 * @throws ArgumentError where none is, or a name is nobody's; ArgumentTypeError for what is no filter
 */
export function chosenParameters(
  caller: string,
  { name: label, parameters }: Pick<Network, 'name' | 'parameters'>,
  which: ParameterFilter,
): ReadonlySet<number> {
  const names = parameters.map(({ name }) => name);
  const listed = Array.isArray(which) ? (which as readonly unknown[]) : undefined;
  const unknown = listed?.find((name) => !names.includes(name as string));
  if (unknown !== undefined)
    refuse(caller, `${label} has no parameter ${JSON.stringify(unknown)}; it has ${listing(names)}`);
  const chooses = listed ? (name: string): boolean => listed.includes(name) : chooserOf(caller, which);
  const chosen = new Set(names.flatMap((name, i) => (chooses(name) ? [i] : [])));
  if (chosen.size === 0)
    refuse(caller, `parameters must choose one at least, but ${told(which)} matches none of ${listing(names)}`);
  return chosen;
}

function chooserOf(caller: string, which: ParameterFilter): (name: string) => boolean {
  if (typeof which === 'function') return which;
  // patterns may come from another realm
  const { source, flags } = (which ?? {}) as Partial<RegExp>;
  if (typeof source !== 'string' || typeof flags !== 'string')
    return refuseType(caller, 'parameters', 'a RegExp, a list of names or a function of names', which);
  // with g or y a pattern would go on where its last match ended
  const pattern = new RegExp(source, flags.replace(/[gy]/g, ''));
  return (name) => pattern.test(name);
}

function told(which: ParameterFilter): string {
  if (typeof which === 'function') return 'the function';
  return Array.isArray(which) ? 'an empty list' : String(which);
}

function listing(names: readonly string[]): string {
  const shown = names.slice(0, 30).join(', ');
  return names.length > 30 ? `${shown} and ${names.length - 30} more` : shown;
}

/** Where each parameter is in the flat vector. */
function rangesOf({ parameters }: Pick<Network, 'parameters'>): readonly ParameterRange[] {
  let from = 0;
  return parameters.map(({ name, shape }) => {
    const range = { name, from, to: from + sizeOf(shape) };
    from = range.to;
    return range;
  });
}

function collect(ranges: readonly ParameterRange[], whole: FloatArray): FloatArray {
  const size = ranges.reduce((sum, { from, to }) => sum + to - from, 0);
  const out = floatArray(whole.BYTES_PER_ELEMENT === 8 ? 'float64' : 'float32', size);
  let offset = 0;
  for (const { from, to } of ranges) {
    out.set(whole.subarray(from, to), offset);
    offset += to - from;
  }
  return out;
}

/** Parameters whose starts do not hang on a layer that may be constant in part. */
function withStarts(network: Network): readonly ParameterSpec[] {
  const { layers } = networkProgram(network, 2);
  return network.parameters.map((spec, i) => {
    const fanIn = layers.find(({ weight, bias }) => weight === i || bias === i)?.inputs;
    return spec.start !== undefined || fanIn === undefined
      ? spec
      : { ...spec, start: { uniform: 1 / Math.sqrt(fanIn) } };
  });
}

/** Frozen parameters in the dtype of the examples; every trace of a dtype shares their numbers. */
function frozenTensors(
  frozen: readonly { readonly name: string; readonly shape: readonly number[]; readonly values: FloatArray }[],
): (x: Tensor) => ParameterTensors {
  const typed = new Map<string, readonly FloatArray[]>();
  return ({ dtype }) => {
    let arrays = typed.get(dtype);
    if (arrays === undefined) {
      arrays = frozen.map(({ values }) => floatArray(dtype as Dtype, values));
      typed.set(dtype, arrays);
    }
    return Object.fromEntries(frozen.map(({ name, shape }, i) => [name, constant(arrays[i], shape)]));
  };
}
