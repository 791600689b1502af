import { requireCounts } from '@hyperribbon/contract';

/**
 * The steps at which a run is recorded, in the density of the published training manifolds: four times per epoch through
 * epochs 0 to 4, after each of the epochs 5 to 25, every fourth epoch to 65, every fifteenth afterwards, and at the end
 * [mao2024, code]; and before the first step, which the published grid leaves out.
 *
 * @param epochs integer ≥ 1
 * @param batches steps per epoch, integer ≥ 1; with fewer than four the quarters that fall on the same step count once
 * @returns ascending, distinct, from 0 to epochs · batches: 42 of them for 26 epochs, 61 for 200
 * @throws ArgumentError for numbers out of range
 * @example checkpointSteps(1, 8) // [0, 2, 4, 6, 8]
 */
export function checkpointSteps(epochs: number, batches: number): Int32Array {
  requireCounts('checkpointSteps', { epochs, batches });
  const times = [0];
  for (let quarter = 1; quarter <= 20; quarter++) times.push(quarter / 4);
  for (let end = 6; end <= 26; end++) times.push(end);
  for (let end = 30; end <= 66; end += 4) times.push(end);
  for (let end = 81; end < epochs; end += 15) times.push(end);
  const steps = times.filter((time) => time < epochs).map((time) => Math.round(time * batches));
  return Int32Array.from(new Set([...steps, epochs * batches]));
}
