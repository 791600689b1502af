import { refuse, requireInteger, requireNoOthers, requireWithin } from '@hyperribbon/contract';
import { stackFrom } from '../modules/stack.js';
import type { Module } from '../modules/table.js';
import type { Network } from '../network.js';
import { architectureText } from './architectureText.js';
import { type ImageShape, filters, requireImages } from './imageModel.js';

export interface WideResnetOptions {
  /** default 10 */
  readonly classes?: number;
  /** [channels, height, width], default [3, 32, 32] */
  readonly image?: ImageShape;
  /** share of what the first convolution of a block gives that is dropped in training, default 0 */
  readonly dropout?: number;
}

/**
 * A wide residual network [zagoruyko2016]: three stages of (depth − 4)/6 blocks with 16k, 32k and 64k channels, norm and relu before each
 * convolution.
 *
 * Names are those of a well-known version in PyTorch: conv1.weight, block1.layer.0.bn1.weight, block2.layer.0.convShortcut.weight, bn1.weight,
 * fc.weight (in, out). Convolutions start normal with variance 2/fan_out, fc as in PyTorch.
 *
 * @param depth 6n + 4: 10, 16, 22, 28, 40, …
 * @param widen k, a whole number ≥ 1
 * @returns 16-1 for CIFAR-10 has 175,066 weights, 28-10 has 36,479,194
 * @throws ArgumentError for another depth or factor
 * @example
 * wideResnet(16, 1).size; // 175066
 */
export function wideResnet(depth: number, widen: number, options: WideResnetOptions = {}): Network {
  const { classes = 10, image = [3, 32, 32], dropout = 0, ...others } = options;
  const caller = 'wideResnet';
  requireNoOthers(caller, others, 'WideResnetOptions');
  requireImages(caller, classes, image);
  requireInteger(caller, 'widen', widen, 1);
  requireWithin(caller, 'dropout', dropout, 0, 0.99);
  const blocks = (depth - 4) / 6;
  if (!Number.isSafeInteger(blocks) || blocks < 1)
    return refuse(caller, `depth must be 6n + 4, such as 10, 16, 28 or 40, got ${depth}`);
  const channels = [16, 16 * widen, 32 * widen, 64 * widen];
  const name = architectureText('wrn', [`${depth}-${widen}`, classes, image], { dropout: dropout || undefined });
  const layers: readonly Module[] = [
    filters('conv1', channels[0], 3),
    ...channels.slice(1).map((out, stage): Module => {
      const before = channels[stage];
      const inner = Array.from({ length: blocks }, (_, i): Module => {
        const [from, stride] = i === 0 ? [before, stage === 0 ? 1 : 2] : [out, 1];
        return { kind: 'sequence', name: String(i), layers: blockOf({ from, out, stride, dropout }) };
      });
      return { kind: 'sequence', name: `block${stage + 1}.layer`, layers: inner };
    }),
    { kind: 'batchNorm', name: 'bn1' },
    { kind: 'relu' },
    { kind: 'globalAveragePool' },
    { kind: 'linear', name: 'fc', out: classes },
  ];
  return stackFrom(caller, { name, input: image, layers }, name);
}

/** What enters is normalised first: for the sum too where the shortcut is a convolution. */
function blockOf({
  from,
  out,
  stride,
  dropout,
}: Readonly<Record<'from' | 'out' | 'stride' | 'dropout', number>>): readonly Module[] {
  const before: readonly Module[] = [{ kind: 'batchNorm', name: 'bn1' }, { kind: 'relu' }];
  const branch: readonly Module[] = [
    filters('conv1', out, 3, { stride }),
    { kind: 'batchNorm', name: 'bn2' },
    { kind: 'relu' },
    ...(dropout > 0 ? [{ kind: 'dropout', rate: dropout } as const] : []),
    filters('conv2', out, 3),
  ];
  if (from === out) return [{ kind: 'residual', name: '', branch: [...before, ...branch] }];
  const shortcut = [filters('convShortcut', out, 1, { stride })];
  return [...before, { kind: 'residual', name: '', branch, shortcut }];
}
