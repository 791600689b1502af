import { compile, float32, float64, grad, int32, vjp } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import { floatArray } from '@hyperribbon/contract';
import type { Dtype, FloatArray, KernelInfo } from '@hyperribbon/kernels';
import type { Network, ParameterTensors } from '../network.js';
import { parameterSpecs, unflatten } from '../parameterLayout.js';

/** A planned gradient over a batch of a fixed size. */
export interface GradientStep {
  /** write the batch here before a run: (batch, features) and (batch,) */
  readonly inputs: FloatArray;
  readonly labels: Int32Array;
  /** the gradient of the last run (size,) */
  readonly gradient: FloatArray;
  readonly flops: number;
  readonly kernels: KernelInfo;
  /** What was to be told, and logits (batch, classes), at these weights: valid until the next run; allocates nothing that grows. */
  run(weights: FloatArray): { readonly told: FloatArray; readonly logits: FloatArray };
}

type OfLogits = (logits: Tensor, labels: Tensor) => Tensor;

/**
 * Plans the gradient of a function of a batch's logits by the network's weights.
 *
 * @param batch examples per run, integer ≥ 1
 * @param options.risk scalar, differentiated
 * @param options.told given back by every run; default the risk
 */
export function planGradientStep(
  network: Network,
  batch: number,
  {
    risk,
    told = risk,
    dtype,
    deterministic,
  }: { readonly risk: OfLogits; readonly told?: OfLogits; readonly dtype: Dtype; readonly deterministic: boolean },
): GradientStep {
  const spec = dtype === 'float64' ? float64 : float32;
  // the network's forward pass is written twice and shared by the planner: the cotangent of the logits needs the logits
  const step = (params: ParameterTensors, x: Tensor, labels: Tensor) => {
    const forward = (p: ParameterTensors): Tensor => network.apply(p, x);
    const logits = forward(params);
    const cotangent = grad((z: Tensor) => risk(z, labels))(logits);
    const [, [gradient]] = vjp(forward)([params], cotangent);
    return { told: told(logits, labels), logits, gradient };
  };
  const planned = compile(step, [parameterSpecs(network, dtype), spec(batch, network.inputs), int32(batch)], {
    deterministic,
  });
  const inputs = floatArray(dtype, batch * network.inputs);
  const labels = new Int32Array(batch);
  const gradient = floatArray(dtype, network.size);
  const gradientViews = unflatten(network, gradient);
  let weights: FloatArray | undefined;
  let weightViews: Record<string, FloatArray> = {};
  return {
    inputs,
    labels,
    gradient,
    flops: planned.plan.flops,
    kernels: planned.kernels,
    run(current) {
      if (weights !== current) {
        weights = current;
        weightViews = unflatten(network, current);
      }
      const result = planned(weightViews, inputs, labels);
      for (const { name } of network.parameters) gradientViews[name].set(result.gradient[name] as FloatArray);
      return { told: result.told as FloatArray, logits: result.logits as FloatArray };
    },
  };
}
