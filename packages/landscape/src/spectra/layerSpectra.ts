import type { FloatArray } from '@hyperribbon/kernels';
import {
  type AnyExamples,
  chosenParameters,
  type LayerBlock,
  layerBlocks,
  type Network,
  sizeOf,
} from '@hyperribbon/nn';
import { networkSpectrum } from './networkSpectrum.js';
import type { NetworkSpectrum, NetworkSpectrumOptions } from './spectrumOptions.js';

/** The spectrum of one layer's block. */
export interface LayerSpectrum extends LayerBlock, NetworkSpectrum {}

/**
 * The spectra of the diagonal blocks of a curvature matrix, layer by layer: top eigenvalues, trace and density of each, as {@link networkSpectrum}
 * gives them of the whole.
 *
 * Traces of the blocks add up to that of the matrix; its largest eigenvalue is at least that of every block, and for a positive semidefinite matrix at most
 * their sum.
 *
 * @param params (size,) weights
 * @param options those of a spectrum; a layer with fewer parameters than `count` gives all of its eigenvalues; `parameters` chooses among those of all
 * layers; `trace` is 30 products by default
 * @returns layers in the order of their parameters; those that are done once `signal` is aborted, the last with reason `aborted`
 * Cost: that of a spectrum for each layer, with products that cost less than those of the whole matrix
 * @example
 * const net = mlp([2, 3, 2], { activation: 'tanh' });
 * const examples = examplesFromArrays({ shape: [2, 2], data: Float32Array.of(0, 1, 1, 0) }, { shape: [2], data: Int32Array.of(0, 1) });
 * const layers = await layerSpectra(net, net.init(1), examples, { count: 2, dtype: 'float64' });
 * layers.map(({ name, size }) => [name, size]); // [['W1', 9], ['W2', 8]]
 */
export async function layerSpectra(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  { parameters, trace = 30, count, signal, onProgress, ...options }: NetworkSpectrumOptions,
): Promise<readonly LayerSpectrum[]> {
  const chosen = chosenParameters('layerSpectra', network, parameters ?? (() => true));
  const sizes = new Map(
    network.parameters.flatMap(({ name, shape }, i) => (chosen.has(i) ? [[name, sizeOf(shape)]] : [])),
  );
  const blocks = layerBlocks(network)
    .map((block) => ({ ...block, parameters: block.parameters.filter((name) => sizes.has(name)) }))
    .filter((block) => block.parameters.length > 0);
  const found: LayerSpectrum[] = [];
  for (const { name, parameters: own } of blocks) {
    if (signal?.aborted === true && found.length > 0) break;
    const size = own.reduce((sum, part) => sum + sizes.get(part)!, 0);
    const spectrum = await networkSpectrum(network, params, examples, {
      ...options,
      count: count === 'all' || count >= size ? 'all' : count,
      trace,
      parameters: own,
      ...(signal && { signal }),
      onProgress: ({ done, of, detail }) =>
        onProgress?.({ done: found.length + done / of, of: blocks.length, detail: `${name}: ${detail ?? ''}` }),
    });
    found.push({ name, parameters: own, size, ...spectrum });
  }
  return found;
}
