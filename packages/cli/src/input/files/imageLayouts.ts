import { typedArrayName } from '@hyperribbon/contract';
import { type ImageLayout, imageLayout, type ShapedArray } from '@hyperribbon/data';
import { UsageError } from '../../usageError.js';
import type { SourceOptions } from '../sourceOptions.js';

/** What is typed after --layout. */
const layouts: Readonly<Record<NonNullable<SourceOptions['layout']>, ImageLayout>> = {
  nhw: 'grey',
  nchw: 'channels-first',
  nhwc: 'channels-last',
  'channels-first': 'channels-first',
  'channels-last': 'channels-last',
};

/** What --layout means. */
export function layoutOf({ layout }: Pick<SourceOptions, 'layout'>): ImageLayout | undefined {
  return layout === undefined ? undefined : layouts[layout];
}

const spelt = { grey: 'nhw', 'channels-first': 'nchw (channels-first)', 'channels-last': 'nhwc (channels-last)' };

/** @throws UsageError for a layout of other inputs, and for images whose shape leaves a doubt */
export function requireLayout(shape: readonly number[], layout: ImageLayout | undefined): void {
  const rank = layout === 'grey' ? 'three' : 'four';
  if (layout !== undefined && shape.length !== (layout === 'grey' ? 3 : 4))
    throw new UsageError(
      `--layout: ${spelt[layout]} is of images with ${rank} dimensions, these inputs have shape [${shape.join(', ')}]`,
    );
  if (layout === undefined && shape.length === 4 && imageLayout(shape) === undefined)
    throw new UsageError(
      `--layout: images of shape [${shape.join(', ')}] may have their channels first or last; say nchw or nhwc`,
    );
}

/** What was made of images whose layout nobody said. */
export function layoutNotes({ shape, data }: ShapedArray, layout: ImageLayout | undefined): readonly string[] {
  if (layout !== undefined) return [];
  const [, ...one] = shape;
  const images = `images of shape (${one.join(', ')})`;
  if (shape.length === 3 && typedArrayName(data) === 'Uint8Array')
    return [`${images} are taken for grey ones, of one channel (--layout nhw)`];
  if (shape.length !== 4) return [];
  if (imageLayout(shape) === 'channels-last' && one[2] > 1)
    return [`${images} are ordered channel, row, column, as networks take them (--layout nchw: they are already)`];
  return [
    `${images} are taken for ${one[0] === 1 || one[2] === 1 ? 'grey ones, of one channel' : `${one[0]} channels of ${one[1]} × ${one[2]}`} (--layout ${imageLayout(shape) === 'channels-first' ? 'nchw' : 'nhwc'})`,
  ];
}
