// What gemm does to rows of C outside the sums: C ← beta C before them, C ← max(C + bias, 0) after them.
// Any alignment; ldc in bytes; one read and one write of C.

export function scaleBlock<T>(m: i32, n: i32, beta: T, c: usize, ldc: usize): void {
  for (; m > 0; --m) {
    scaleRow<T>(n, beta, c);
    c += ldc;
  }
}

/** bias = 0: none. relu = 1: max(x, +0), NaN stays. */
export function finishBlock<T>(m: i32, n: i32, bias: usize, relu: i32, c: usize, ldc: usize): void {
  for (; m > 0; --m) {
    if (bias) addRow<T>(n, bias, c);
    if (relu) reluRow<T>(n, c);
    c += ldc;
  }
}

/** C ← beta C, or 0 without reading C when beta = 0: the product of empty sums. */
export function emptyProduct<T>(m: i32, n: i32, beta: T, c: usize, ldc: usize): void {
  if (beta != 0) return scaleBlock<T>(m, n, beta, c, ldc);
  for (; m > 0; --m) {
    memory.fill(c, 0, <usize>n * sizeof<T>());
    c += ldc;
  }
}

function scaleRow<T>(n: i32, beta: T, c: usize): void {
  const lanes = <i32>(16 / sizeof<T>());
  const b = v128.splat<T>(beta);
  for (; n >= lanes; n -= lanes) {
    v128.store(c, v128.mul<T>(b, v128.load(c)));
    c += 16;
  }
  for (; n > 0; --n) {
    store<T>(c, beta * load<T>(c));
    c += sizeof<T>();
  }
}

function addRow<T>(n: i32, bias: usize, c: usize): void {
  const lanes = <i32>(16 / sizeof<T>());
  for (; n >= lanes; n -= lanes) {
    v128.store(c, v128.add<T>(v128.load(c), v128.load(bias)));
    c += 16;
    bias += 16;
  }
  for (; n > 0; --n) {
    store<T>(c, load<T>(c) + load<T>(bias));
    c += sizeof<T>();
    bias += sizeof<T>();
  }
}

function reluRow<T>(n: i32, c: usize): void {
  const lanes = <i32>(16 / sizeof<T>());
  const zero = v128.splat<T>(0);
  for (; n >= lanes; n -= lanes) {
    v128.store(c, v128.max<T>(v128.load(c), zero));
    c += 16;
  }
  for (; n > 0; --n) {
    store<T>(c, max<T>(load<T>(c), 0));
    c += sizeof<T>();
  }
}
