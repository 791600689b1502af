import { requireInteger } from '@hyperribbon/contract';
import { mlp, type Network } from '@hyperribbon/nn';
import { resnet, stack } from '@hyperribbon/nn/models';

/** Networks of one kind by their width. */
export interface KernelFamily {
  /** for people */
  readonly family: string;
  /** @param width ≥ 1: units of a hidden layer, channels of the first convolution */
  network(width: number): Network;
}

/** What networks are made for. */
export interface KernelTask {
  /** [channels, height, width] */
  readonly image: readonly [number, number, number];
  readonly classes: number;
}

/**
 * The families of [goldblum2020]'s study of kernels against width: MLPs of two and four layers, a network of convolutions without norms, and the residual
 * network of depth 8 with and without sums and batch norms.
 *
 * The convolutional network has five convolutions of w, 2w, 2w, 4w, 4w channels with relu, maxima over 3 × 3 after the fourth and the fifth. MLPs and it
 * start uniform in ±1/√inputs as the published program's do, though the paper's text says He. The paper's residual nets have depth 16 and 18;
 * its published program has no switch for the ablation, so that these four are a reconstruction of it.
 *
 * @param task images of at least 9 × 9 for the convolutions
 * @throws ArgumentError from a family's network for images that are too small or a width that is no whole number ≥ 1
 * @example
 * const { mlp2, plain } = kernelFamilies({ image: [1, 14, 14], classes: 10 });
 * mlp2.network(64).size; // 13258
 * plain.family; // 'ResNet-8 without skips, without batch norm'
 */
export function kernelFamilies({
  image,
  classes,
}: KernelTask): Readonly<Record<'mlp2' | 'mlp4' | 'convNet' | 'resnet' | 'noSkip' | 'noNorm' | 'plain', KernelFamily>> {
  const features = image[0] * image[1] * image[2];
  const hidden = (layers: number, words: string): KernelFamily => ({
    family: `MLP, ${words} layers`,
    network: (width) =>
      mlp([features, ...Array.from({ length: layers - 1 }, () => wide(width)), classes], { activation: 'relu' }),
  });
  const residual = (skip: boolean, norm: 'batch' | 'none'): KernelFamily => ({
    family: `ResNet-8${skip ? '' : ' without skips'}${skip || norm === 'batch' ? '' : ','}${norm === 'batch' ? '' : ' without batch norm'}`,
    // widths of its three stages are 16, 32 and 64 times a factor
    network: (width) => resnet(8, { image, classes, width: wide(width) / 16, skip, norm }),
  });
  return {
    mlp2: hidden(2, 'two'),
    mlp4: hidden(4, 'four'),
    convNet: { family: 'ConvNet', network: (width) => convNet(wide(width), image, classes) },
    resnet: residual(true, 'batch'),
    noSkip: residual(false, 'batch'),
    noNorm: residual(true, 'none'),
    plain: residual(false, 'none'),
  };
}

function wide(width: number): number {
  requireInteger('kernelFamilies', 'width', width, 1);
  return width;
}

function convNet(w: number, image: KernelTask['image'], classes: number): Network {
  const filters = (name: string, out: number) =>
    [{ kind: 'conv2d', name, out, kernel: 3, padding: 1 }, { kind: 'relu' }] as const;
  const pool = { kind: 'maxPool', size: 3 } as const;
  return stack({
    name: `convNet:${w}`,
    input: image,
    layers: [
      ...filters('conv1', w),
      ...filters('conv2', 2 * w),
      ...filters('conv3', 2 * w),
      ...filters('conv4', 4 * w),
      pool,
      ...filters('conv5', 4 * w),
      pool,
      { kind: 'flatten' },
      { kind: 'linear', name: 'fc', out: classes },
    ],
  });
}
