// Property: every family of models has norms, and says of each what lies outside the theorems' networks; what is about examples refuses tokens and targets.
import { isArgumentError } from '@hyperribbon/contract';
import { defineNetwork } from '@hyperribbon/nn';
import { parseArchitecture, stack } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { networkNorms, sampleNorms } from '../../src/index.js';

const chain = /^Its \d+ biases are left out/;
const skips = /^Paths that parted meet again \(add\)/;
const attention = /^Activations are multiplied with each other/;

/** Text, layers, and what must be told; of a chain with nothing else the sentences are all there are. */
const families: readonly (readonly [string, number, readonly RegExp[]])[] = [
  ['mlp:relu:6,5,4,3', 3, [chain]],
  ['mlp:tanh:6,5,3', 2, [/tanh is not positively homogeneous/, chain]],
  ['lenet:2,3:8,6:4', 5, [/tanh is not positively homogeneous/, chain]],
  ['allcnn:4,6:3:8,8,1', 9, [/^Activations meet parameters of no layer/, /no chain/, /^Parameters of no layer/, chain]],
  ['resnet:8:3:1,8,8', 10, [skips, /no chain/, chain]],
  ['wrn:10-1:3:1,8,8', 11, [skips]],
  ['vgg:11:3:1,32,32:width=0.0625', 9, [/^Maximum pooling/, chain]],
  ['vit:4,1,2:3:1,4,4:patch=2', 6, [attention]],
  ['gpt:4,1,2:6:3', 4, [attention, /tokens/]],
];

describe.each(families)('%s', (text, layers, told) => {
  const network = parseArchitecture(text);
  const params = network.init(1, 'float64');

  it('has norms of its layers, finite and in order', async () => {
    const norms = await networkNorms(network, params, { reference: network.init(2, 'float64') });
    for (const { filters, map, change, name } of norms.layers) {
      expect(filters.spectral, name).toBeLessThanOrEqual(filters.frobenius * (1 + 1e-12));
      expect(map.spectral, name).toBeLessThanOrEqual(map.frobenius * (1 + 1e-12));
      // one use of each weight may fall on the zeros around the image
      expect(map.largestRow).toBeLessThanOrEqual(filters.largestRow * (1 + 1e-12));
      expect(change!.filters.frobenius).toBeGreaterThan(0);
    }
    expect(norms.layers.length).toBeGreaterThanOrEqual(Math.min(layers, 2));
    for (const expected of told)
      expect(
        norms.outside.some((sentence) => expected.test(sentence)),
        String(expected),
      ).toBe(true);
    for (const sentence of norms.outside) expect(sentence).toMatch(/^[A-Z].*\.$/);
    if (told.includes(chain) && !told.some((other) => /no chain/.test(other.source))) {
      expect(norms.outside.length).toBe(told.length);
      for (const { lipschitz } of norms.layers) expect(lipschitz).toBeLessThanOrEqual(1 + 1e-12);
    }
  });

  it('has norms of its sample, or refuses tokens', async () => {
    const { inputs: features, classes } = network;
    const count = 3;
    const x = stream({ seed: 1, purpose: 'test/inputs' }).normal(new Float64Array(count * features));
    const labels = Int32Array.from({ length: count }, (_, i) => i % classes);
    if (network.vocabulary !== undefined) {
      const tokens = { inputs: x.map(() => 1), labels, count, features, classes };
      await expect(sampleNorms(network, params, tokens)).rejects.toThrow('are tokens, whose numbers have no norm');
      return;
    }
    const norms = await sampleNorms(network, params, { inputs: x, labels, count, features, classes }, { chunkSize: 2 });
    const { layers: own } = await networkNorms(network, params);
    expect(norms.largestPatches.length).toBe(own.length);
    expect(norms.largestPatches.every((norm) => norm > 0 && norm < Infinity)).toBe(true);
    expect(norms.patchFrobenius).toBeLessThanOrEqual(norms.frobenius * (1 + 1e-12));
    expect(norms.margins.every(Number.isFinite)).toBe(true);
    const error: unknown = await sampleNorms(network, params, {
      inputs: x,
      count,
      features,
      targets: new Float64Array(count * classes),
      outputs: classes,
    } as never).catch((reason: unknown) => reason);
    expect(isArgumentError(error)).toBe(true);
    expect(String(error)).toContain('examples must have labels');
    const weighted = { inputs: x, labels, count, features, classes, weights: new Float64Array(count).fill(1) };
    await expect(sampleNorms(network, params, weighted)).rejects.toThrow('examples must not have weights');
  });
});

describe('networks that have no norms', () => {
  it('are refused with a typed error', async () => {
    const none = defineNetwork({
      inputs: 2,
      classes: 2,
      parameters: [{ name: 'c', shape: [2], start: 1 }],
      apply: ({ c }, x) => {
        void c;
        return x;
      },
    });
    await expect(networkNorms(none, new Float64Array(2))).rejects.toThrow('has no dense layer and no convolution');
    const net = parseArchitecture('mlp:relu:2,2');
    await expect(networkNorms(net, new Float64Array(6).fill(NaN))).rejects.toThrow(
      'networkNorms: params must be finite',
    );
    await expect(networkNorms(net, new Float64Array(5))).rejects.toThrow(
      'networkNorms: params must hold the 6 weights',
    );
    await expect(networkNorms(net, new Float64Array(6), { convolution: 'exact' } as never)).rejects.toThrow(
      'no option convolution',
    );
    await expect(networkNorms(net, new Float64Array(6), { convolutions: 'fast' as never })).rejects.toThrow(
      'convolutions must be one of',
    );
    const aborted = networkNorms(net, new Float64Array(6), { signal: AbortSignal.abort() });
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('options that differ in effect', () => {
  const network = stack({
    input: [2, 6, 6],
    layers: [
      { kind: 'conv2d', name: 'first', out: 3, kernel: 3, padding: 1 },
      { kind: 'relu' },
      { kind: 'conv2d', name: 'second', out: 2, kernel: 3, padding: 1, stride: 2 },
      { kind: 'flatten' },
      { kind: 'linear', name: 'head', out: 2 },
    ],
  });
  const params = stream({ seed: 4, purpose: 'test/weights' }).normal(new Float64Array(network.size));

  it('gives limits of spectral norms that are nearer the more is computed, and says what each is', async () => {
    const of = async (convolutions: 'filters' | 'circular' | 'exact' | 'circular-input') =>
      networkNorms(network, params, { convolutions });
    const [filters, circular, exact, input] = await Promise.all([
      of('filters'),
      of('circular'),
      of('exact'),
      of('circular-input'),
    ]);
    const spectral = [filters, circular, exact].map(({ layers }) => layers[0].map.spectral);
    expect(spectral[0]).toBeGreaterThan(spectral[1]);
    expect(spectral[1]).toBeGreaterThan(spectral[2]);
    expect([filters, circular, exact, input].map(({ layers }) => layers[0].map.spectralIs)).toEqual([
      'upper',
      'upper',
      'exact',
      'lower',
    ]);
    expect(exact.layers[0].map.singularValues!.length).toBe(72);
    expect(input.outside.at(-1)).toContain('circular padding at the size of the input');
    expect(await networkNorms(network, params)).toEqual(filters);
  });

  it('takes the second layer at the size of the input, with steps of 1, as the authors of the measure do', async () => {
    const { layers } = await networkNorms(network, params, { convolutions: 'circular-input' });
    const circular = await networkNorms(network, params, { convolutions: 'circular' });
    expect(layers[1].map.spectral).toBeGreaterThan(circular.layers[1].map.spectral);
  });
});
