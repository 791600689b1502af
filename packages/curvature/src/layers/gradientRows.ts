import { grad, reshape, sum, type Tensor, vmap } from '@hyperribbon/autodiff';
import type { Loss, Network, ParameterTensors } from '@hyperribbon/nn';

/** Gradients (rows, length) of each example's number by the named arrays, every one formed. */
export function gradientRows(
  network: Network,
  of: Loss,
  weights: ParameterTensors,
  names: readonly string[],
  x: Tensor,
  answers: Tensor,
): readonly Tensor[] {
  const own = Object.fromEntries(names.map((name) => [name, weights[name]]));
  const ofOne = (features: Tensor, answer: Tensor): ParameterTensors =>
    grad((some: ParameterTensors) =>
      sum(
        of(network.apply({ ...weights, ...some }, reshape(features, [1, -1])), reshape(answer, [1, ...answer.shape])),
      ),
    )(own);
  const gradients = vmap(ofOne)(x, answers);
  return names.map((name) => reshape(gradients[name], [x.shape[0], -1]));
}
