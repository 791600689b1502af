import { refuse, requireFiniteEntries } from '@hyperribbon/contract';

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

/** A copy of times that ascend from 0 or later; repeated ones are allowed. @throws ArgumentError */
export function timesOf(caller: string, times: ArrayLike<number>): Float64Array {
  const copy = vectorOf(caller, 'times', times, times.length);
  copy.forEach((time, i) => {
    if (time < 0) refuse(caller, `times must be >= 0, got times[${i}]=${time}`);
    if (i > 0 && time < copy[i - 1]!) refuse(caller, `times must ascend, got ${time} after ${copy[i - 1]}; sort them`);
  });
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
