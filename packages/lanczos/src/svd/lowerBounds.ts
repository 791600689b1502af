import type { Triplets } from './tripletsFrom.js';

/**
 * A lower bound for each place: what counting in AᵀA says of it, or of any smaller place; or the value less the residuals of all smaller ones, where counting puts no more than these below the next: as many singular values as
 * the span has lie within the norm of its residuals of the values there [parlett1998, 11.5].
 *
 * @param counted (c,) no more than the places below i have smaller singular values than counted[i]; descending
 */
export function lowerBounds({ values, residuals }: Triplets, counted: Float64Array): Float64Array {
  const least = counted.slice();
  let squares = 0;
  for (let i = values.length - 1; i > 0; i--) {
    squares += 2 * residuals[i] * residuals[i];
    const spread = Math.sqrt(squares);
    if (!(values[i] + spread < counted[i - 1])) continue;
    for (let j = i; j < values.length; j++) least[j] = Math.max(least[j], values[j] - spread);
  }
  for (let i = values.length - 2; i >= 0; i--) least[i] = Math.max(least[i], least[i + 1]);
  return least;
}
