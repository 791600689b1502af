import { requireFloatArray, requireInteger, requireNoOthers, requirePositive } from '@hyperribbon/contract';
import { type FloatArray, log } from '@hyperribbon/kernels';
import type { AnyExamples, Network } from '@hyperribbon/nn';
import { affineExamples, type AffineLoss } from './affineExamples.js';
import { affineChain, type ChainLayer, readLayer, writeLayer } from './affineChain.js';
import { separationByFeatures } from './separation.js';
import { tapRows } from './tapRows.js';
import { UnattainedMinimumError } from './unattainedMinimumError.js';

export interface DeadOptions {
  readonly loss?: AffineLoss;
  /** which hidden layer dies, from 0; default 0 */
  readonly layer?: number;
  /** c > 0: pre-activations of the dead layer are at −c or below on the examples; default 1 */
  readonly margin?: number;
}

/**
 * The trivial bad minimum: biases so low that one layer lets nothing pass, and a last bias that is the best constant. Near it the network computes one
 * constant, so that nothing near is better than that; its loss is the entropy of the labels, or half the variance of the targets.
 *
 * @param params (size,) whose biases are changed in a copy: those of the dead layer, and the last
 * @returns (size,) weights
 * @throws UnattainedMinimumError for a class that no example has, under cross-entropy; ArgumentError for networks as in {@link constructMinimum}
 * Cost: one forward pass up to each layer after the dead one
 * @example
 * const net = mlp([2, 3, 2], { activation: 'relu' });
 * const x = { shape: [2, 2], data: Float32Array.of(0, 1, 1, 0) };
 * const examples = examplesFromArrays(x, { shape: [2], data: Int32Array.of(0, 1) });
 * (await certifyMinimum(net, deadMinimum(net, net.init(1, 'float64'), examples), examples)).loss; // ln 2
 * Source: [goldblum2020, section 2].
 */
export function deadMinimum(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  { loss = 'softmax-cross-entropy', layer = 0, margin = 1, ...others }: DeadOptions = {},
): Float64Array {
  const caller = 'deadMinimum';
  requireNoOthers(caller, others, 'DeadOptions');
  requireFloatArray(caller, 'params', params, network.size);
  requirePositive(caller, 'margin', margin);
  const chain = affineChain(caller, network);
  requireInteger(caller, 'layer', layer, 0, chain.length - 2);
  const found = affineExamples(caller, examples, loss);
  const { count, outputs, answers } = found;
  const separation = loss === 'softmax-cross-entropy' ? separationByFeatures(examples, found) : undefined;
  if (separation?.evidence === 'class') throw new UnattainedMinimumError(caller, separation);
  const made = Float64Array.from(params);
  const dying = readLayer(network, made, chain[layer]);
  const z = tapRows(network, made, examples, layer, 'output');
  const width = dying.bias.length;
  const most = new Float64Array(width).fill(-Infinity);
  z.forEach((value, i) => (most[i % width] = Math.max(most[i % width], value)));
  for (let j = 0; j < width; j++) dying.bias[j] -= Math.max(0, most[j] + margin);
  writeLayer(network, made, chain[layer], dying);
  const last = chain.length - 1;
  for (let l = layer + 1; l < last; l++) keepFromZero(network, made, examples, chain, l, margin);
  const { weights, bias } = readLayer(network, made, chain[last]);
  const passed = tapRows(network, made, examples, last, 'output').subarray(0, outputs);
  const best = new Float64Array(outputs);
  answers.forEach((y, i) => (best[i % outputs] += y / count));
  const wanted = loss === 'squared-error' ? best : best.map(log);
  writeLayer(network, made, chain[last], { weights, bias: bias.map((b, c) => b + wanted[c] - passed[c]) });
  return made;
}

/** After a dead layer the pre-activations are the same for all examples; those nearer to zero than c are moved to c or −c. */
function keepFromZero(
  network: Network,
  params: Float64Array,
  examples: AnyExamples,
  chain: readonly ChainLayer[],
  l: number,
  margin: number,
): void {
  const { weights, bias } = readLayer(network, params, chain[l]);
  const z = tapRows(network, params, examples, l, 'output').subarray(0, bias.length);
  const moved = bias.map((b, j) => (Math.abs(z[j]) >= margin ? b : b - z[j] + (z[j] < 0 ? -margin : margin)));
  writeLayer(network, params, chain[l], { weights, bias: moved });
}
