import * as ad from '../everything.js';
import type { Tensor } from '../everything.js';
import { apply } from '../../src/trace/apply.js';
import { type PrimitiveCase, spread } from './values.js';

const bent = (x: Tensor): Tensor => ad.mul(ad.tanh(x), x);
const image = spread(2, 5, 4, 4);
const geometry = {
  batch: 2,
  height: 5,
  width: 4,
  channels: 2,
  kh: 2,
  kw: 3,
  strideH: 2,
  strideW: 1,
  padTop: 1,
  padLeft: 2,
  oh: 2,
  ow: 4,
  dilationH: 2,
  dilationW: 2,
} as const;

/** Convolutions and pooling with gaps, groups and uneven borders. */
export const imageCases: readonly PrimitiveCase[] = [
  {
    name: 'im2col with gaps',
    covers: ['im2col'],
    f: (x: Tensor) => bent(apply('im2col', [x], { window: geometry })),
    args: [spread(2, 5, 4, 2)],
  },
  {
    name: 'col2im with gaps',
    covers: ['col2im'],
    f: (x: Tensor) => bent(apply('col2im', [x], { window: geometry })),
    args: [spread(16, 12)],
  },
  {
    name: 'depthwise',
    covers: ['depthwise'],
    f: (x: Tensor, w: Tensor) => bent(apply('depthwise', [x, w], { window: geometry })),
    args: [spread(2, 5, 4, 2), spread(2, 3, 2)],
  },
  {
    name: 'depthwiseInput',
    covers: ['depthwiseInput'],
    f: (y: Tensor, w: Tensor) => bent(apply('depthwiseInput', [y, w], { window: geometry })),
    args: [spread(2, 2, 4, 2), spread(2, 3, 2)],
  },
  {
    name: 'depthwiseWeights',
    covers: ['depthwiseWeights'],
    f: (x: Tensor, y: Tensor) => bent(apply('depthwiseWeights', [x, y], { window: geometry })),
    args: [spread(2, 5, 4, 2), spread(2, 2, 4, 2)],
  },
  {
    name: 'depthwise without a border',
    covers: ['depthwise'],
    f: (x: Tensor, w: Tensor) => ad.conv2d(x, w, { groups: 4 }),
    args: [image, spread(4, 1, 1, 1)],
  },
  {
    name: 'conv2d with gaps',
    covers: ['im2col'],
    f: (x: Tensor, w: Tensor) => ad.conv2d(x, w, { dilation: [2, 1], padding: 'same', stride: [1, 2] }),
    args: [image, spread(3, 4, 2, 2)],
  },
  {
    name: 'conv2d of groups',
    covers: ['matmul'],
    f: (x: Tensor, w: Tensor) => ad.conv2d(x, w, { groups: 2, padding: 1, stride: [1, 2] }),
    args: [image, spread(6, 2, 3, 2)],
  },
  {
    name: 'conv2d, two outputs for each channel',
    covers: ['depthwise'],
    f: (x: Tensor, w: Tensor) => ad.conv2d(x, w, { groups: 2, padding: 1, layout: 'NCHW' }),
    args: [spread(2, 2, 4, 3), spread(4, 1, 3, 2)],
  },
  {
    name: 'conv1d',
    covers: ['im2col'],
    f: (x: Tensor, w: Tensor) => ad.conv1d(x, w, { padding: [2, 0], dilation: 2, layout: 'NCL' }),
    args: [spread(2, 3, 6), spread(2, 3, 2)],
  },
  {
    name: 'convTranspose2d',
    covers: ['col2im'],
    f: (x: Tensor, w: Tensor) =>
      ad.convTranspose2d(x, w, {
        stride: 2,
        padding: [
          [1, 0],
          [0, 1],
        ],
        outputPadding: [1, 0],
        dilation: [1, 2],
      }),
    args: [spread(2, 3, 2, 2), spread(2, 3, 3, 2)],
  },
  {
    name: 'convTranspose2d of groups',
    covers: ['col2im'],
    f: (x: Tensor, w: Tensor) => ad.convTranspose2d(x, w, { groups: 2, layout: 'NCHW', stride: [1, 2] }),
    args: [spread(2, 4, 3, 2), spread(4, 1, 2, 2)],
  },
  {
    name: 'maxPool2d with gaps',
    covers: ['argmaxPool'],
    f: (x: Tensor) => bent(ad.maxPool2d(x, { size: 2, stride: 1, dilation: [2, 1], padding: 1 })),
    args: [image],
  },
  {
    name: 'maxPool2d rounded up',
    covers: ['argmaxPool'],
    f: (x: Tensor) => bent(ad.maxPool2d(x, { size: 3, stride: 2, ceil: true })),
    args: [spread(1, 6, 6, 2)],
  },
  {
    name: 'averagePool2d rounded up',
    covers: ['averagePool'],
    f: (x: Tensor) => bent(ad.averagePool2d(x, { size: 3, stride: 2, padding: 1, ceil: true })),
    args: [spread(1, 6, 6, 2)],
  },
  {
    name: 'pooling of sequences',
    covers: ['averagePool'],
    f: (x: Tensor) => bent(ad.add(ad.maxPool1d(x, { size: 2 }), ad.averagePool1d(x, { size: 2 }))),
    args: [spread(2, 6, 3)],
  },
  {
    name: 'pooling of all positions',
    covers: ['reduceMax'],
    f: (x: Tensor) => bent(ad.add(ad.globalMaxPool(x, { axis: 1 }), ad.globalAveragePool(x, { axis: 1 }))),
    args: [spread(2, 3, 4, 2)],
  },
];
