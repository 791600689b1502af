// out (n, m, run) ← x (m, n, run) with the first two axes swapped: runs of numbers move as they are. Any alignment, out may not
// overlap x. Twin: src/twin/movement.ts. Bytes per element: 2 sizeof(T).

import { loadPart, storePart } from '../lanes';

function copyRun<T>(n: i32, x: usize, out: usize): void {
  const lanes = <i32>(16 / sizeof<T>());
  for (; n >= lanes; n -= lanes) {
    v128.store(out, v128.load(x));
    x += 16;
    out += 16;
  }
  if (n > 0) storePart<T>(n, loadPart<T>(n, x), out);
}

function transposeRuns<T>(m: i32, n: i32, run: i32, x: usize, out: usize): void {
  const bytes = <usize>run * sizeof<T>();
  const row = <usize>n * bytes;
  for (; n > 0; --n) {
    let from = x;
    for (let i = 0; i < m; ++i) {
      copyRun<T>(run, from, out);
      from += row;
      out += bytes;
    }
    x += bytes;
  }
}

export function transposeRuns32(m: i32, n: i32, run: i32, x: usize, out: usize): void {
  transposeRuns<f32>(m, n, run, x, out);
}

export function transposeRuns64(m: i32, n: i32, run: i32, x: usize, out: usize): void {
  transposeRuns<f64>(m, n, run, x, out);
}
