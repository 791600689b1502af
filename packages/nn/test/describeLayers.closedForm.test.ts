// Oracle: what the layers were made of, and sizes by hand.
import { describeLayers, mlp } from '@hyperribbon/nn';
import { parseArchitecture, parseStack } from '@hyperribbon/nn/models';
import { describe, expect, it } from 'vitest';

describe('the layers of a network', () => {
  it('hold every parameter once', () => {
    for (const text of ['lenet', 'resnet:8:10:1,8,8', 'gpt:8,1,2:11:4', 'vit:8,1,2:3:1,8,8']) {
      const network = parseArchitecture(text);
      const layers = describeLayers(network);
      expect(layers.flatMap(({ parameters }) => parameters).toSorted()).toEqual(
        network.parameters.map(({ name }) => name).toSorted(),
      );
      expect(layers.reduce((sum, { size }) => sum + size, 0)).toBe(network.size);
    }
  });

  it('have the shapes, windows and products of a convolution', () => {
    const network = parseStack({
      input: [4, 9, 7],
      layers: [
        { kind: 'conv2d', name: 'c', out: 6, kernel: 3, stride: 2, padding: 1, groups: 2 },
        { kind: 'globalAveragePool' },
        { kind: 'linear', name: 'fc', out: 3, bias: false },
      ],
    });
    const [convolution, dense] = describeLayers(network);
    expect(convolution).toEqual({
      name: 'c',
      kinds: ['convolution'],
      input: [4, 9, 7],
      output: [6, 5, 4],
      kernel: [3, 3],
      stride: [2, 2],
      dilation: [1, 1],
      groups: 2,
      parameters: ['c.weight', 'c.bias'],
      size: 6 * 2 * 9 + 6,
      multiplications: 6 * 2 * 9 * 5 * 4,
    });
    expect(dense).toMatchObject({ kinds: ['dense'], input: [6], output: [3], size: 18, multiplications: 18 });
  });

  it('say how parameters enter that belong to no product: scale and shift, tables, and tables that the last layer shares', () => {
    const kinds = (text: string): ReadonlyMap<string, string> =>
      new Map(describeLayers(parseArchitecture(text)).map(({ name, kinds: all }) => [name, all.join(' ')]));
    const gpt = kinds('gpt:8,1,2:11:4');
    expect(gpt.get('transformer.wte')).toBe('dense table');
    expect(gpt.get('transformer.ln_f')).toBe('scale shift');
    expect(kinds('gpt:8,1,2:11:4:tied=false').get('transformer.wte')).toBe('table');
    expect(describeLayers(mlp([5, 1])).map(({ kinds: all, output }) => [all, output])).toEqual([[['dense'], [1]]]);
  });
});
