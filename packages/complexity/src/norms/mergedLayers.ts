import { product } from '@hyperribbon/kernels';
import type { ChainLayer } from './chainLayer.js';

/**
 * Layers with nothing between them as one: W₂ (W₁ x + b₁) + b₂ = (W₂ W₁) x + (W₂ b₁ + b₂), of rank at most the width between them. That is how networks
 * with layers of low rank are built.
 *
 * Merged are dense layers at the same positions, and convolutions followed by those of 1 × 1 kernels.
 *
 * @param layers a chain @param follows whether layer i reads the numbers of layer i − 1 as they are
 */
export function mergedLayers(
  layers: readonly ChainLayer[],
  follows: (layer: number) => boolean,
): readonly ChainLayer[] {
  const out: ChainLayer[] = [];
  layers.forEach((layer, i) => {
    const below = out.at(-1);
    if (below !== undefined && follows(i) && fits(below, layer)) out[out.length - 1] = merged(below, layer);
    else out.push(layer);
  });
  return out;
}

function fits(below: ChainLayer, above: ChainLayer): boolean {
  if (below.groups !== 1 || above.groups !== 1 || below.rows !== above.columns) return false;
  if (below.positions !== above.positions || below.convolution?.transposed === true) return false;
  if (above.convolution === undefined) return below.convolution === undefined;
  const { kernel, stride, padding, transposed } = above.convolution;
  return !transposed && [...kernel, ...stride].every((n) => n === 1) && padding.flat().every((n) => n === 0);
}

function merged(below: ChainLayer, above: ChainLayer): ChainLayer {
  const [rows, columns, inner] = [above.rows, below.columns, below.rows];
  const matrices = { m: rows, n: columns, k: inner, a: above.filters, b: below.filters };
  const filters = product(matrices, { deterministic: true });
  const bias = above.bias.map((b, o) => {
    let sum = b;
    for (let i = 0; i < inner; i++) sum += above.filters[o * inner + i] * below.bias[i];
    return sum;
  });
  const { convolution } = below;
  return {
    ...below,
    name: `${above.name} · ${below.name}`,
    last: above.last,
    filters,
    rows,
    bias,
    parameters: below.parameters + above.parameters,
    biases: below.biases + above.biases,
    ...(convolution === undefined
      ? {}
      : { convolution: { ...convolution, output: [convolution.output[0], convolution.output[1], rows] } }),
  };
}
