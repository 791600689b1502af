import { refuse } from '@hyperribbon/contract';
import type { NumericData } from '../formats/numericArray.js';
import type { ShapedArray } from './shapedArray.js';

/** Where an array of images keeps its channels: (count, channels, height, width), (count, height, width, channels), or nowhere, (count, height, width). */
export type ImageLayout = 'channels-first' | 'channels-last' | 'grey';

/** Grey, grey and alpha, colours, colours and alpha. */
const mostChannels = 4;

/**
 * What the shape of images says about their layout: channels are at most four, and the two other lengths are often equal.
 *
 * @param shape (count, a, b, c)
 * @returns undefined where either could be meant, as for (60, 10, 20, 7)
 * @example
 * imageLayout([60, 32, 32, 3]); // 'channels-last'
 */
export function imageLayout(shape: readonly number[]): ImageLayout | undefined {
  const [, a, b, c] = shape;
  const [first, last] = [a <= mostChannels, c <= mostChannels];
  if (first !== last) return first ? 'channels-first' : 'channels-last';
  if (a === c || (a === b) === (b === c)) return a === 1 && c === 1 ? 'channels-first' : undefined;
  return b === c ? 'channels-first' : 'channels-last';
}

/**
 * Images ordered channel, row, column, as the networks of `@hyperribbon/nn` and PyTorch take them.
 *
 * @param images (count, height, width, channels), (count, channels, height, width) or (count, height, width), whose numbers lie as they should
 * @param layout which of them; default what the shape says, see {@link imageLayout}
 * @returns (count, channels, height, width); a copy where anything moved
 * @throws ArgumentError for another rank, a layout of another rank, and a shape that could be either
 * Cost: one pass.
 * @example
 * channelsFirst({ shape: [1, 1, 2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }, 'channels-last').data; // 1, 4, 2, 5, 3, 6
 */
export function channelsFirst<A extends ShapedArray>(images: A, layout?: ImageLayout): A {
  const { shape, data } = images;
  if (layout === 'grey' ? shape.length !== 3 : shape.length !== 4 && (layout !== undefined || shape.length !== 3))
    return refuse(
      'channelsFirst',
      `images must have ${layout === 'grey' ? 'three dimensions' : `${layout === undefined ? 'three or ' : ''}four dimensions`}, got [${shape.join(', ')}]`,
    );
  if (shape.length === 3) return { ...images, shape: [shape[0], 1, shape[1], shape[2]] };
  const found = layout ?? imageLayout(shape);
  if (found === undefined)
    return refuse(
      'channelsFirst',
      `images of shape [${shape.join(', ')}] may have their channels first or last; say layout channels-first or channels-last`,
    );
  if (found === 'channels-first') return images;
  const [count, height, width, channels] = shape;
  return {
    ...images,
    shape: [count, channels, height, width],
    data: turned(data, count, height * width, channels),
  };
}

function turned(data: NumericData, count: number, pixels: number, channels: number): NumericData {
  if (channels === 1) return data;
  const out = data.slice();
  for (let image = 0; image < count; image++) {
    const from = image * pixels * channels;
    for (let channel = 0; channel < channels; channel++) {
      let to = from + channel * pixels;
      for (let pixel = 0; pixel < pixels; pixel++) out[to++] = data[from + pixel * channels + channel];
    }
  }
  return out;
}
