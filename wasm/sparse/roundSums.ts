/** out ← sums (float64), rounded to the storage type; nothing to do where out is sums. */
export function roundSums<T>(n: i32, sums: usize, out: usize): void {
  if (sums == out) return;
  for (; n > 0; --n) {
    store<T>(out, <T>load<f64>(sums));
    sums += 8;
    out += sizeof<T>();
  }
}
