/** Which eigenvalues: largest, smallest, largest in magnitude, or both ends (one more of the largest when k is odd). */
export type Which = 'LA' | 'SA' | 'LM' | 'BE';

/** How many values are wanted at the top and at the bottom of a descending list. */
export interface Ends {
  readonly top: number;
  readonly bottom: number;
}

/** The values beyond an edge: above it, or below it. */
export function endsBeyond(values: Float64Array, edge: number, below = false): Ends {
  const count = values.filter((v) => (below ? v < edge : v > edge)).length;
  return below ? { top: 0, bottom: count } : { top: count, bottom: 0 };
}

/** The k wanted ones. */
export function wantedEnds(values: Float64Array, k: number, which: Which): Ends {
  const count = Math.min(k, values.length);
  if (which === 'LA') return { top: count, bottom: 0 };
  if (which === 'SA') return { top: 0, bottom: count };
  if (which === 'BE') return { top: Math.ceil(count / 2), bottom: Math.floor(count / 2) };
  let top = 0;
  let bottom = 0;
  while (top + bottom < count) {
    if (Math.abs(values[top]) >= Math.abs(values[values.length - 1 - bottom])) top++;
    else bottom++;
  }
  return { top, bottom };
}

/** Indices 0..top−1 and length−bottom..length−1. */
export function endIndices(length: number, top: number, bottom: number): number[] {
  const chosen: number[] = [];
  for (let i = 0; i < top; i++) chosen.push(i);
  for (let i = Math.max(top, length - bottom); i < length; i++) chosen.push(i);
  return chosen;
}
