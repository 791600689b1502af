import { refuse, requireInteger, requireNoOthers } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { type RandomStream, stream } from '@hyperribbon/random';
import type { Augment, SeededStep } from '../training/batchSource.js';

export interface CropAndFlipOptions {
  /** pixels of zeros on each side, of which the crop takes some; default 4 */
  readonly padding?: number;
  /** whether images are turned left to right with probability 1/2, default true */
  readonly flip?: boolean;
  /** [channels, height, width], default the `shape` of the examples */
  readonly image?: readonly [number, number, number];
}

/**
 * The augmentation of CIFAR [he2016]: images with zeros around them, cut out again at a random place, and turned left to right by chance.
 *
 * Every image draws anew in every step, from stream (seed, 'augment/crop', step): by how much it moves down and across, each in
 * [−padding, padding], and whether it is turned.
 *
 * @returns a function for the option `augment` of `train`; it writes to the inputs of the batch
 * @throws ArgumentError for padding below 0; when called, for examples that are no images
 * Cost: one pass over the batch.
 * @example
 * const augment = cropAndFlip({ padding: 1, image: [1, 2, 2] });
 * augment({ inputs: Float32Array.of(1, 2, 3, 4), labels: Int32Array.of(0), count: 1, features: 4, classes: 2 }, { seed: 1, step: 0, epoch: 0, batch: 0 }).count; // 1
 */
export function cropAndFlip(options: CropAndFlipOptions = {}): Augment<SeededStep> {
  const { padding = 4, flip = true, image, ...others } = options;
  requireNoOthers('cropAndFlip', others, 'CropAndFlipOptions');
  requireInteger('cropAndFlip', 'padding', padding, 0);
  return (batch, { seed, step }) => {
    const { inputs, count, features, shape } = batch;
    const lengths = imageOf(image ?? shape, features);
    const draws = stream({ seed, purpose: 'augment/crop', index: step });
    const moved = inputs.slice(0, features);
    for (let i = 0; i < count; i++) {
      const own = inputs.subarray(i * features, (i + 1) * features);
      move(own, moved, lengths, moveOf(draws, padding, flip));
      own.set(moved);
    }
    return batch;
  };
}

interface Move {
  /** pixels that the window goes down and across */
  readonly down: number;
  readonly across: number;
  readonly turned: boolean;
}

function moveOf(draws: RandomStream, padding: number, flip: boolean): Move {
  const places = 2 * padding + 1;
  const [down, across] = [draws.integer(places) - padding, draws.integer(places) - padding];
  return { down, across, turned: flip && draws.integer(2) === 1 };
}

/** out[c, r, s] = from[c, r + down, s + across], s counted from the right where it is turned; zero outside. */
function move(
  from: FloatArray,
  out: FloatArray,
  [channels, height, width]: readonly [number, number, number],
  { down, across, turned }: Move,
): void {
  out.fill(0);
  for (let c = 0; c < channels; c++) {
    for (let r = Math.max(0, -down); r < Math.min(height, height - down); r++) {
      const [target, source] = [(c * height + r) * width, (c * height + r + down) * width];
      for (let s = 0; s < width; s++) {
        const column = (turned ? width - 1 - s : s) + across;
        if (column >= 0 && column < width) out[target + s] = from[source + column];
      }
    }
  }
}

function imageOf(shape: readonly number[] | undefined, features: number): readonly [number, number, number] {
  const [channels, height, width] = shape?.length === 2 ? [1, ...shape] : (shape ?? []);
  if (width === undefined || shape!.length > 3 || channels * height * width !== features)
    return refuse(
      'cropAndFlip',
      `examples of ${features} features must be images: say image [channels, height, width], got ${shape === undefined ? 'none' : `[${shape.join(', ')}]`}`,
    );
  return [channels, height, width];
}
