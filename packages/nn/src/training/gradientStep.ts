import { type SpecTree, compile, float32, float64, grad, int32, vjp } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import { type AnyExamples, floatArray } from '@hyperribbon/contract';
import type { Dtype, FloatArray, KernelInfo } from '@hyperribbon/kernels';
import type { Network, ParameterTensors } from '../network.js';
import { isTargeted } from '../examples.js';
import { parameterSpecs, unflatten } from '../parameterLayout.js';
import type { Batch } from './batches.js';

/** A planned gradient over a batch of a fixed size; its arrays of a batch are to be written before a run. */
export interface GradientStep extends Batch {
  /** the gradient of the last run (size,) */
  readonly gradient: FloatArray;
  readonly flops: number;
  readonly kernels: KernelInfo;
  /** What was to be told, and logits (batch, classes), at these weights: valid until the next run; allocates nothing that grows. */
  run(weights: FloatArray): { readonly told: FloatArray; readonly logits: FloatArray };
}

/** That of labelled examples that all count the same. */
export interface LabelledGradientStep extends GradientStep {
  readonly labels: Int32Array;
}

/** A function of logits (batch, outputs), of labels (batch,) or targets (batch, outputs), and of example weights (batch,) if there are any. */
type OfLogits = (logits: Tensor, answers: Tensor, weights?: Tensor) => Tensor;

interface GradientStepOptions {
  readonly risk: OfLogits;
  readonly told?: OfLogits;
  readonly dtype: Dtype;
  readonly deterministic: boolean;
}

/**
 * Plans the gradient of a function of a batch's logits by the network's weights.
 *
 * @param batch examples per run, integer ≥ 1
 * @param options.risk scalar, differentiated
 * @param options.told given back by every run; default the risk
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
  { risk, told = risk, dtype, deterministic }: GradientStepOptions,
  like?: AnyExamples,
): GradientStep {
  const spec = dtype === 'float64' ? float64 : float32;
  // the network's forward pass is written twice and shared by the planner: the cotangent of the logits needs the logits
  const step = (params: ParameterTensors, x: Tensor, answers: Tensor, weights?: Tensor) => {
    const forward = (p: ParameterTensors): Tensor => network.apply(p, x);
    const logits = forward(params);
    const cotangent = grad((z: Tensor) => risk(z, answers, weights))(logits);
    const [, [gradient]] = vjp(forward)([params], cotangent);
    return { told: told(logits, answers, weights), logits, gradient };
  };
  const weighted = like?.weights !== undefined;
  const targeted = like !== undefined && isTargeted(like);
  const outputs = targeted ? like.outputs : 0;
  const specs: readonly SpecTree[] = [
    parameterSpecs(network, dtype),
    spec(batch, network.inputs),
    targeted ? spec(batch, outputs) : int32(batch),
    ...(weighted ? [spec(batch)] : []),
  ];
  const planned = compile(
    step as (...args: [ParameterTensors, Tensor, Tensor]) => ReturnType<typeof step>,
    specs as never,
    {
      deterministic,
    },
  );
  const inputs = floatArray(dtype, batch * network.inputs);
  const answers = targeted ? floatArray(dtype, batch * outputs) : new Int32Array(batch);
  const exampleWeights = weighted ? floatArray(dtype, batch) : undefined;
  const call = planned as (...args: unknown[]) => ReturnType<typeof planned>;
  const rest: unknown[] = weighted ? [inputs, answers, exampleWeights] : [inputs, answers];
  const gradient = floatArray(dtype, network.size);
  const gradientViews = unflatten(network, gradient);
  let weights: FloatArray | undefined;
  let weightViews: Record<string, FloatArray> = {};
  return {
    inputs,
    ...(targeted ? { targets: answers as FloatArray } : { labels: answers as Int32Array }),
    ...(exampleWeights && { weights: exampleWeights }),
    gradient,
    flops: planned.plan.flops,
    kernels: planned.kernels,
    run(current) {
      if (weights !== current) {
        weights = current;
        weightViews = unflatten(network, current);
      }
      const result = call(weightViews, ...rest);
      for (const { name } of network.parameters) gradientViews[name].set(result.gradient[name] as FloatArray);
      return { told: result.told as FloatArray, logits: result.logits as FloatArray };
    },
  };
}
