import { compile, type DataArray, float32, float64, grad, type Spec, sum, type Tensor } from '@hyperribbon/autodiff';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { type Loss, type Network, parameterSpecs, type ParameterTensors, unflatten } from '@hyperribbon/nn';

/** The weights and statistics of a network at one moment. */
export interface NetworkState {
  /** (size,) of the plan's dtype */
  readonly params: FloatArray;
  /** by name, those of `bufferValues`; {} where there are none */
  readonly buffers: Readonly<Record<string, FloatArray>>;
}

/** (rows, features) ∂ℓ(f(x_i), y_i)/∂x_i, valid until the next call. */
export type InputGradient = (state: NetworkState, x: FloatArray, answers: Int32Array | FloatArray) => FloatArray;

/**
 * Plans the gradient of each example's loss by its inputs, in evaluation mode. Weights and buffers are inputs of the plan: it serves every step of a training.
 *
 * Cost: planning takes milliseconds; a call about three forward passes
 */
export function planInputGradient(
  network: Network,
  rows: number,
  answers: Spec,
  { loss, dtype, deterministic }: { readonly loss: Loss; readonly dtype: Dtype; readonly deterministic: boolean },
): InputGradient {
  const spec = dtype === 'float64' ? float64 : float32;
  const { buffers = [] } = network;
  const gradient = (params: ParameterTensors, known: ParameterTensors, x: Tensor, y: Tensor): Tensor =>
    // examples are separate: the gradient of the sum is that of each
    grad((at: Tensor) => sum(loss(network.apply(params, at, known), y)))(x);
  const bufferSpecs = Object.fromEntries(buffers.map(({ name, shape }) => [name, spec(...shape)]));
  const plan = compile(gradient, [parameterSpecs(network, dtype), bufferSpecs, spec(rows, network.inputs), answers], {
    deterministic,
  });
  return ({ params, buffers: values }, x, given) =>
    plan(unflatten(network, params), values as Record<string, DataArray>, x, given) as FloatArray;
}
