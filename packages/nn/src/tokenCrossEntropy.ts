import {
  abs,
  convert,
  div,
  gatherRows,
  logSumExp,
  maximum,
  mul,
  reshape,
  select,
  step,
  sub,
  sum,
  type Tensor,
} from '@hyperribbon/autodiff';
import { refuse, requireInteger, requireNoOthers, requireOneOf, type TargetExamples } from '@hyperribbon/contract';
import type { Loss, TokenAnswers } from './losses.js';

export interface TokenCrossEntropyOptions extends Pick<TokenAnswers, 'positions'> {
  /** targets of this number leave their position out; default −100 */
  readonly ignore?: number;
  /**
   * the loss of an example is the mean over its tokens, nats per token, or their sum, −ln of the probability of the whole sequence; default
   * 'mean'
   */
  readonly reduction?: 'mean' | 'sum';
}

/**
 * Cross-entropy of every token of a sequence, in nats: ℓ_i = (1/n_i) Σ_t (ln Σ_c e^{z_tc} − z_{t, y_t}) over the n_i positions t of example i
 * that are not left out. Logits are (batch, positions · vocabulary), position after position; targets (batch, positions) hold token numbers.
 *
 * With 'mean' examples count alike, however many tokens they ask for, and the loss of a step does not grow with the length. PyTorch's mean over all tokens
 * that are not ignored weighs each example by its tokens: give the examples `weights: countedTokens(loss, examples)` for that. Its Hessian by the
 * logits is block-diagonal, (diag p_t − p_t p_tᵀ)/n_i: the Gauss-Newton matrix is the mean over an example's tokens of their Fisher information
 * given the input, with 'sum' the Fisher information of the sequence.
 *
 * A loss and its gradient cost one buffer of the logits' shape, a second derivative another; so, unlike {@link softmaxCrossEntropy}, a token's loss is accurate
 * to the rounding of its logits, not of itself.
 *
 * @param options.positions integer ≥ 1
 * @throws ArgumentError for options out of range; where it is used, for outputs that are no multiple of `positions`
 * @example
 * const loss = tokenCrossEntropy({ positions: 2 });
 * loss.tokens; // { positions: 2, ignore: -100, reduction: 'mean' }
 */
export function tokenCrossEntropy({
  positions,
  ignore = -100,
  reduction = 'mean',
  ...others
}: TokenCrossEntropyOptions): Loss {
  const caller = 'tokenCrossEntropy';
  requireNoOthers(caller, others, 'TokenCrossEntropyOptions');
  requireInteger(caller, 'positions', positions, 1);
  if (!Number.isInteger(ignore)) refuse(caller, `ignore must be a whole number, got ${ignore}`);
  requireOneOf(caller, 'reduction', reduction, ['mean', 'sum']);
  const tokens: TokenAnswers = { positions, ignore, reduction };
  const loss = (logits: Tensor, answers: Tensor): Tensor => {
    const { losses, counted } = tokenLosses(tokens, logits, answers);
    const total = sum(losses, 1);
    return reduction === 'sum' ? total : div(total, counted);
  };
  return Object.assign(loss, { tokens });
}

/** Cross-entropies (batch, positions), 0 where no token is asked for, and how many tokens are (batch,), at least 1. */
export function tokenLosses(
  { positions, ignore }: TokenAnswers,
  logits: Tensor,
  answers: Tensor,
): { readonly losses: Tensor; readonly counted: Tensor } {
  const [batch, outputs] = logits.shape;
  if (outputs % positions !== 0 || answers.shape[1] !== positions)
    refuse(
      'tokenCrossEntropy',
      `takes logits (batch, ${positions} · vocabulary) and targets (batch, ${positions}), got (${logits.shape.join(', ')}) and (${answers.shape.join(', ')})`,
    );
  const asked = step(abs(sub(answers, ignore)));
  const tokens = convert(reshape(select(asked, answers, 0), [batch * positions]), 'int32');
  const z = reshape(logits, [batch * positions, outputs / positions]);
  const flat = sub(logSumExp(z), gatherRows(z, tokens));
  return { losses: mul(asked, reshape(flat, [batch, positions])), counted: maximum(1, sum(asked, 1)) };
}

/**
 * How many tokens each example asks for: as `weights` of the examples they make the mean over examples the mean over tokens.
 *
 * @param loss one that {@link tokenCrossEntropy} made
 * @returns (count,)
 * @example
 * const examples = { inputs: Float32Array.of(1, 2, 2, 0), targets: Float32Array.of(2, -100, 0, 1), count: 2, features: 2, outputs: 2 };
 * countedTokens(tokenCrossEntropy({ positions: 2 }), examples); // [1, 2]
 */
export function countedTokens(loss: Loss, { targets, count, outputs }: TargetExamples): Float64Array {
  const ignore = loss.tokens?.ignore;
  const counted = new Float64Array(count);
  for (let i = 0; i < count * outputs; i++) if (targets[i] !== ignore) counted[Math.floor(i / outputs)]++;
  return counted;
}
