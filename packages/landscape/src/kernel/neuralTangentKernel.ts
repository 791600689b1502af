import { type OnProgress, pacer, requireNoOthers, secondsLeft, throwIfAborted } from '@hyperribbon/contract';
import { type LogitGramOptions, logitGramInSteps } from '@hyperribbon/curvature';
import type { FloatArray } from '@hyperribbon/kernels';
import type { AnyExamples, Network } from '@hyperribbon/nn';
import type { TangentKernel } from './kernelTypes.js';

export interface TangentKernelOptions extends LogitGramOptions {
  readonly signal?: AbortSignal | undefined;
  /** a unit is a batch that went through the network or a pair of blocks of examples */
  readonly onProgress?: OnProgress<string> | undefined;
}

/**
 * The empirical neural tangent kernel Θ = J Jᵀ of a network at its weights, J the gradients of logits of examples by the weights.
 *
 * Θ[(i, c), (j, d)] = Σ_p ∂f_c(x_i)/∂w_p · ∂f_d(x_j)/∂w_p, with all parameters or those of a filter. The network is taken in evaluation mode, as it stands:
 * a batch norm uses the statistics it has, which of a network that was never trained are means 0 and variances 1.
 *
 * @param params flat weights (size,)
 * @param examples labels are not looked at; weights are refused
 * @param options `of`: 'logits' (default), 'trace' for the (n, n) mean over the k logits, or one logit; `parameters` a filter; `dtype` of the products,
 * default float32; `memoryLimit` default 2 GiB
 * @returns the matrix, positive semidefinite but for rounding of the dtype; NaN where gradients are not finite
 * @throws ArgumentError, ArgumentTypeError for weights, examples or options that do not fit; MemoryLimitError before anything runs; AbortError
 * Cost: that of {@link logitGramInSteps}: for 256 examples and ten logits 0.7 s for an MLP of a million weights, 30 s for a ResNet-8. Source: [jacot2018]; [goldblum2020, eq. 3].
 * @example
 * const { matrix, rows } = await neuralTangentKernel(net, run.params, digits.test);
 * const { values } = eigh(matrix, rows);
 */
export async function neuralTangentKernel(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  { signal, onProgress, ...options }: TangentKernelOptions = {},
): Promise<TangentKernel> {
  const caller = 'neuralTangentKernel';
  const { of = 'logits', dtype = 'float32', deterministic: _flavour, memoryLimit: _limit, ...rest } = options;
  const { parameters: _filter, ...unknown } = rest;
  requireNoOthers(caller, unknown, 'TangentKernelOptions');
  throwIfAborted(caller, signal);
  const steps = logitGramInSteps(network, params, examples, options);
  const [pause, since] = [pacer(), { done: 0, at: performance.now() }];
  for (;;) {
    const { done, value } = steps.next();
    if (done) {
      const [n, k] = [examples.count, network.classes];
      const outputs = of === 'logits' ? k : 1;
      if (of === 'trace') for (let i = 0; i < value.length; i++) value[i] /= k;
      return { matrix: value, rows: n * outputs, examples: n, of, outputs, dtype };
    }
    onProgress?.({ ...value, detail: 'products of gradients', secondsLeft: secondsLeft(value, since) });
    await pause();
    throwIfAborted(caller, signal);
  }
}

/**
 * The mean over logits of a kernel's diagonal blocks, (n, n): what 'trace' gives, from a kernel of all logits.
 *
 * @example
 * const { matrix } = traceKernel(await neuralTangentKernel(net, net.init(0), digits.test));
 */
export function traceKernel(kernel: TangentKernel): TangentKernel {
  if (kernel.of !== 'logits') return kernel;
  const { matrix, rows, examples: n, outputs: k, dtype } = kernel;
  const mean = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      for (let c = 0; c < k; c++) mean[i * n + j] += matrix[(i * k + c) * rows + j * k + c] / k;
  return { matrix: mean, rows: n, examples: n, of: 'trace', outputs: 1, dtype };
}
