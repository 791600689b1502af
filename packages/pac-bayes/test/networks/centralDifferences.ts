import type { BoundStep, SubspaceStep } from '@hyperribbon/pac-bayes/networks';
import { blobs, normals } from './small.js';

type Step = Pick<BoundStep | SubspaceStep, 'inputs' | 'labels' | 'noise' | 'gradient' | 'run'>;

/** Gives a planned step a batch and its noise. */
export function feed(plan: Step): void {
  const { inputs, labels } = blobs(plan.labels.length);
  plan.inputs.set(inputs);
  plan.labels.set(labels);
  plan.noise.forEach((array, i) => array.set(normals(array.length, 20 + i)));
}

/**
 * Largest difference between `scale` times the gradient and central differences of the value, relative to the largest entry of its block.
 *
 * @param blocks places of the state
 */
export function gradientDefect(
  { run, gradient: found }: Step,
  state: Float64Array,
  blocks: readonly (readonly number[])[],
  scale = 1,
): number {
  const weights = [0.7, 0.004] as const;
  run(state, weights);
  const gradient = Array.from(found);
  const h = 1e-5;
  let worst = 0;
  for (const indices of blocks) {
    const largest = Math.max(...indices.map((i) => Math.abs(gradient[i])));
    for (const i of indices) {
      const kept = state[i];
      state[i] = kept + h;
      const up = run(state, weights).value;
      state[i] = kept - h;
      const down = run(state, weights).value;
      state[i] = kept;
      worst = Math.max(worst, Math.abs(scale * gradient[i] - (up - down) / (2 * h)) / largest);
    }
  }
  return worst;
}
