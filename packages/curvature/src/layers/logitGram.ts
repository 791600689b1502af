import { requireNoOthers, requireOneOf } from '@hyperribbon/contract';
import { reshape } from '@hyperribbon/autodiff';
import type { FloatArray } from '@hyperribbon/kernels';
import type { AnyExamples, Network } from '@hyperribbon/nn';
import { type CurvatureOptions, resolveOptions } from '../curvatureOptions.js';
import { logit } from '../operators/logit.js';
import { scoped } from '../operators/scoped.js';
import { type GramProgress, gramInSteps } from './gramInSteps.js';
import { numberPerExample } from './numberPerExample.js';

export interface LogitGramOptions
  extends Pick<CurvatureOptions, 'dtype' | 'deterministic' | 'memoryLimit' | 'parameters'> {
  /**
   * 'logits' (default): a row for every logit of every example; 'trace': a row for every example, products summed over the logits; a class number: a row
   * for every example, of that logit alone
   */
  readonly of?: 'logits' | 'trace' | number;
}

/**
 * The products ⟨∂f_c(x_i)/∂w, ∂f_d(x_j)/∂w⟩ of gradients of logits: the empirical tangent kernel, Θ = J Jᵀ. A generator, so that a caller may pause,
 * report or stop between its steps; what it returns at the end is the matrix.
 *
 * Row i·k + c is logit c of example i. Dense layers add (⟨a, a'⟩ + 1) ⟨δ, δ'⟩ and no gradient of theirs is formed; convolutions go by products of
 * their patches or by gradients, whichever takes fewer flops; gradients are formed by groups of parameters that fit half the memory, never all of J.
 *
 * @param whole any network, in evaluation mode
 * @param wholeParams flat weights (size,)
 * @param options float32 products are added up in float64; 'trace' costs a k-th of 'logits'
 * @returns in the end (n k, n k) or (n, n) row-major float64, symmetric to the bit
 * @throws ArgumentError, ArgumentTypeError for weights, examples or options that do not fit; MemoryLimitError before anything runs
 * Cost: k backward passes of all examples, and (n k)² Σ outputs flops for dense layers, (n k)² a weight for convolutions at most; 8 (n k)² bytes and
 * at most 0.5 GB of factors. Source: [jacot2018]; products of layers [dangel2020].
 * @example
 * const steps = logitGramInSteps(net, run.params, digits.test);
 * let step = steps.next();
 * while (!step.done) step = steps.next(); // step.value: { done, of }
 * step.value.length; // (n k)²
 */
export function logitGramInSteps(
  whole: Network,
  wholeParams: FloatArray,
  examples: AnyExamples,
  { of = 'logits', ...options }: LogitGramOptions = {},
): Generator<GramProgress, Float64Array, undefined> {
  const caller = 'logitGramInSteps';
  const { dtype: _dtype, deterministic: _flavour, memoryLimit: _limit, parameters: _filter, ...unknown } = options;
  requireNoOthers(caller, unknown, 'LogitGramOptions');
  const { dtype, deterministic, memoryLimit } = resolveOptions(caller, options);
  const { network, params } = scoped(caller, whole, wholeParams, { dtype, parameters: options.parameters });
  if (typeof of !== 'number') requireOneOf(caller, 'of', of, ['logits', 'trace']);
  // all logits are asked for like one of them
  numberPerExample(caller, network, examples, typeof of === 'number' ? of : 0, { dtype, deterministic });
  const one = typeof of === 'number' ? logit(caller, network, of) : undefined;
  return gramInSteps({
    caller,
    network,
    params,
    examples,
    dtype,
    deterministic,
    memoryLimit,
    numbers: one === undefined ? (logits) => logits : (logits, answers) => reshape(one(logits, answers), [-1, 1]),
    count: one === undefined ? network.classes : 1,
    rows: of === 'trace' ? 'sum' : 'each',
  });
}
