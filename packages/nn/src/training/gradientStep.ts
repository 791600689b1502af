import { compile, type Compiled, type DataArray, type Tensor } from '@hyperribbon/autodiff';
import { type AnyExamples, floatArray } from '@hyperribbon/contract';
import type { Dtype, FloatArray, KernelInfo } from '@hyperribbon/kernels';
import type { Network } from '../network.js';
import { totalSize } from '../parameterLayout.js';
import {
  bufferSize,
  gradientFunction,
  type GradientInputs,
  gradientInputs,
  type GradientLayout,
  gradientLayout,
  gradientSpecs,
  type OfLogits,
  pieces,
} from './gradientProgram.js';

/** A planned gradient over a batch of a fixed size; its arrays of a batch are to be written before a run. */
export interface GradientStep extends GradientInputs {
  /** the gradient of the last run (size,) */
  readonly gradient: FloatArray;
  /** of the last run, in training mode: one after the other in the order of the network's buffers */
  readonly buffersAfter: FloatArray;
  readonly flops: number;
  readonly kernels: KernelInfo;
  /** What was to be told, and logits (batch, classes), at these weights: valid until the next run; allocates nothing that grows. */
  run(weights: FloatArray): { readonly told: FloatArray; readonly logits: FloatArray };
}

/** That of labelled examples that all count the same, in evaluation mode. */
export interface LabelledGradientStep extends Omit<GradientStep, 'buffers' | 'buffersAfter' | 'uniforms'> {
  readonly labels: Int32Array;
}

export interface GradientStepOptions {
  /** scalar, differentiated */
  readonly risk: OfLogits;
  /** given back by every run; default the risk */
  readonly told?: OfLogits;
  readonly dtype: Dtype;
  readonly deterministic: boolean;
  /** true: in training mode, if the network has one. Default false */
  readonly training?: boolean;
}

/**
 * Plans the gradient of a function of a batch's logits by the network's weights.
 *
 * @param batch examples per run, integer ≥ 1
 * @param like examples such as those of the batches: with labels or targets, with weights or without. Default labels alone
 */
export function planGradientStep(network: Network, batch: number, options: GradientStepOptions): LabelledGradientStep;
export function planGradientStep(
  network: Network,
  batch: number,
  options: GradientStepOptions,
  like: AnyExamples,
): GradientStep;
export function planGradientStep(
  network: Network,
  batch: number,
  { risk, told = risk, deterministic, ...mode }: GradientStepOptions,
  like?: AnyExamples,
): GradientStep | LabelledGradientStep {
  const layout = gradientLayout(network, batch, mode, like);
  const f = gradientFunction(network, layout, { risk, told });
  return bindGradientStep(layout, compile(f, [gradientSpecs(layout)] as never, { deterministic }));
}

/** A planned program with memory for what goes into it. */
export function bindGradientStep(
  layout: GradientLayout,
  planned: Compiled<[readonly Tensor[]], readonly Tensor[]>,
): GradientStep {
  const { own, list } = gradientInputs(layout);
  const gradient = floatArray(layout.dtype, totalSize(layout.parameters));
  const buffersAfter = floatArray(layout.dtype, bufferSize(layout));
  const into = [...pieces(layout.parameters, gradient), ...pieces(layout.buffers, buffersAfter)];
  let weights: FloatArray | undefined;
  let given: DataArray[] = [];
  return {
    ...own,
    gradient,
    buffersAfter,
    flops: planned.plan.flops,
    kernels: planned.kernels,
    run(current) {
      if (weights !== current) {
        weights = current;
        given = [...(pieces(layout.parameters, current) as DataArray[]), ...list];
      }
      const results = planned(given);
      for (let i = 0; i < into.length; i++) into[i].set(results[i + 2] as FloatArray);
      return { told: results[0] as FloatArray, logits: results[1] as FloatArray };
    },
  };
}
