import { type Examples, refuse, requireInteger, requireNonNegative, requireNoOthers } from '@hyperribbon/contract';
import { type RandomStream, stream } from '@hyperribbon/random';
import {
  imageShape,
  type PerturbationOptions,
  perturbed,
  type Poisoned,
  requireImages,
  settledPerturbation,
} from './poisoned.js';

export interface ClasswisePoisonOptions extends PerturbationOptions {
  /** default 6/255 · √features in 'l2', 6/255 in 'linf': 1.3 on CIFAR-10, as in the source */
  readonly size?: number;
  /** side of the squares that share one number, integer ≥ 1; default 8, at most the longer side of the image */
  readonly patch?: number;
  /** standard deviation of the numbers about those of their class, which are ±1; ≥ 0, default 0.1; 0 gives one perturbation per class */
  readonly spread?: number;
}

/**
 * Linearly separable poison: each class has a corner of a cube, ±1 for every square of pixels and channel; an example gets its class's corner with some noise, scaled.
 *
 * A network learns these in place of the classes, because a linear map tells them apart; that is also how they can be found again ({@link projectionAttack}). Scaling
 * and squares are those of the source. It draws the corners and a mixing of the noise by scikit-learn's `make_classification`; ours are drawn directly, and
 * the noise is not mixed.
 *
 * @param examples of shape [channels, height, width]; of any other shape: one row of features
 * @throws ArgumentError for options out of range, fewer than two classes, fewer corners than classes
 * Cost: count · features
 * @example
 * const { perturbations } = classwisePoison(digits.train, { size: 2, patch: 1, clip: 'none', spread: 0 });
 * Math.hypot(...perturbations.subarray(0, 6)); // 2.00
 * Source: LSP [yu2022].
 */
export function classwisePoison(examples: Examples, options: ClasswisePoisonOptions = {}): Poisoned {
  const caller = 'classwisePoison';
  const { patch = 8, spread = 0.1, size, norm, clip, seed, ...others } = options;
  requireNoOthers(caller, others, 'ClasswisePoisonOptions');
  requireImages(caller, examples);
  requireInteger(caller, 'patch', patch, 1);
  requireNonNegative(caller, 'spread', spread);
  const { labels, classes, features } = examples;
  const usual = (6 / 255) * (norm === 'linf' ? 1 : Math.sqrt(features));
  const settled = settledPerturbation(caller, { size, norm, clip, seed }, usual);
  const square = squaresOf(imageShape(examples), patch);
  const squares = square[features - 1] + 1;
  const corners = cornersOf(
    caller,
    classes,
    squares,
    stream({ seed: settled.seed, purpose: 'complexity.poison.corners' }),
  );
  const noise = stream({ seed: settled.seed, purpose: 'complexity.poison.spread' });
  const drawn = new Float64Array(squares);
  return perturbed(caller, examples, settled, (i, out) => {
    if (spread > 0) noise.normal(drawn);
    const corner = corners[labels[i]];
    for (let j = 0; j < features; j++) out[j] = corner[square[j]] + spread * drawn[square[j]];
  });
}

/** Which square every number of an example is in, counted row by row and channel by channel. */
function squaresOf([channels, height, width]: readonly [number, number, number], patch: number): Int32Array {
  const [down, across] = [Math.ceil(height / patch), Math.ceil(width / patch)];
  return Int32Array.from({ length: channels * height * width }, (_, k) => {
    const [c, y, x] = [Math.floor(k / (height * width)), Math.floor(k / width) % height, k % width];
    return (c * down + Math.floor(y / patch)) * across + Math.floor(x / patch);
  });
}

/** Corners of a cube, no two the same. */
function cornersOf(caller: string, classes: number, squares: number, draws: RandomStream): Float64Array[] {
  if (squares < 31 && 2 ** squares < 2 * classes)
    refuse(
      caller,
      `patch must be smaller: ${squares} squares have ${2 ** squares} corners, twice as many as the ${classes} classes are needed`,
    );
  const found = new Map<string, Float64Array>();
  while (found.size < classes) {
    const corner = draws.rademacher(new Float64Array(squares));
    found.set(corner.join(), corner);
  }
  return [...found.values()];
}
