// out ← x y + z and out ← condition ≠ 0 ? x : y for n elements, any alignment, out may be an input. Twin: src/twin/ternary.ts.
// multiplyAdd: 2 flops and 4 sizeof(T) bytes per element, rounded twice.

import { loadPart, storePart } from '../lanes';
import { multiplyAdd } from '../multiplyAdd';

// Four vectors a turn: 1.2 to 1.8 times one.
function map<T>(n: i32, x: usize, y: usize, z: usize, out: usize): void {
  const lanes = <i32>(16 / sizeof<T>());
  for (; n >= lanes << 2; n -= lanes << 2) {
    const s0 = multiplyAdd<T>(v128.load(x), v128.load(y), v128.load(z));
    const s1 = multiplyAdd<T>(v128.load(x, 16), v128.load(y, 16), v128.load(z, 16));
    const s2 = multiplyAdd<T>(v128.load(x, 32), v128.load(y, 32), v128.load(z, 32));
    const s3 = multiplyAdd<T>(v128.load(x, 48), v128.load(y, 48), v128.load(z, 48));
    v128.store(out, s0);
    v128.store(out, s1, 16);
    v128.store(out, s2, 32);
    v128.store(out, s3, 48);
    x += 64;
    y += 64;
    z += 64;
    out += 64;
  }
  for (; n >= lanes; n -= lanes) {
    v128.store(out, multiplyAdd<T>(v128.load(x), v128.load(y), v128.load(z)));
    x += 16;
    y += 16;
    z += 16;
    out += 16;
  }
  if (n > 0) storePart<T>(n, multiplyAdd<T>(loadPart<T>(n, x), loadPart<T>(n, y), loadPart<T>(n, z)), out);
}

function choose<T>(condition: v128, x: v128, y: v128): v128 {
  return v128.bitselect(y, x, v128.eq<T>(condition, v128.splat<T>(0)));
}

function select<T>(n: i32, condition: usize, x: usize, y: usize, out: usize): void {
  const lanes = <i32>(16 / sizeof<T>());
  for (; n >= lanes << 2; n -= lanes << 2) {
    const s0 = choose<T>(v128.load(condition), v128.load(x), v128.load(y));
    const s1 = choose<T>(v128.load(condition, 16), v128.load(x, 16), v128.load(y, 16));
    const s2 = choose<T>(v128.load(condition, 32), v128.load(x, 32), v128.load(y, 32));
    const s3 = choose<T>(v128.load(condition, 48), v128.load(x, 48), v128.load(y, 48));
    v128.store(out, s0);
    v128.store(out, s1, 16);
    v128.store(out, s2, 32);
    v128.store(out, s3, 48);
    condition += 64;
    x += 64;
    y += 64;
    out += 64;
  }
  for (; n >= lanes; n -= lanes) {
    v128.store(out, choose<T>(v128.load(condition), v128.load(x), v128.load(y)));
    condition += 16;
    x += 16;
    y += 16;
    out += 16;
  }
  if (n > 0) storePart<T>(n, choose<T>(loadPart<T>(n, condition), loadPart<T>(n, x), loadPart<T>(n, y)), out);
}

export function multiplyAdd32(n: i32, x: usize, y: usize, z: usize, out: usize): void {
  map<f32>(n, x, y, z, out);
}

export function multiplyAdd64(n: i32, x: usize, y: usize, z: usize, out: usize): void {
  map<f64>(n, x, y, z, out);
}

export function select32(n: i32, condition: usize, x: usize, y: usize, out: usize): void {
  select<f32>(n, condition, x, y, out);
}

export function select64(n: i32, condition: usize, x: usize, y: usize, out: usize): void {
  select<f64>(n, condition, x, y, out);
}
