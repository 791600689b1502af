/** Checks at the public boundary of this folder: each names the function, the argument, its value and what to do. */

export function requireReal(where: string, name: string, value: number): void {
  if (typeof value !== 'number') throw new TypeError(`${where}: ${name} must be a number, got ${typeof value}`);
  if (!Number.isFinite(value)) throw new RangeError(`${where}: ${name} must be finite, got ${name}=${value}`);
}

export function requirePositive(where: string, name: string, value: number): void {
  requireReal(where, name, value);
  if (!(value > 0)) throw new RangeError(`${where}: ${name} must be > 0, got ${name}=${value}`);
}

export function requireNonNegative(where: string, name: string, value: number): void {
  requireReal(where, name, value);
  if (value < 0) throw new RangeError(`${where}: ${name} must be >= 0, got ${name}=${value}`);
}

export function requireCount(where: string, name: string, value: number, least = 1): void {
  if (!Number.isInteger(value) || value < least) {
    throw new RangeError(`${where}: ${name} must be an integer >= ${least}, got ${name}=${value}`);
  }
}

/** An array of `length` finite numbers; `shape` says in words what it holds. */
export function requireArray(
  where: string,
  name: string,
  array: ArrayLike<number>,
  length: number,
  shape: string,
): void {
  if (array === null || typeof array !== 'object' || typeof array.length !== 'number') {
    throw new TypeError(`${where}: ${name} must be an array of numbers of shape ${shape}, got ${String(array)}`);
  }
  if (array.length !== length) {
    throw new RangeError(`${where}: ${name} must have shape ${shape}, ${length} numbers, got ${array.length}`);
  }
  for (let i = 0; i < length; i++) {
    if (!Number.isFinite(array[i])) {
      throw new RangeError(`${where}: ${name} must be finite, got ${name}[${i}]=${array[i]}; remove or repair it`);
    }
  }
}

/** Times that ascend from 0 or later; repeated ones are allowed. */
export function requireTimes(where: string, times: ArrayLike<number>): Float64Array {
  requireArray(where, 'times', times, times.length, '(times,)');
  for (let i = 0; i < times.length; i++) {
    if (times[i]! < 0) throw new RangeError(`${where}: times must be >= 0, got times[${i}]=${times[i]}`);
    if (i > 0 && times[i]! < times[i - 1]!) {
      throw new RangeError(`${where}: times must ascend, got ${times[i]} after ${times[i - 1]}; sort them`);
    }
  }
  return Float64Array.from(times);
}

/** `value` is one of `allowed`. */
export function requireOneOf(where: string, name: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value)) {
    const list = allowed.map((v) => `'${v}'`).join(', ');
    throw new RangeError(`${where}: ${name} must be one of ${list}, got '${value}'`);
  }
}
