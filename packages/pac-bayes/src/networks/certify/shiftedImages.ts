import { refuse } from '@hyperribbon/contract';
import type { Examples } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';

/**
 * Square images moved by up to `most` pixels in each direction, each by its own random step; what comes in from outside is 0.
 *
 * @param epoch picks the stream: every epoch moves them anew
 */
export function shiftedImages(examples: Examples, most: number, seed: number, epoch: number): Examples {
  const side = imageSide(examples.features);
  const { inputs, count, features } = examples;
  const moved = new Float32Array(inputs.length);
  const random = stream({ seed, purpose: 'prior/shift', index: epoch });
  for (let i = 0; i < count; i++) {
    const dx = random.integer(2 * most + 1) - most;
    const dy = random.integer(2 * most + 1) - most;
    for (let y = Math.max(0, dy); y < Math.min(side, side + dy); y++) {
      const [to, from] = [i * features + y * side, i * features + (y - dy) * side - dx];
      for (let x = Math.max(0, dx); x < Math.min(side, side + dx); x++) moved[to + x] = inputs[from + x];
    }
  }
  return { ...examples, inputs: moved };
}

/** @throws RangeError where examples cannot be square images */
function imageSide(features: number): number {
  const side = Math.round(Math.sqrt(features));
  if (side * side !== features) {
    refuse('shiftedImages', `images must be square, got ${features} features`);
  }
  return side;
}
