import { refuse, requireLength, requireNonNegative } from '@hyperribbon/contract';
/** Weights of models, divided by their sum; equal ones by default. @throws ArgumentError for negative, missing or no weight */
export function weightsOf(caller: string, models: number, weights?: ArrayLike<number>): Float64Array {
  if (weights === undefined) return new Float64Array(models).fill(1 / models);
  requireLength(caller, 'weights', weights, models);
  let sum = 0;
  for (let i = 0; i < models; i++) {
    requireNonNegative(caller, `weights[${i}]`, weights[i]!);
    sum += weights[i]!;
  }
  if (!(sum > 0)) refuse(caller, `weights must not all be 0, got sum ${sum}`);
  return Float64Array.from(weights, (w) => w / sum);
}
