import { refuse, requireNoOthers, requireOneOf, requirePositive } from '@hyperribbon/contract';
import { stackFrom } from '../modules/stack.js';
import type { Module } from '../modules/table.js';
import type { Network } from '../network.js';
import { architectureText } from './architectureText.js';
import { type ImageShape, filters, requireImages } from './imageModel.js';

export interface ResnetOptions {
  /** default 10 */
  readonly classes?: number;
  /** [channels, height, width], default [3, 32, 32] */
  readonly image?: ImageShape;
  /** factor of all channels, rounded, default 1 */
  readonly width?: number;
  /** whether blocks add what enters them, default true */
  readonly skip?: boolean;
  /** 'batch' norms, 'none', or the shifts, scales and starts of 'fixup'; default 'batch' */
  readonly norm?: 'batch' | 'none' | 'fixup';
  /** of depth 18 and 34: 'large' begins with 7 × 7 and a pooling, both of stride 2, 'small' with 3 × 3; default 'large' for images of at least 64 × 64 */
  readonly stem?: 'small' | 'large';
}

/**
 * A residual network [he2016] of blocks of two 3 × 3 convolutions.
 *
 * Depth 18 and 34 are torchvision's, with four stages of 64 to 512 channels. Depth 6n + 2 (8, 14, 20, 32, 44, 56, …) are those of CIFAR: three stages of n blocks
 * with 16, 32 and 64 channels. Where a block changes the size, a 1 × 1 convolution with a norm is its shortcut; the CIFAR networks of the paper
 * fill up with zeros there, which has 2,752 weights less. Names are torchvision's: conv1.weight, layer1.0.bn1.weight,
 * layer2.0.downsample.0.weight, fc.weight (in, out). Convolutions start normal with variance 2/fan_out, as in torchvision, fc as in PyTorch.
 *
 * `norm: 'none'` gives convolutions a bias. `norm: 'fixup'` is [zhang2019fixup] for blocks of two: scalar shifts and scales, the first convolution
 * of a block times 1/√blocks, the second and fc zero; the shortcut is the convolution alone. `skip: false` leaves the sums off.
 *
 * @param depth 18, 34 or 6n + 2
 * @returns depth 8: 78,042 weights, 20: 272,474, 18 with the small stem: 11,173,962
 * @throws ArgumentError for another depth, and images that are too small
 * @example
 * const net = resnet(8, { image: [1, 28, 28] });
 * net.name; // 'resnet:8:10:1,28,28'
 */
export function resnet(depth: number, options: ResnetOptions = {}): Network {
  const { classes = 10, image = [3, 32, 32], width = 1, skip = true, norm = 'batch', stem, ...others } = options;
  const caller = 'resnet';
  requireNoOthers(caller, others, 'ResnetOptions');
  requireImages(caller, classes, image);
  requirePositive(caller, 'width', width);
  requireOneOf(caller, 'norm', norm, ['batch', 'none', 'fixup']);
  const { blocks, widths } = stagesOf(depth);
  const fits = widths.length === 3 || Math.min(image[1], image[2]) < 64 ? 'small' : 'large';
  if (stem !== undefined) requireOneOf(caller, 'stem', stem, widths.length === 3 ? ['small'] : ['small', 'large']);
  const channels = widths.map((out) => Math.max(1, Math.round(width * out)));
  const name = architectureText('resnet', [depth, classes, image], {
    width: width === 1 ? undefined : width,
    skip: skip ? undefined : skip,
    norm: norm === 'batch' ? undefined : norm,
    stem: stem === fits ? undefined : stem,
  });
  const kind: BlockKind = { norm, skip, blocks: blocks.reduce((total, n) => total + n, 0) };
  const layers: readonly Module[] = [
    ...stemOf(channels[0], stem ?? fits, norm),
    ...channels.map(
      (out, stage): Module => stageOf(stage, blocks[stage], [channels[Math.max(0, stage - 1)], out], kind),
    ),
    { kind: 'globalAveragePool' },
    ...(norm === 'fixup' ? [{ kind: 'shift', name: 'bias2' } as const] : []),
    { kind: 'linear', name: 'fc', out: classes, ...(norm === 'fixup' && { start: 0 }) },
  ];
  return stackFrom(caller, { name, input: image, layers }, name);
}

interface BlockKind {
  readonly norm: 'batch' | 'none' | 'fixup';
  readonly skip: boolean;
  /** in the whole network */
  readonly blocks: number;
}

function stagesOf(depth: number): { readonly blocks: readonly number[]; readonly widths: readonly number[] } {
  const known: Readonly<Record<number, readonly number[]>> = { 18: [2, 2, 2, 2], 34: [3, 4, 6, 3] };
  if (known[depth] !== undefined) return { blocks: known[depth], widths: [64, 128, 256, 512] };
  const n = (depth - 2) / 6;
  if (!Number.isSafeInteger(n) || n < 1)
    return refuse('resnet', `depth must be 18, 34 or 6n + 2, such as 8, 20, 32 or 56, got ${depth}`);
  return { blocks: [n, n, n], widths: [16, 32, 64] };
}

/** Convolutions and what follows each: a norm, nothing, or a learnt shift. */
function stemOf(out: number, stem: 'small' | 'large', norm: BlockKind['norm']): readonly Module[] {
  const [kernel, stride] = stem === 'large' ? [7, 2] : [3, 1];
  return [
    filters('conv1', out, kernel, { stride, bias: norm === 'none' }),
    ...normOf('bn1', norm),
    ...(norm === 'fixup' ? [{ kind: 'shift', name: 'bias1' } as const] : []),
    { kind: 'relu' },
    ...(stem === 'large' ? [{ kind: 'maxPool', size: 3, stride: 2, padding: 1 } as const] : []),
  ];
}

function normOf(name: string, norm: BlockKind['norm']): readonly Module[] {
  return norm === 'batch' ? [{ kind: 'batchNorm', name }] : [];
}

/** Blocks of equal size; the first of all stages but one halves the image. */
function stageOf(stage: number, blocks: number, [before, out]: readonly [number, number], kind: BlockKind): Module {
  const layers = Array.from({ length: blocks }, (_, i): Module => {
    const [channels, stride] = i === 0 ? [before, stage === 0 ? 1 : 2] : [out, 1];
    const branch = kind.norm === 'fixup' ? fixupBranch(out, stride, kind) : plainBranch(out, stride, kind.norm);
    const projected = channels !== out || stride !== 1;
    const shortcut: readonly Module[] = [
      filters('downsample.0', out, 1, { stride, bias: kind.norm === 'none' }),
      ...normOf('downsample.1', kind.norm),
    ];
    const sum: Module = { kind: 'residual', name: '', branch, ...(projected && { shortcut }) };
    return { kind: 'sequence', name: String(i), layers: [...(kind.skip ? [sum] : branch), { kind: 'relu' }] };
  });
  return { kind: 'sequence', name: `layer${stage + 1}`, layers };
}

function plainBranch(out: number, stride: number, norm: 'batch' | 'none'): readonly Module[] {
  const bias = norm === 'none';
  return [
    filters('conv1', out, 3, { stride, bias }),
    ...normOf('bn1', norm),
    { kind: 'relu' },
    filters('conv2', out, 3, { bias }),
    ...normOf('bn2', norm),
  ];
}

function fixupBranch(out: number, stride: number, { blocks }: BlockKind): readonly Module[] {
  return [
    { kind: 'shift', name: 'bias1a' },
    filters('conv1', out, 3, { stride, factor: 1 / Math.sqrt(blocks) }),
    { kind: 'shift', name: 'bias1b' },
    { kind: 'relu' },
    { kind: 'shift', name: 'bias2a' },
    filters('conv2', out, 3, { factor: 0 }),
    { kind: 'scale', name: 'scale' },
    { kind: 'shift', name: 'bias2b' },
  ];
}
