import { type Tensor, max, mean } from '@hyperribbon/autodiff';
import type { Operator } from '../../values/call.js';
import { range } from '../../values/shapes.js';
import { channelsLast, lastTensor } from '../../values/value.js';

const over =
  (reduce: (x: Tensor, axes: readonly number[], options: { keepDims: boolean }) => Tensor): Operator =>
  (call) => {
    const x = call.input(0);
    if (x.shape.length < 3) return x;
    return channelsLast(x.type, reduce(lastTensor(x), range(x.shape.length - 2, 1), { keepDims: true }));
  };

/** Mean of each channel */
export const GlobalAveragePool: Operator = over(mean);
/** Largest entry of each channel */
export const GlobalMaxPool: Operator = over(max);
