import { refuse, requireFiniteEntries, requireLength } from '@hyperribbon/contract';

/** A float64 copy of finite numbers of the given length or shape. @throws ArgumentError */
export function vectorOf(
  caller: string,
  name: string,
  values: ArrayLike<number>,
  shape: number | readonly number[],
): Float64Array {
  requireFiniteEntries(caller, name, values, shape);
  return Float64Array.from(values);
}

/** A copy of times that ascend from 0 or later, up to Infinity, the limit; repeated ones are allowed. @throws ArgumentError */
export function timesOf(caller: string, times: ArrayLike<number>): Float64Array {
  requireLength(caller, 'times', times, times?.length);
  const finite = Array.from(times, (t) => (t === Infinity ? 0 : t));
  requireFiniteEntries(caller, 'times', finite);
  const copy = Float64Array.from(times);
  copy.forEach((time, i) => {
    if (time < 0) refuse(caller, `times must be >= 0, got times[${i}]=${time}`);
    if (i > 0 && time < copy[i - 1]!) refuse(caller, `times must ascend, got ${time} after ${copy[i - 1]}; sort them`);
  });
  return copy;
}

/** The same of an integration, which comes to no limit. @throws ArgumentError; `instead` says what does */
export function finiteTimesOf(caller: string, times: ArrayLike<number>, instead: string): Float64Array {
  const copy = timesOf(caller, times);
  const last = copy[copy.length - 1];
  if (last === Infinity)
    refuse(caller, `times must be finite where steps are taken, got Infinity; for the limit use ${instead}`);
  return copy;
}

/** @param slack by how much two mirrored entries of the matrix (n, n) may differ. @throws ArgumentError */
export function requireSymmetric(caller: string, name: string, a: Float64Array, n: number, slack: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const [below, above] = [a[i * n + j]!, a[j * n + i]!];
      if (Math.abs(below - above) > slack)
        refuse(caller, `${name} must be symmetric, got ${below} at (${i}, ${j}) and ${above} at (${j}, ${i})`);
    }
  }
}
