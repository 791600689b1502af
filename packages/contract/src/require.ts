// The verbs that check arguments at a public boundary. Each names the function that was called and the argument, shows the value, and
// returns nothing: what passes is used as it is.
import { ArgumentError, ArgumentTypeError } from './argumentError.js';
import { type FloatArray, isFloatArray, typedArrayName } from './floatArray.js';

/** @throws ArgumentError with the given sentence: for conditions that have no verb of their own */
export function refuse(caller: string, sentence: string): never {
  throw new ArgumentError(`${caller}: ${sentence}`);
}

/** @throws ArgumentTypeError: `name` must be `expected`, and what was found instead */
export function refuseType(caller: string, name: string, expected: string, found: unknown): never {
  throw new ArgumentTypeError(`${caller}: ${name} must be ${expected}, got ${describe(found)}`);
}

/** What an error shows of a value: short, whatever it is. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === 'function') return `a function`;
  if (value === null || typeof value !== 'object') return String(value);
  const kind = Array.isArray(value) ? 'array' : typedArrayName(value) || (value.constructor?.name ?? 'object');
  const { length } = value as { length?: unknown };
  return `${/^[AEIOU]/i.test(kind) ? 'an' : 'a'} ${kind}${typeof length === 'number' ? ` of length ${length}` : ''}`;
}

function requireNumber(caller: string, name: string, value: unknown): asserts value is number {
  if (typeof value !== 'number') refuseType(caller, name, 'a number', value);
}

function must(holds: boolean, caller: string, name: string, what: string, value: number): void {
  if (!holds) throw new ArgumentError(`${caller}: ${name} must be ${what}, got ${name}=${value}`);
}

/** Options: an object. What `= {}` stands for is undefined, never null. */
export function requireOptions(caller: string, options: unknown, expected = 'an object', name = 'options'): void {
  if (typeof options !== 'object' || options === null) refuseType(caller, name, expected, options);
}

/**
 * Options that a function knows, and no others: `const { tol = 1e-6, ...others } = options; requireNoOthers('f', others, 'FOptions')`.
 *
 * @param others what is left of the options once all that are known are taken out
 * @throws ArgumentError naming the first of them: a misspelt option would be left unused
 */
export function requireNoOthers(caller: string, others: object, type: string): void {
  const [name] = Object.keys(others);
  if (name !== undefined) refuse(caller, `there is no option ${name}; those that there are stand in ${type}`);
}

/** The same where the names are better listed. @throws ArgumentError naming the first option that is not among them, and all that are */
export function requireOnly(caller: string, options: object, known: readonly string[]): void {
  const name = Object.keys(options).find((key) => !known.includes(key));
  if (name !== undefined) refuse(caller, `there is no option ${name}; there are ${known.join(', ')}`);
}

/** An integer in [low, high]. */
export function requireInteger(
  caller: string,
  name: string,
  value: number,
  low: number,
  high: number = Infinity,
): void {
  requireNumber(caller, name, value);
  const what = high === Infinity ? `an integer >= ${low}` : `an integer in [${low}, ${high}]`;
  must(Number.isSafeInteger(value) && value >= low && value <= high, caller, name, what, value);
}

/** Integers >= 1, sizes above all: requireCounts('f', { rows, columns }). */
export function requireCounts(caller: string, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) requireInteger(caller, name, count, 1);
}

/** One verb for several numbers: requireEach(requirePositive, 'f', { decay, horizon }). */
export function requireEach(
  verb: (caller: string, name: string, value: number) => void,
  caller: string,
  values: Readonly<Record<string, number>>,
): void {
  for (const [name, value] of Object.entries(values)) verb(caller, name, value);
}

/** An integer in [0, 2^53 − 1], the name of a random stream. */
export function requireSeed(caller: string, value: number, name = 'seed'): void {
  requireNumber(caller, name, value);
  must(Number.isSafeInteger(value) && value >= 0, caller, name, 'an integer in [0, 2^53 - 1]', value);
}

/** A finite number. */
export function requireFinite(caller: string, name: string, value: number): void {
  requireNumber(caller, name, value);
  must(Number.isFinite(value), caller, name, 'finite', value);
}

/** 0 < value < ∞. */
export function requirePositive(caller: string, name: string, value: number): void {
  requireNumber(caller, name, value);
  must(value > 0 && value < Infinity, caller, name, 'finite and > 0', value);
}

/** 0 ≤ value < ∞. */
export function requireNonNegative(caller: string, name: string, value: number): void {
  requireNumber(caller, name, value);
  must(value >= 0 && value < Infinity, caller, name, 'finite and >= 0', value);
}

/** low ≤ value ≤ high. */
export function requireWithin(caller: string, name: string, value: number, low: number, high: number): void {
  requireNumber(caller, name, value);
  must(value >= low && value <= high, caller, name, `in [${low}, ${high}]`, value);
}

/** low < value < high. */
export function requireBetween(caller: string, name: string, value: number, low: number, high: number): void {
  requireNumber(caller, name, value);
  must(value > low && value < high, caller, name, `in (${low}, ${high})`, value);
}

/** One of the given words or numbers. */
export function requireOneOf<const T extends string | number>(
  caller: string,
  name: string,
  value: unknown,
  allowed: readonly T[],
): asserts value is T {
  if (!allowed.includes(value as T)) {
    const list = allowed.map((option) => (typeof option === 'string' ? `'${option}'` : option)).join(', ');
    throw new ArgumentError(`${caller}: ${name} must be one of ${list}, got ${describe(value)}`);
  }
}

/** A Float32Array or Float64Array, of any realm; of the given length or shape where there is one. */
export function requireFloatArray(
  caller: string,
  name: string,
  value: unknown,
  length?: number | readonly number[],
): asserts value is FloatArray {
  if (!isFloatArray(value)) refuseType(caller, name, 'a Float32Array or Float64Array', value);
  if (length !== undefined) requireLength(caller, name, value, length);
}

/** Anything with `length` entries; where `length` lists the sizes of a shape, with as many as that holds. */
export function requireLength(
  caller: string,
  name: string,
  value: ArrayLike<unknown>,
  length: number | readonly number[],
): void {
  if (typeof value !== 'object' || value === null || typeof value.length !== 'number')
    refuseType(caller, name, 'an array of numbers', value);
  const entries = typeof length === 'number' ? length : length.reduce((product, size) => product * size, 1);
  if (value.length !== entries) {
    const what = typeof length === 'number' ? `length ${length}` : `shape (${length.join(', ')}), ${entries} numbers`;
    throw new ArgumentError(`${caller}: ${name} must have ${what}, got ${value.length}`);
  }
}

/** Every entry finite: the first that is not is shown. Of the given length or shape where there is one. */
export function requireFiniteEntries(
  caller: string,
  name: string,
  values: ArrayLike<number>,
  length: number | readonly number[] = values?.length,
): void {
  requireLength(caller, name, values, length);
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]))
      throw new ArgumentError(`${caller}: ${name} must be finite, got ${name}[${i}]=${values[i]}; remove or repair it`);
  }
}
