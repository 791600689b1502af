// Largest entry of each row of x (m, n) and where it is first found; NaN counts as largest, an empty row gives −∞ and 0.
// Any alignment, out may not overlap x. Twin: src/twin/rows.ts. One read per element, argmax two.

export function rowMaximum<T>(n: i32, x: usize): T {
  const lanes = <i32>(16 / sizeof<T>());
  let a = v128.splat<T>(<T>-Infinity);
  // four chains: v128.max takes several instructions one after the other on x86
  if (n >= 4 * lanes) {
    let b = a;
    let c = a;
    let d = a;
    for (; n >= 4 * lanes; n -= 4 * lanes) {
      a = v128.max<T>(a, v128.load(x));
      b = v128.max<T>(b, v128.load(x, 16));
      c = v128.max<T>(c, v128.load(x, 32));
      d = v128.max<T>(d, v128.load(x, 48));
      x += 64;
    }
    a = v128.max<T>(v128.max<T>(a, b), v128.max<T>(c, d));
  }
  for (; n >= lanes; n -= lanes) {
    a = v128.max<T>(a, v128.load(x));
    x += 16;
  }
  let result = max<T>(v128.extract_lane<T>(a, 0), v128.extract_lane<T>(a, 1));
  if (sizeof<T>() == 4) {
    result = max<T>(result, max<T>(v128.extract_lane<T>(a, 2), v128.extract_lane<T>(a, 3)));
  }
  for (; n > 0; --n) {
    result = max<T>(result, load<T>(x));
    x += sizeof<T>();
  }
  return result;
}

/** index of the first NaN if the largest is NaN, else of the first entry equal to it: whole vectors, then one by one */
function firstOf<T>(n: i32, x: usize, largest: T): i32 {
  const lanes = <i32>(16 / sizeof<T>());
  const wanted = v128.splat<T>(largest);
  const missing = largest != largest;
  let j = 0;
  for (; j + lanes <= n; j += lanes) {
    const v = v128.load(x);
    if (v128.any_true(missing ? v128.ne<T>(v, v) : v128.eq<T>(v, wanted))) break;
    x += 16;
  }
  for (; j < n; ++j) {
    const value = load<T>(x);
    if (missing ? value != value : value == largest) break;
    x += sizeof<T>();
  }
  return j;
}

function maxRows<T>(m: i32, n: i32, x: usize, out: usize): void {
  for (; m > 0; --m) {
    store<T>(out, rowMaximum<T>(n, x));
    x += <usize>n * sizeof<T>();
    out += sizeof<T>();
  }
}

function argmaxRows<T>(m: i32, n: i32, x: usize, out: usize): void {
  for (; m > 0; --m) {
    store<i32>(out, firstOf<T>(n, x, rowMaximum<T>(n, x)));
    x += <usize>n * sizeof<T>();
    out += 4;
  }
}

export function maxRows32(m: i32, n: i32, x: usize, out: usize): void {
  maxRows<f32>(m, n, x, out);
}

export function maxRows64(m: i32, n: i32, x: usize, out: usize): void {
  maxRows<f64>(m, n, x, out);
}

export function argmaxRows32(m: i32, n: i32, x: usize, out: usize): void {
  argmaxRows<f32>(m, n, x, out);
}

export function argmaxRows64(m: i32, n: i32, x: usize, out: usize): void {
  argmaxRows<f64>(m, n, x, out);
}
