import { refuse, requireInteger, requireNoOthers, requireOneOf, requireWithin } from '@hyperribbon/contract';
import { stackFrom } from '../modules/stack.js';
import type { Module } from '../modules/table.js';
import type { Network } from '../network.js';
import { architectureText } from './architectureText.js';
import { type ImageShape, requireImages } from './imageModel.js';
import { transformerBlock } from './transformerBlock.js';

export interface VitOptions {
  /** default 10 */
  readonly classes?: number;
  /** [channels, height, width], default [3, 32, 32] */
  readonly image?: ImageShape;
  /** side of the squares that become positions, default 4; divides the sides of the image */
  readonly patch?: number;
  /** what the classes are read from: the learnt first position, or the mean of all others; default 'token' */
  readonly pool?: 'token' | 'mean';
  /** share that is dropped after each sum's branch in training, default 0 */
  readonly dropout?: number;
}

/**
 * A vision transformer [dosovitskiy2021]: patches as positions, learnt positions, blocks with norms before their sums.
 *
 * Names are torchvision's: conv_proj.weight, class_token (1, 1, width), encoder.layers.encoder_layer_0.ln_1.weight,
 * ….self_attention.in_proj_weight, ….mlp.0.weight, encoder.ln.weight, heads.head.weight, dense weights (in, out); but
 * encoder.pos_embedding.weight is (positions, width), not (1, positions, width). Positions start normal with deviation 0.02, patches normal with
 * variance 1/fan_in, as there; all else as PyTorch's layers (there heads.head is zero and mlp uniform on ±√(6/(in + out))).
 *
 * @param width features of a position
 * @param layers blocks
 * @param heads divides the width
 * @throws ArgumentError for patches and heads that do not divide what they cut
 * @example
 * vit(64, 4, 4, { image: [1, 28, 28] }).name; // 'vit:64,4,4:10:1,28,28'
 */
export function vit(width: number, layers: number, heads: number, options: VitOptions = {}): Network {
  const { classes = 10, image = [3, 32, 32], patch = 4, pool = 'token', dropout = 0, ...others } = options;
  requireNoOthers('vit', others, 'VitOptions');
  requireImages('vit', classes, image);
  for (const [name, value] of Object.entries({ width, layers, heads, patch })) requireInteger('vit', name, value, 1);
  requireOneOf('vit', 'pool', pool, ['token', 'mean']);
  requireWithin('vit', 'dropout', dropout, 0, 0.99);
  const [channels, ...sides] = image;
  if (sides.some((side) => side % patch !== 0))
    refuse('vit', `patch must divide the sides of the image, ${sides.join(' × ')}, got ${patch}`);
  const name = architectureText('vit', [[width, layers, heads], classes, image], {
    patch: patch === 4 ? undefined : patch,
    pool: pool === 'token' ? undefined : pool,
    dropout: dropout || undefined,
  });
  const blocks = Array.from({ length: layers }, (_, i) =>
    transformerBlock(`encoder_layer_${i}`, {
      width,
      heads,
      causal: false,
      dropout,
      epsilon: 1e-6,
      activation: 'gelu',
      attention: { name: 'self_attention', names: 'pytorch' },
      dense: ['mlp.0', 'mlp.3'],
    }),
  );
  const patches = { normal: 1 / Math.sqrt(channels * patch * patch) };
  const all: readonly Module[] = [
    { kind: 'conv2d', name: 'conv_proj', out: width, kernel: patch, stride: patch, start: patches },
    { kind: 'places' },
    ...(pool === 'token' ? [{ kind: 'classToken', name: 'class_token' } as const] : []),
    { kind: 'positionalEmbedding', name: 'encoder.pos_embedding', start: { normal: 0.02 } },
    { kind: 'sequence', name: 'encoder.layers', layers: blocks },
    { kind: 'layerNorm', name: 'encoder.ln', epsilon: 1e-6 },
    pool === 'token' ? { kind: 'position', at: 0 } : { kind: 'globalAveragePool' },
    { kind: 'linear', name: 'heads.head', out: classes },
  ];
  return stackFrom('vit', { name, input: image, layers: all }, name);
}
