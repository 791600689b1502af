import { requireLength, requireNonNegative } from '@hyperribbon/contract';
import type { DeepLinearNet } from '../deepLinearNet.js';

/** Arrays one after the other: the weights of a network as the integrators see them, or states. */
export function joined(parts: readonly Float64Array[]): Float64Array {
  const flat = new Float64Array(parts.reduce((size, part) => size + part.length, 0));
  let from = 0;
  for (const part of parts) {
    flat.set(part, from);
    from += part.length;
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

/** The decay of every flat weight, and the one of all layers where they agree. @throws ArgumentError */
export function flatDecays(
  caller: string,
  net: DeepLinearNet,
  decay: number | readonly number[],
): { readonly perWeight: Float64Array; readonly common: number | undefined } {
  const list = typeof decay === 'number' ? net.weights.map(() => decay) : decay;
  requireLength(caller, 'weightDecay', list, net.weights.length);
  list.forEach((d, j) => requireNonNegative(caller, `weightDecay[${j}]`, d));
  return {
    perWeight: Float64Array.from(net.weights.flatMap((w, j) => Array.from(w, () => list[j]!))),
    common: list.every((d) => d === list[0]) ? list[0]! : undefined,
  };
}
