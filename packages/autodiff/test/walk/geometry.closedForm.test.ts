// Oracle: the options that a layer was written with.
import { describe, expect, test } from 'vitest';
import { type Tensor, conv2d, dense, float64, reshape, trace } from '@hyperribbon/autodiff';
import { conv1d, convTranspose2d } from '@hyperribbon/autodiff/layers';
import { affineMaps } from '@hyperribbon/autodiff/walk';

function geometry(f: (w: Tensor, x: Tensor) => Tensor, weights: readonly number[], x: readonly number[]) {
  const { program } = trace(f, [float64(...weights), float64(...x)]);
  const [map, ...others] = affineMaps(program, { parameters: [0], examples: 1 });
  expect(others).toEqual([]);
  return map.convolution;
}

describe('the geometry of a map', () => {
  test('is that of the convolution: window, stride, gaps, zeros that windows reach, map sizes', () => {
    const options = {
      stride: [2, 1],
      padding: [
        [1, 0],
        [2, 1],
      ],
      dilation: [1, 2],
    } as const;
    expect(geometry((w, x) => conv2d(x, w, options), [5, 3, 3, 2], [2, 6, 7, 3])).toEqual({
      transposed: false,
      kernel: [3, 2],
      stride: [2, 1],
      padding: [
        [1, 0],
        [2, 1],
      ],
      dilation: [1, 2],
      input: [6, 7, 3],
      output: [3, 8, 5],
    });
  });

  test('counts the channels of all groups', () => {
    const sizes = (groups: number, channels: number) => {
      const found = geometry((w, x) => conv2d(x, w, { groups }), [8, channels, 3, 3], [2, 4, 4, 4])!;
      return [found.input, found.output];
    };
    for (const groups of [1, 2, 4])
      expect(sizes(groups, 4 / groups)).toEqual([
        [4, 4, groups === 4 ? 8 : 4],
        [2, 2, 8],
      ]);
  });

  test('of a sequence has height 1, of a transposed convolution the roles of image and pixels changed', () => {
    expect(geometry((w, x) => conv1d(x, w, { padding: 1 }), [5, 3, 3], [2, 6, 3])).toMatchObject({
      kernel: [1, 3],
      padding: [
        [0, 0],
        [1, 1],
      ],
      input: [1, 6, 3],
      output: [1, 6, 5],
    });
    const back = geometry((w, x) => convTranspose2d(x, w, { stride: 2, padding: 1 }), [3, 2, 4, 4], [2, 5, 6, 3]);
    expect(back).toMatchObject({ transposed: true, stride: [2, 2], input: [5, 6, 3], output: [10, 12, 2] });
  });

  test('is absent for dense layers, on examples and on tokens', () => {
    expect(geometry((w, x) => dense(x, w), [3, 2], [4, 3])).toBeUndefined();
    expect(geometry((w, x) => dense(reshape(x, [4, 5, 3]), w), [3, 2], [4, 15])).toBeUndefined();
  });
});
