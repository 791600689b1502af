import { maxPool } from '../rules/windows.js';
import { type Pattern, uniform } from './reading.js';

/** Maxima of windows: the images at the places of the maxima; where they are padded, −∞ stands around them. */
export const pooling: Pattern = (reading, { inputs: [images, places] }) => {
  const { draft, made } = reading;
  const maxima = made(places, 'argmaxPool');
  if (maxima?.inputs[0] !== images) return undefined;
  const window = maxima.params.window!;
  const padded = made(images, 'select');
  const inner = padded && made(padded.inputs[1], 'pad');
  const inside = padded && made(padded.inputs[0], 'pad');
  const plain = inner === undefined || inside === undefined || made(inside.inputs[0], 'full')?.params.value !== 1;
  if (plain || uniform(reading, padded!.inputs[2]) !== -Infinity)
    return maxPool(draft, reading.hold(images), window, [0, 0, 0, 0]);
  const { low, high } = inner.params as { low: readonly number[]; high: readonly number[] };
  return maxPool(draft, reading.hold(inner.inputs[0]), window, [low[1], low[2], high[1], high[2]]);
};
