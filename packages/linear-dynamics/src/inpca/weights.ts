/** Weights of models, divided by their sum; equal ones by default. @throws RangeError for negative, missing or no weight */
export function assertWeights(caller: string, models: number, weights?: ArrayLike<number>): Float64Array {
  if (weights === undefined) return new Float64Array(models).fill(1 / models);
  if (weights.length !== models) {
    throw new RangeError(`${caller}: weights must hold ${models} numbers, one per model, got ${weights.length}`);
  }
  let sum = 0;
  for (let i = 0; i < models; i++) {
    const w = weights[i]!;
    if (!(w >= 0 && w < Infinity))
      throw new RangeError(`${caller}: weights must be finite and >= 0, got ${w} for model ${i}`);
    sum += w;
  }
  if (!(sum > 0)) throw new RangeError(`${caller}: weights must not all be 0, got sum ${sum}`);
  return Float64Array.from(weights, (w) => w / sum);
}
