import { type Tensor, add } from '@hyperribbon/autodiff';
import { type Call, type Operator, requireRank } from '../../values/call.js';
import { showShape } from '../../values/shapes.js';
import { channelsLast, lastTensor } from '../../values/value.js';
import { convolve, kernelOf } from './convolve.js';
import { windowsOf } from './windows.js';

/** Convolution of images of 1, 2 or 3 axes, with strides, padding, dilation and groups */
export const Conv: Operator = (call) => {
  const x = call.input(0);
  requireRank(call, x.shape, 3, 4, 5);
  const weights = call.tensor(1);
  const groups = call.int('group', 1);
  const [out, inner] = weights.shape;
  if (weights.shape.length !== x.shape.length || inner * groups !== x.shape[1] || out % groups !== 0)
    call.refuse(`weights ${showShape(weights.shape)} in ${groups} groups do not fit images ${showShape(x.shape)}`);
  const windows = windowsOf(call, x.shape.slice(2), kernelOf(weights));
  return channelsLast(x.type, biased(call, convolve(lastTensor(x), weights, windows, groups)));
};

/** The bias, if there is one, added to every place: (batch, …, channels). */
export function biased(call: Call, y: Tensor): Tensor {
  if (!call.has(2)) return y;
  const bias = call.tensor(2);
  requireRank(call, bias.shape, 1);
  return add(y, bias);
}
