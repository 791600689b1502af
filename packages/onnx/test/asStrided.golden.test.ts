/**
 * A loop that exporters leave where PyTorch reads a tensor by strides: of a known number of rounds, it is written out, and what it computes is a
 * table of places. Alone in a small graph, and in the network that people use (golden/README.md).
 */
import { networkProgram, logits, networkToData } from '@hyperribbon/nn';
import { onnxNetwork } from '@hyperribbon/onnx';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { numbers } from './build.js';

const read = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`./golden/${name}.json`, import.meta.url), 'utf8')) as Record<string, unknown>;

describe('a loop over the axes of a tensor', () => {
  const bytes = Uint8Array.from(Buffer.from(read('asStrided').model as string, 'base64'));
  const { network, params, notes } = onnxNetwork(bytes);

  it('leaves nothing but the layers around it', () => {
    expect(network.parameters.map(({ name, shape }) => [name.split('.').at(-1), shape])).toEqual([
      ['weight', [2, 4]],
      ['bias', [2]],
    ]);
    expect(notes).toEqual(['exported for a batch of one example: its examples are computed one by one']);
    const { program } = networkProgram(network, 3);
    expect(program.equations.filter(({ op }) => /gather/.test(op))).toEqual([]);
    expect(networkToData(network).classes).toBe(2);
  });

  it('reads the channel means in their order', () => {
    const x = numbers(3 * 24, 2);
    const given = { inputs: Float64Array.from(x), labels: new Int32Array(3), count: 3, features: 24, classes: 2 };
    const expected = Array.from({ length: 6 }, (_, i) => {
      const [row, o] = [Math.floor(i / 2), i % 2];
      const mean = (c: number): number =>
        x.slice(row * 24 + c * 6, row * 24 + c * 6 + 6).reduce((sum, v) => sum + v, 0) / 6;
      return [0, 1, 2, 3].reduce((sum, c) => sum + mean(c) * ((o * 4 + c - 3) / 4), o === 0 ? 0.5 : -0.25);
    });
    expect([...logits(network, params, given)]).toEqual(expected.map((v) => expect.closeTo(v, 12) as number));
  });
});

const file = new URL('../../../bench/peers/node_modules/detypify-service/train/model.onnx', import.meta.url);

// after npm ci in bench/peers, which has detypify-service 0.3.0
if (existsSync(file))
  describe('the symbol classifier of detypify-service', () => {
    it('has 1,147,763 weights under their names, and the logits of PyTorch', () => {
      const { network, params } = onnxNetwork(readFileSync(file));
      expect(network).toMatchObject({ size: 1_147_763, classes: 411, inputShape: [1, 224, 224] });
      expect(network.parameters[0].name).toBe('model_opt._orig_mod.conv_stem.weight');
      const inputs = Float32Array.from({ length: 2 * 224 * 224 }, (_, i) => {
        const [s, y, x] = [Math.floor(i / 224 ** 2), Math.floor(i / 224) % 224, i % 224];
        return (x * (3 + s) + y * (5 - s)) % 17 < 4 ? 1 : 0;
      });
      const given = { inputs, labels: new Int32Array(2), count: 2, features: 224 ** 2, classes: 411 };
      const expected = (read('detypify').logits as number[][]).flat();
      const scale = Math.max(...expected.map(Math.abs));
      const largest = (z: ArrayLike<number>): number => Math.max(...expected.map((v, i) => Math.abs(v - z[i]) / scale));
      expect(largest(logits(network, Float64Array.from(params), given))).toBeLessThan(1e-9);
      expect(largest(logits(network, params, given, { dtype: 'float32' }))).toBeLessThan(1e-5);
    });
  });
