// Largest entry of each row of x (m, n) and where it is first found; NaN counts as largest, an empty row gives −∞ and 0.
// Any alignment, out may not overlap x. Twin: src/twin/rows.ts. One read per element, argmax two.

export function rowMaximum<T>(n: i32, x: usize): T {
  const lanes = <i32>(16 / sizeof<T>());
  let largest = v128.splat<T>(<T>-Infinity);
  for (; n >= lanes; n -= lanes) {
    largest = v128.max<T>(largest, v128.load(x));
    x += 16;
  }
  let result = max<T>(v128.extract_lane<T>(largest, 0), v128.extract_lane<T>(largest, 1));
  if (sizeof<T>() == 4) {
    result = max<T>(result, max<T>(v128.extract_lane<T>(largest, 2), v128.extract_lane<T>(largest, 3)));
  }
  for (; n > 0; --n) {
    result = max<T>(result, load<T>(x));
    x += sizeof<T>();
  }
  return result;
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
    const largest = rowMaximum<T>(n, x);
    let j = 0;
    if (largest != largest)
      while (j < n && load<T>(x + <usize>j * sizeof<T>()) == load<T>(x + <usize>j * sizeof<T>())) ++j;
    else while (j < n && load<T>(x + <usize>j * sizeof<T>()) != largest) ++j;
    store<i32>(out, j);
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
