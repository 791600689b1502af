// A second implementation for the tests: loops over float64 numbers, nothing shared with the package but the layout.

export interface PlainMlp {
  readonly widths: readonly number[];
  readonly f: (x: number) => number;
  /** derivative of f in terms of its argument */
  readonly slope: (x: number) => number;
}

export const tanhMlp = (widths: readonly number[]): PlainMlp => ({
  widths,
  f: Math.tanh,
  slope: (x) => 1 - Math.tanh(x) ** 2,
});

/** Mean softmax cross-entropy (or ½‖z − e_y‖²) over the rows of x, its gradient, and the logits. */
export function plainLoss(
  { widths, f, slope }: PlainMlp,
  w: ArrayLike<number>,
  x: readonly ArrayLike<number>[],
  y: readonly number[],
  kind: 'softmaxCrossEntropy' | 'squaredError' = 'softmaxCrossEntropy',
): { loss: number; gradient: number[]; logits: number[][]; losses: number[] } {
  const gradient = Array.from({ length: w.length }, () => 0);
  const losses: number[] = [];
  const allLogits: number[][] = [];
  x.forEach((row, example) => {
    const h: number[][] = [Array.from(row)];
    const z: number[][] = [];
    const offsets: number[] = [];
    let offset = 0;
    for (let l = 1; l < widths.length; l++) {
      offsets.push(offset);
      const [a, b] = [widths[l - 1], widths[l]];
      const pre = Array.from({ length: b }, (_, j) => {
        let sum = w[offset + a * b + j];
        for (let i = 0; i < a; i++) sum += h[l - 1][i] * w[offset + i * b + j];
        return sum;
      });
      z.push(pre);
      h.push(l < widths.length - 1 ? pre.map(f) : pre);
      offset += a * b + b;
    }
    const logits = h.at(-1)!;
    allLogits.push(logits);
    let delta: number[];
    if (kind === 'softmaxCrossEntropy') {
      const top = Math.max(...logits);
      const e = logits.map((v) => Math.exp(v - top));
      const total = e.reduce((s, v) => s + v, 0);
      losses.push(top + Math.log(total) - logits[y[example]]);
      delta = e.map((v, c) => v / total - (c === y[example] ? 1 : 0));
    } else {
      delta = logits.map((v, c) => v - (c === y[example] ? 1 : 0));
      losses.push(delta.reduce((s, v) => s + v * v, 0) / 2);
    }
    for (let l = widths.length - 1; l >= 1; l--) {
      const [a, b] = [widths[l - 1], widths[l]];
      const at = offsets[l - 1];
      for (let j = 0; j < b; j++) {
        for (let i = 0; i < a; i++) gradient[at + i * b + j] += (h[l - 1][i] * delta[j]) / x.length;
        gradient[at + a * b + j] += delta[j] / x.length;
      }
      if (l > 1) {
        delta = Array.from({ length: a }, (_, i) => {
          let sum = 0;
          for (let j = 0; j < b; j++) sum += w[at + i * b + j] * delta[j];
          return sum * slope(z[l - 2][i]);
        });
      }
    }
  });
  return { loss: losses.reduce((s, v) => s + v, 0) / x.length, gradient, logits: allLogits, losses };
}

/** Argmax with the first of equals. */
export function argmax(values: readonly number[]): number {
  return values.indexOf(Math.max(...values));
}
