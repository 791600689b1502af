import { full, grad, jvp, mul, sum, vjp } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import type { Loss, Network, ParameterTensors } from '@hyperribbon/nn';

/**
 * What one chunk adds to a curvature product: a function of weights w, a direction v, and the chunk's data; linear in v.
 * `shares` say how much each example counts, all 1 where there are none.
 */
export type ChunkProduct = (
  weights: ParameterTensors,
  direction: ParameterTensors,
  inputs: Tensor,
  answers: Tensor,
  shares?: Tensor,
) => ParameterTensors;

const counted = (values: Tensor, shares: Tensor | undefined): Tensor =>
  shares === undefined ? values : mul(shares, values);

/** Σ_i s_i ℓ(z(x_i; w), y_i) */
export function summedLoss(network: Network, loss: Loss) {
  return (weights: ParameterTensors, inputs: Tensor, answers: Tensor, shares?: Tensor): Tensor =>
    sum(counted(loss(network.apply(weights, inputs), answers), shares));
}

/** H v = d/dt ∇_w Σ_i ℓ_i(w + t v): forward over reverse. [pearlmutter1994] */
export function hessianProduct(network: Network, loss: Loss): ChunkProduct {
  const total = summedLoss(network, loss);
  return (weights, direction, inputs, answers, shares) => {
    const gradient = grad((w: ParameterTensors) => total(w, inputs, answers, shares));
    return jvp(gradient)([weights], [direction])[1];
  };
}

/** Σ_i J_iᵀ ∇²_z ℓ_i J_i v with J_i = dz_i/dw, for any loss of the logits. [schraudolph2002] */
export function gaussNewtonProduct(network: Network, loss: Loss): ChunkProduct {
  return (weights, direction, inputs, answers, shares) => {
    const logits = (w: ParameterTensors): Tensor => network.apply(w, inputs);
    const lossGradient = (z: Tensor): Tensor => grad((z: Tensor) => sum(counted(loss(z, answers), shares)))(z);
    const [z, dz] = jvp(logits)([weights], [direction]);
    const [, cotangent] = jvp(lossGradient)([z], [dz]);
    return vjp(logits)([weights], cotangent)[1][0];
  };
}

/**
 * Σ_i s_i (s_i · v) with s_i the gradient of a number per example: one tangent pass gives all s_i · v, one cotangent pass
 * weighs and adds the s_i; no gradient of a single example is ever formed.
 */
export function outerProduct(network: Network, scalar: Loss): ChunkProduct {
  return (weights, direction, inputs, answers, shares) => {
    const values = (w: ParameterTensors): Tensor => scalar(network.apply(w, inputs), answers);
    const [, slopes] = jvp(values)([weights], [direction]);
    return vjp(values)([weights], counted(slopes, shares))[1][0];
  };
}

/** The gradient of the chunk's summed loss, and the sum itself. */
export function lossAndGradient(network: Network, loss: Loss) {
  return (
    weights: ParameterTensors,
    inputs: Tensor,
    answers: Tensor,
    shares?: Tensor,
  ): { loss: Tensor; gradient: ParameterTensors } => {
    const total = (w: ParameterTensors): Tensor => summedLoss(network, loss)(w, inputs, answers, shares);
    const [value, [gradient]] = vjp(total)([weights], full([], 1, inputs.dtype));
    return { loss: value, gradient };
  };
}
