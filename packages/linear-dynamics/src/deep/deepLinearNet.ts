import { refuse, requireFiniteEntries, requireInteger } from '@hyperribbon/contract';
import { identity, multiply } from './dense.js';

/** A deep linear network f(x) = W_N ... W_1 x: plain data, nothing hidden. */
export interface DeepLinearNet {
  /** h_0 (inputs), h_1, ..., h_N (outputs) */
  readonly widths: readonly number[];
  /** weights[j − 1] is W_j, (h_j, h_{j−1}) row-major */
  readonly weights: readonly Float64Array[];
}

/**
 * A checked deep linear network.
 *
 * @param widths h_0, ..., h_N, integers >= 1, at least two
 * @param weights N arrays, W_j of shape (h_j, h_{j−1}) row-major; copied
 * @returns the network
 * @throws ArgumentError when a shape does not fit or an entry is not finite
 * @example deepLinearNet([2, 1], [[3, 4]]).weights[0] // Float64Array [3, 4]
 */
export function deepLinearNet(widths: readonly number[], weights: readonly ArrayLike<number>[]): DeepLinearNet {
  requireNet('deepLinearNet', { widths, weights });
  return { widths: [...widths], weights: weights.map((w) => Float64Array.from(w)) };
}

export function requireNet(
  where: string,
  net: { readonly widths: readonly number[]; readonly weights: readonly ArrayLike<number>[] },
): void {
  const { widths, weights } = net;
  if (!Array.isArray(widths) || widths.length < 2) {
    refuse(where, `widths must list inputs and outputs at least, got [${String(widths)}]`);
  }
  widths.forEach((h, j) => requireInteger(where, `widths[${j}]`, h, 1));
  if (!Array.isArray(weights) || weights.length !== widths.length - 1) {
    refuse(where, `weights must hold ${widths.length - 1} matrices, got ${weights?.length}`);
  }
  weights.forEach((w, j) => {
    const [rows, columns] = [widths[j + 1]!, widths[j]!];
    requireFiniteEntries(where, `weights[${j}]`, w, [rows, columns]);
  });
}

/** Inputs h_0 and outputs h_N. */
export function ends(net: DeepLinearNet): { readonly inputs: number; readonly outputs: number } {
  return { inputs: net.widths[0]!, outputs: net.widths[net.widths.length - 1]! };
}

/**
 * The map that a network computes: W = W_N ... W_1.
 *
 * @returns (outputs, inputs) row-major
 * Cost: 2 h_0 Σ h_j h_{j−1} flops. Textbook.
 * @example endToEnd(deepLinearNet([1, 1, 1], [[2], [3]])) // Float64Array [6]
 */
export function endToEnd(net: DeepLinearNet): Float64Array {
  requireNet('endToEnd', net);
  return partialProduct(net, 0, net.weights.length);
}

/** W_to ... W_{from+1}, (h_to, h_from); the identity when from = to. */
export function partialProduct(net: DeepLinearNet, from: number, to: number): Float64Array {
  const n = net.widths[from]!;
  let product = identity(n);
  for (let j = from; j < to; j++) {
    product =
      j === from ? net.weights[j]!.slice() : multiply(net.weights[j]!, product, net.widths[j + 1]!, net.widths[j]!, n);
  }
  return product;
}
