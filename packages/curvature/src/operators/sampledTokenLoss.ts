import { mul, rsqrt, sum } from '@hyperribbon/autodiff';
import { type Loss, type TokenAnswers, tokenLosses } from '@hyperribbon/nn';

/**
 * The number per example whose gradient's outer product has an example's Fisher matrix as its mean over draws of its tokens. Tokens are drawn
 * independently: the outer product of their summed gradients has the sum of their matrices as its mean, so that of the sum over √n that of the mean.
 */
export function sampledTokenLoss(tokens: TokenAnswers): Loss {
  const loss: Loss = (z, answers) => {
    const { losses, counted } = tokenLosses(tokens, z, answers);
    return tokens.reduction === 'sum' ? sum(losses, 1) : mul(rsqrt(counted), sum(losses, 1));
  };
  return Object.assign(loss, { tokens });
}
