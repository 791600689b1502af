import { compile, float32, float64, grad, int32, mul, sum, vjp } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import { floatArray } from '@hyperribbon/contract';
import type { Dtype, FloatArray, KernelInfo } from '@hyperribbon/kernels';
import type { Loss } from '../losses.js';
import type { Network, ParameterTensors } from '../network.js';
import { parameterSpecs, unflatten } from '../parameterLayout.js';
import type { DescentSums } from './descend.js';
import { countMistakes } from './zeroOne.js';

/** A planned gradient of the mean loss over a batch of a fixed size. */
export interface GradientStep {
  /** write the batch here before a run: (batch, features) and (batch,) */
  readonly inputs: FloatArray;
  readonly labels: Int32Array;
  /** the gradient of the last run (size,) */
  readonly gradient: FloatArray;
  readonly flops: number;
  readonly kernels: KernelInfo;
  /** Sum of the losses and number of mistakes over the batch, at these weights; allocates nothing that grows. */
  run(weights: FloatArray): DescentSums;
}

/** @param batch examples per run, integer ≥ 1 */
export function planGradientStep(
  network: Network,
  loss: Loss,
  batch: number,
  { dtype, deterministic }: { readonly dtype: Dtype; readonly deterministic: boolean },
): GradientStep {
  const spec = dtype === 'float64' ? float64 : float32;
  // the network's forward pass is written twice and shared by the planner: the cotangent of the logits needs the logits
  const step = (params: ParameterTensors, x: Tensor, labels: Tensor) => {
    const forward = (p: ParameterTensors): Tensor => network.apply(p, x);
    const logits = forward(params);
    const cotangent = grad((z: Tensor) => mul(1 / batch, sum(loss(z, labels))))(logits);
    const [, [gradient]] = vjp(forward)([params], cotangent);
    return { losses: loss(logits, labels), logits, gradient };
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
      const losses = result.losses as FloatArray;
      let loss = 0;
      for (let i = 0; i < batch; i++) loss += losses[i];
      return { loss, mistakes: countMistakes(result.logits as FloatArray, labels, network.classes) };
    },
  };
}
