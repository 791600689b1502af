import { bufferValues, logits, withBuffers, type Network } from '@hyperribbon/nn';
import { onnxNetwork, onnxOf } from '@hyperribbon/onnx';
import { describe, expect, it } from 'vitest';
import { networkCases } from './networkCases.js';

/** Weights, and statistics of batch norms, that are no start: nothing is 0 or 1. */
function moved(network: Network): { network: Network; params: Float64Array } {
  const away = (_: number, i: number): number => 0.05 * Math.sin(i + 1);
  const params = (network.init(3, 'float64') as Float64Array).map((x, i) => x + away(x, i));
  const buffers = Object.entries(bufferValues(network, 'float64')).map(([name, values]) => [
    name,
    values.map((x, i) => x + Math.abs(away(x, i))),
  ]);
  return { network: withBuffers(network, Object.fromEntries(buffers)), params };
}

function examplesOf({ inputs: features, vocabulary, classes }: Network, count = 3) {
  const inputs = Float64Array.from({ length: count * features }, (_, i) =>
    vocabulary === undefined ? Math.sin(i * i + 1) : (i * 7) % vocabulary,
  );
  return { inputs, count, features, classes, labels: new Int32Array(count) };
}

/** Those whose graph says a function by several operators, which may round otherwise: 0 differences in all others. */
const rounding = new Set(['mlp with gelu', 'vision transformer', 'functions that ONNX has no operator for']);

describe('a network that was written and read again', () => {
  it.each(Object.entries(networkCases))('of %s gives the same logits', (name, { network: own }) => {
    const { network, params } = moved(own);
    const read = onnxNetwork(onnxOf(network, params));
    expect(read.params.constructor).toBe(Float64Array);
    const examples = examplesOf(network);
    const [before, after] = [
      logits(network, params, examples, { dtype: 'float64' }),
      logits(read.network, read.params, examples, { dtype: 'float64' }),
    ];
    const scale = Math.max(...before.map(Math.abs));
    const worst = Math.max(...before.map((x, i) => Math.abs(x - after[i])));
    expect(before.length).toBe(after.length);
    expect(worst / scale).toBeLessThan(rounding.has(name) ? 1e-12 : 1e-300);
  });

  it.each(Object.entries(networkCases))('of %s has the same names and shapes', (_, { network: own }) => {
    const { network, params } = moved(own);
    const read = onnxNetwork(onnxOf(network, params)).network;
    const shapesOf = (list: readonly { name: string; shape: readonly number[] }[] = []): unknown =>
      Object.fromEntries(list.map(({ name, shape }) => [name, shape]));
    expect(shapesOf(read.parameters)).toEqual(shapesOf(network.parameters));
    expect(shapesOf(read.buffers)).toEqual(shapesOf(network.buffers));
    expect(bufferValues(read, 'float64')).toEqual(bufferValues(network, 'float64'));
  });

  it('gives the same logits when it was written and read twice', () => {
    for (const { network: own } of Object.values(networkCases)) {
      const { network, params } = moved(own);
      const once = onnxNetwork(onnxOf(network, params));
      const twice = onnxNetwork(onnxOf(once.network, once.params));
      const examples = examplesOf(network);
      const [before, after] = [once, twice].map((read) =>
        logits(read.network, read.params, examples, { dtype: 'float64' }),
      );
      expect(after).toEqual(before);
    }
  });
});
