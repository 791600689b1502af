import { type Examples, refuse, requireNoOthers } from '@hyperribbon/contract';
import { stream } from '@hyperribbon/random';
import { type AutoregressiveProcess, autoregressiveProcesses, writeSignal } from './autoregressiveProcesses.js';
import {
  imageShape,
  type PerturbationOptions,
  perturbed,
  type Poisoned,
  requireImages,
  settledPerturbation,
} from './poisoned.js';

export interface AutoregressivePoisonOptions extends PerturbationOptions {
  /** default 1, in 'l2', as in the source */
  readonly size?: number;
  /** one for each class; default {@link autoregressiveProcesses} of the same seed */
  readonly processes?: readonly AutoregressiveProcess[];
}

/**
 * Autoregressive poison: every image gets a signal of its class's process from a start of its own, scaled.
 *
 * A convolution tells the signals of two classes apart. A linear map without biases does not: x and −x are as likely in every class. {@link projectionAttack} therefore does not find
 * them. Clipping breaks the relation between pixels where it changes them: on dark backgrounds it makes this poison weaker.
 *
 * @param examples of shape [channels, height, width], at least 3 × 3
 * @throws ArgumentError for options out of range, examples that are no images, processes that do not fit
 * Cost: 16 flops per number, and the search for processes where none are given
 * @example
 * const images = { ...digits.train, inputs: new Float32Array(20 * 36).fill(0.5), features: 36, shape: [1, 6, 6] };
 * const processes = autoregressiveProcesses({ classes: 3, channels: 1, height: 6, width: 6, response: 0.5 });
 * autoregressivePoison(images, { processes, clip: 'none' }).size; // 1
 * Source: AR [sandovalsegura2022], released code.
 */
export function autoregressivePoison(examples: Examples, options: AutoregressivePoisonOptions = {}): Poisoned {
  const caller = 'autoregressivePoison';
  const { processes, size, norm, clip, seed, ...others } = options;
  requireNoOthers(caller, others, 'AutoregressivePoisonOptions');
  requireImages(caller, examples);
  const settled = settledPerturbation(caller, { size, norm, clip, seed }, 1);
  const { labels, classes } = examples;
  const [channels, height, width] = imageShape(examples);
  if (height < 3 || width < 3)
    refuse(
      caller,
      `examples must be images [channels, height, width] of 3 × 3 pixels at least, got shape [${examples.shape?.join(', ') ?? examples.features}]`,
    );
  const own = processes ?? autoregressiveProcesses({ classes, channels, height, width, seed: settled.seed });
  if (own.length < classes || own.some((process) => process.channels !== channels))
    refuse(caller, `processes must be one of ${channels} channels for each of ${classes} classes, got ${own.length}`);
  return perturbed(caller, examples, settled, (i, out) =>
    writeSignal(
      own[labels[i]],
      height,
      width,
      stream({ seed: settled.seed, purpose: 'complexity.poison.start', index: i }),
      out,
    ),
  );
}
