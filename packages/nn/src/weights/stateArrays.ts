import { describe, isFloatArray, refuse, typedArrayName } from '@hyperribbon/contract';
import { sizeOf } from '../parameterLayout.js';
import { caller, written, type NamedArray } from './namedArray.js';
import { isLeftAside, namesOf } from './stateNames.js';

type Arrays = ReadonlyMap<string, NamedArray>;

/** An array of a state, under the name that it has there. */
export interface StateArray extends NamedArray {
  readonly source: string;
}

/** Which arrays of a state are which of a network's. */
export interface Matched {
  /** by the network's names */
  readonly arrays: ReadonlyMap<string, StateArray>;
  /** names of the state that the network has no use for, and that act */
  readonly unused: readonly string[];
  /** names that no network computes with */
  readonly aside: readonly string[];
}

/**
 * Pairs arrays with the names of a network: by the whole name, without what wrappers put before it, and as other libraries call it.
 *
 * @throws ArgumentError where two arrays are the same one of the network's
 */
export function matchNames(names: readonly string[], given: Arrays): Matched {
  const arrays = new Map<string, StateArray>();
  const [unused, aside]: [string[], string[]] = [[], []];
  const wanted = new Map(
    names.flatMap((name) =>
      namesOf(name)
        .slice(0, 1)
        .map((plain) => [plain, name]),
    ),
  );
  for (const [source, array] of withHeadsJoined(given)) {
    const found = given.has(source) && names.includes(source) ? source : undefined;
    const name = found ?? namesOf(source).flatMap((other) => wanted.get(other) ?? [])[0];
    if (name === undefined) {
      (isLeftAside(source) ? aside : unused).push(source);
      continue;
    }
    const earlier = arrays.get(name);
    if (earlier !== undefined) refuse(caller, `${earlier.source} and ${source} are both ${name} by their names`);
    requireNumbers(source, array);
    arrays.set(name, { ...array, source });
  }
  return { arrays, unused, aside };
}

/** HF's vision transformers keep queries, keys and values apart; (3n, n) and (3n,) are the three one after the other. */
function withHeadsJoined(given: Arrays): Arrays {
  const joined = new Map<string, NamedArray>();
  for (const [name, array] of given) {
    const [, at, part, kind] = /^(.*\.attention)\.(query|key|value)\.(weight|bias)$/.exec(name) ?? [];
    const all = ['query', 'key', 'value'].map((own) => given.get(`${at}.${own}.${kind}`));
    if (at === undefined || all.includes(undefined)) joined.set(name, array);
    else if (part === 'query') joined.set(`${at}.in_proj_${kind}`, stacked(all as NamedArray[]));
  }
  return joined;
}

function stacked(arrays: readonly NamedArray[]): NamedArray {
  const [{ shape }] = arrays;
  const numbers = arrays.flatMap(({ data }) => Array.from(data, Number));
  const wide = arrays.some(({ data }) => typedArrayName(data) === 'Float64Array');
  return {
    shape: [shape[0] * arrays.length, ...shape.slice(1)],
    data: wide ? Float64Array.from(numbers) : Float32Array.from(numbers),
  };
}

function requireNumbers(name: string, { shape, data }: NamedArray): void {
  if (!isFloatArray(data)) refuse(caller, `${name} must hold float32 or float64 numbers, got ${describe(data)}`);
  const length = sizeOf(shape);
  if (data.length !== length)
    refuse(caller, `${name} has shape ${written(shape)}, that is ${length} numbers, but holds ${data.length}`);
}
