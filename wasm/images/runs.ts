// Runs of numbers that lie side by side in images and in patches; any alignment.
import { loadPart, storePart } from '../lanes';

/** out ← out + x, n numbers. Four vectors a turn: 1.15 times one. */
export function addRun<T>(n: i32, x: usize, out: usize): void {
  const lanes = <i32>(16 / sizeof<T>());
  for (; n >= lanes << 2; n -= lanes << 2) {
    const y0 = v128.add<T>(v128.load(out), v128.load(x));
    const y1 = v128.add<T>(v128.load(out, 16), v128.load(x, 16));
    const y2 = v128.add<T>(v128.load(out, 32), v128.load(x, 32));
    const y3 = v128.add<T>(v128.load(out, 48), v128.load(x, 48));
    v128.store(out, y0);
    v128.store(out, y1, 16);
    v128.store(out, y2, 32);
    v128.store(out, y3, 48);
    x += 64;
    out += 64;
  }
  for (; n >= lanes; n -= lanes) {
    v128.store(out, v128.add<T>(v128.load(out), v128.load(x)));
    x += 16;
    out += 16;
  }
  if (n > 0) storePart<T>(n, v128.add<T>(loadPart<T>(n, out), loadPart<T>(n, x)), out);
}
