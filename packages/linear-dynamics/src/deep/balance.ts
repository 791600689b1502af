import { refuse } from '@hyperribbon/contract';
import { requireNet, type DeepLinearNet } from './deepLinearNet.js';
import { columnGram, maxDifference, rowGram } from './dense.js';

/**
 * What gradient flow conserves: B_j = W_{j+1}ᵀ W_{j+1} − W_j W_jᵀ for j = 1..N−1, for any differentiable loss of the product.
 *
 * The network is balanced when all are 0, and λ-balanced (two layers) when B_1 = λ I. Formula from memory of the literature,
 * checked numerically against integration. [arora2018]
 * @returns N − 1 symmetric matrices, the j-th (h_j, h_j) row-major
 * Cost: 2 Σ h_j² (h_{j−1} + h_{j+1}) flops.
 * @example balanceMatrices(deepLinearNet([1, 1, 1], [[2], [3]]))[0] // Float64Array [5]
 */
export function balanceMatrices(net: DeepLinearNet): Float64Array[] {
  requireNet('balanceMatrices', net);
  const { widths, weights } = net;
  return weights.slice(1).map((next, j) => {
    const b = columnGram(next, widths[j + 2]!, widths[j + 1]!);
    const own = rowGram(weights[j]!, widths[j + 1]!, widths[j]!);
    for (let i = 0; i < b.length; i++) b[i]! -= own[i]!;
    return b;
  });
}

/**
 * How far the conserved quantities of two states of one network differ: max |B_j(a) − B_j(b)| over all entries.
 *
 * @throws ArgumentError when the widths differ
 * Cost: as two calls of balanceMatrices. [arora2018].
 * @example balanceDrift(deepLinearNet([1, 1, 1], [[2], [3]]), deepLinearNet([1, 1, 1], [[2], [2]])) // 5
 */
export function balanceDrift(a: DeepLinearNet, b: DeepLinearNet): number {
  if (String(a.widths) !== String(b.widths)) {
    refuse('balanceDrift', `both nets must have the same widths, got [${a.widths}] and [${b.widths}]`);
  }
  return driftFrom(balanceMatrices(b), a, 1);
}

/** max |B_j(net) − kept · before_j| over all entries */
export function driftFrom(before: readonly Float64Array[], net: DeepLinearNet, kept: number): number {
  const differences = balanceMatrices(net).map((matrix, j) =>
    maxDifference(
      matrix,
      before[j]!.map((v) => v * kept),
    ),
  );
  return Math.max(0, ...differences);
}
