import { matmul } from '@hyperribbon/autodiff';
import { defineNetwork, type Examples, type Network } from '@hyperribbon/nn';

/** f(x) = ⟨w, x⟩, one output, no bias. */
export function linear(features: number): Network {
  return defineNetwork({
    name: `linear:${features}`,
    inputs: features,
    classes: 1,
    parameters: [{ name: 'w', shape: [features, 1] }],
    apply: ({ w }, x) => matmul(x, w),
  });
}

/** The unit vectors, all of class 1: example i is right where wᵢ > 0. */
export function unitVectors(features: number): Examples {
  const inputs = new Float32Array(features * features);
  for (let i = 0; i < features; i++) inputs[i * features + i] = 1;
  return { inputs, labels: new Int32Array(features).fill(1), count: features, features, classes: 2 };
}
