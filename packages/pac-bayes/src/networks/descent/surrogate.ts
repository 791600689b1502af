import { mean, minimum, mul } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import { log } from '@hyperribbon/kernels';
import { softmaxCrossEntropy } from '@hyperribbon/nn';

/**
 * Risk that is differentiated in place of the 0-1 error.
 *
 * - `cross-entropy`: −ln p_y / ln 2, never below the 0-1 error, unbounded
 * - `bounded`: min(−ln p_y, ln(1/p_min)) / ln(1/p_min), in [0, 1]; p_min = 1e-5 [perezortiz2021]
 */
export type Surrogate = 'cross-entropy' | 'bounded';

const LN2 = 0.6931471805599453;
const P_MIN = 1e-5;

/** Mean surrogate risk of a batch. */
export function surrogateRisk(surrogate: Surrogate, logits: Tensor, labels: Tensor): Tensor {
  const losses = softmaxCrossEntropy(logits, labels);
  if (surrogate === 'cross-entropy') return mul(1 / LN2, mean(losses));
  const top = -log(P_MIN);
  // `minimum` gives the derivative to its second operand where both are equal: a clamped loss has none
  return mul(1 / top, mean(minimum(losses, top)));
}
