import { refuse } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import type { ParameterSpec } from '../../network.js';
import { sizeOf } from '../../parameterLayout.js';
import type { DecayOptions } from './optimizer.js';

/** A named range [from, to) of the flat weights. */
export interface WeightRange {
  readonly name: string;
  readonly shape: readonly number[];
  readonly from: number;
  readonly to: number;
}

/** Where each array of parameters lies among the flat weights. */
export function weightRanges(parameters: readonly Pick<ParameterSpec, 'name' | 'shape'>[]): WeightRange[] {
  let from = 0;
  return parameters.map(({ name, shape }) => {
    const range = { name, shape, from, to: from + sizeOf(shape) };
    from = range.to;
    return range;
  });
}

/** How weights decay: a strength and the ranges that it is for. */
export interface WeightDecay {
  readonly strength: number;
  readonly ranges: readonly { readonly from: number; readonly to: number }[];
}

/** @returns undefined where nothing decays. @throws ArgumentError where the shapes are needed and not given */
export function weightDecay(
  { weightDecay: strength = 0, decayOf = 'all' }: DecayOptions,
  size: number,
  parameters: readonly ParameterSpec[] | undefined,
): WeightDecay | undefined {
  if (strength === 0) return undefined;
  if (decayOf === 'all') return { strength, ranges: [{ from: 0, to: size }] };
  if (parameters === undefined)
    return refuse('createUpdate', 'decayOf: matrices needs the shapes of the weights: give the network’s parameters');
  return { strength, ranges: weightRanges(parameters).filter(({ shape }) => shape.length >= 2) };
}

/** out ← g + λw where w decays, g elsewhere. */
export function addDecay(w: FloatArray, g: FloatArray, { strength, ranges }: WeightDecay, out: FloatArray): FloatArray {
  out.set(g);
  for (const { from, to } of ranges) for (let i = from; i < to; i++) out[i] = g[i] + strength * w[i]; // hot
  return out;
}

/** w ← (1 − lr λ) w where w decays. */
export function shrink(w: FloatArray, learningRate: number, { strength, ranges }: WeightDecay): void {
  const factor = 1 - learningRate * strength;
  for (const { from, to } of ranges) for (let i = from; i < to; i++) w[i] = factor * w[i]; // hot
}
