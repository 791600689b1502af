import { refuse, requireNoOthers, requireOneOf, requirePositive } from '@hyperribbon/contract';
import { stackFrom } from '../modules/stack.js';
import type { Module } from '../modules/table.js';
import type { Network } from '../network.js';
import { architectureText } from './architectureText.js';
import { type ImageShape, requireImages } from './imageModel.js';

export interface VggOptions {
  /** default 10 */
  readonly classes?: number;
  /** [channels, height, width], default [3, 32, 32]; sides of at least 32 */
  readonly image?: ImageShape;
  /** factor of all channels, rounded, default 1 */
  readonly width?: number;
  /** after each convolution, default 'batch' */
  readonly norm?: 'batch' | 'none';
}

/** Convolutions of each stage. */
const stages: Readonly<Record<number, readonly number[]>> = {
  11: [1, 1, 2, 2, 2],
  13: [2, 2, 2, 2, 2],
  16: [2, 2, 3, 3, 3],
  19: [2, 2, 4, 4, 4],
};

/**
 * A network of 3 × 3 convolutions and poolings [simonyan2015], with one dense layer after them as is usual for CIFAR.
 *
 * torchvision's has three dense layers of 4,096 there. Names of the convolutions are torchvision's, features.0.weight, features.1.running_mean, …;
 * then classifier.weight (in, out). Convolutions start normal with variance 2/fan_out and bias 0, as there.
 *
 * @param depth 11, 13, 16 or 19
 * @returns depth 11 with norms and 10 classes: 9,231,114 weights; depth 16: 14,728,266
 * @throws ArgumentError for another depth, and images that five poolings leave nothing of
 * @example
 * vgg(11).size; // 9231114
 */
export function vgg(depth: number, options: VggOptions = {}): Network {
  const { classes = 10, image = [3, 32, 32], width = 1, norm = 'batch', ...others } = options;
  requireNoOthers('vgg', others, 'VggOptions');
  requireImages('vgg', classes, image);
  requirePositive('vgg', 'width', width);
  requireOneOf('vgg', 'norm', norm, ['batch', 'none']);
  if (!Object.hasOwn(stages, depth)) return refuse('vgg', `depth must be 11, 13, 16 or 19, got ${depth}`);
  if (Math.min(image[1], image[2]) < 32)
    refuse('vgg', `five poolings need sides of at least 32, got ${image[1]} × ${image[2]}`);
  const name = architectureText('vgg', [depth, classes, image], {
    width: width === 1 ? undefined : width,
    norm: norm === 'batch' ? undefined : norm,
  });
  const features = stages[depth].flatMap((convolutions, stage): readonly Module[] => {
    const out = Math.max(1, Math.round(width * Math.min(512, 64 * 2 ** stage)));
    const one: readonly Module[] = [
      { kind: 'conv2d', out, kernel: 3, padding: 1, start: { normal: Math.sqrt(2 / (9 * out)) }, biasStart: 0 },
      ...(norm === 'batch' ? [{ kind: 'batchNorm' } as const] : []),
      { kind: 'relu' },
    ];
    return [...Array.from({ length: convolutions }, () => one).flat(), { kind: 'maxPool', size: 2 }];
  });
  const layers: readonly Module[] = [
    { kind: 'sequence', name: 'features', layers: features },
    { kind: 'flatten' },
    { kind: 'linear', name: 'classifier', out: classes },
  ];
  return stackFrom('vgg', { name, input: image, layers }, name);
}
