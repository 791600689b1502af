import type { Module } from '../modules/table.js';
import type { Start } from '../network.js';

/** What the blocks of transformers differ in. */
export interface BlockOptions {
  readonly width: number;
  readonly heads: number;
  readonly causal: boolean;
  readonly dropout: number;
  readonly epsilon: number;
  readonly activation: 'gelu' | 'geluTanh';
  /** of the arrays: the attention, and the two dense layers after it */
  readonly attention: { readonly name: string; readonly names: 'pytorch' | 'gpt2' };
  readonly dense: readonly [string, string];
  /** of weights, and of those that write into the sum */
  readonly start?: Start;
  readonly outStart?: Start;
  /** of the biases of the dense layers, default as PyTorch's */
  readonly biasStart?: Start;
}

/** A block with norms before its two sums: h + attention(ln_1 h), then h + dense(act(dense(ln_2 h))) with four times the features between. */
export function transformerBlock(name: string, options: BlockOptions): Module {
  const { width, heads, causal, dropout, epsilon, activation, attention, dense, start, outStart, biasStart } = options;
  const drop: readonly Module[] = dropout > 0 ? [{ kind: 'dropout', rate: dropout }] : [];
  const biasStarted = biasStart === undefined ? {} : { biasStart };
  const started = start === undefined ? {} : { start };
  const outStarted = outStart === undefined ? started : { start: outStart };
  const attend: Module = {
    kind: 'attention',
    ...attention,
    heads,
    ...(causal && { causal }),
    ...started,
    ...(outStart !== undefined && { outStart }),
  };
  return {
    kind: 'sequence',
    name,
    layers: [
      { kind: 'residual', name: '', branch: [{ kind: 'layerNorm', name: 'ln_1', epsilon }, attend, ...drop] },
      {
        kind: 'residual',
        name: '',
        branch: [
          { kind: 'layerNorm', name: 'ln_2', epsilon },
          { kind: 'linear', name: dense[0], out: 4 * width, ...started, ...biasStarted },
          { kind: activation },
          { kind: 'linear', name: dense[1], out: width, ...outStarted, ...biasStarted },
          ...drop,
        ],
      },
    ],
  };
}
