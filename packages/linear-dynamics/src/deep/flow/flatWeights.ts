import type { DeepLinearNet } from '../deepLinearNet.js';

/** All weights one after the other, as the integrators see them. */
export function flatten(net: DeepLinearNet): Float64Array {
  const flat = new Float64Array(net.weights.reduce((size, w) => size + w.length, 0));
  let from = 0;
  for (const w of net.weights) {
    flat.set(w, from);
    from += w.length;
  }
  return flat;
}

/** The network of flat weights; copies. */
export function unflatten(widths: readonly number[], flat: Float64Array): DeepLinearNet {
  let from = 0;
  const weights = widths.slice(1).map((h, j) => {
    const to = from + h * widths[j]!;
    const w = flat.slice(from, to);
    from = to;
    return w;
  });
  return { widths: [...widths], weights };
}
