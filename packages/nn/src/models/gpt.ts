import { requireInteger, requireNoOthers, requireWithin } from '@hyperribbon/contract';
import { stackFrom } from '../modules/stack.js';
import type { Module } from '../modules/table.js';
import type { Network } from '../network.js';
import { architectureText } from './architectureText.js';
import { transformerBlock } from './transformerBlock.js';

export interface GptOptions {
  /** tokens that there are */
  readonly vocabulary: number;
  /** tokens of an example */
  readonly positions: number;
  /** whether the last layer is the embedding's table once more; default true, as in GPT-2 */
  readonly tied?: boolean;
  /** share that is dropped after the embedding and each sum's branch in training, default 0 */
  readonly dropout?: number;
}

/**
 * A language model as GPT-2 is built [radford2019]: learnt positions, blocks of causal attention with norms before their sums.
 *
 * Inputs are tokens, outputs the logits of the next one at every position: classes = positions · vocabulary, for `tokenCrossEntropy`. Names are
 * those of GPT-2 in HF's library: transformer.wte.weight, transformer.wpe.weight, transformer.h.0.ln_1.weight, ….attn.c_attn.weight,
 * ….mlp.c_fc.weight, transformer.ln_f.weight, and lm_head.weight (in, out) where it is not tied. Weights start normal with deviation 0.02, those that write into
 * the sum with 0.02/√(2 layers), and biases at zero, as there.
 *
 * @param width features of a position
 * @param layers blocks
 * @param heads divides the width
 * @returns 768, 12, 12 with 50,257 tokens and 1,024 positions: 124,439,808 weights
 * @throws ArgumentError for heads that do not divide the width
 * @example
 * gpt(64, 2, 4, { vocabulary: 256, positions: 32 }).name; // 'gpt:64,2,4:256:32'
 */
export function gpt(width: number, layers: number, heads: number, options: GptOptions): Network {
  const { vocabulary, positions, tied = true, dropout = 0, ...others } = options;
  requireNoOthers('gpt', others, 'GptOptions');
  for (const [name, value] of Object.entries({ width, layers, heads, vocabulary, positions }))
    requireInteger('gpt', name, value, 1);
  requireWithin('gpt', 'dropout', dropout, 0, 0.99);
  const name = architectureText('gpt', [[width, layers, heads], vocabulary, positions], {
    tied: tied ? undefined : tied,
    dropout: dropout || undefined,
  });
  const start = { normal: 0.02 };
  const blocks = Array.from({ length: layers }, (_, i) =>
    transformerBlock(String(i), {
      width,
      heads,
      causal: true,
      dropout,
      epsilon: 1e-5,
      activation: 'geluTanh',
      attention: { name: 'attn', names: 'gpt2' },
      dense: ['mlp.c_fc', 'mlp.c_proj'],
      start,
      biasStart: 0,
      outStart: { normal: 0.02 / Math.sqrt(2 * layers) },
    }),
  );
  const body: readonly Module[] = [
    { kind: 'embedding', name: 'wte', width, start },
    { kind: 'positionalEmbedding', name: 'wpe', start },
    ...(dropout > 0 ? [{ kind: 'dropout', rate: dropout } as const] : []),
    { kind: 'sequence', name: 'h', layers: blocks },
    { kind: 'layerNorm', name: 'ln_f' },
  ];
  const head: Module = tied
    ? { kind: 'unembedding', table: 'transformer.wte' }
    : { kind: 'linear', name: 'lm_head', out: vocabulary, bias: false, start };
  const all: readonly Module[] = [{ kind: 'sequence', name: 'transformer', layers: body }, head];
  return stackFrom('gpt', { name, input: [positions], vocabulary, layers: all }, name);
}
