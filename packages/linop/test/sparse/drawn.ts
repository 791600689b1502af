/** Numbers of a congruential generator, the same at every run. */
export function drawn(seed: number): {
  uniform(out: Float64Array): Float64Array;
  normal(out: Float64Array): Float64Array;
} {
  let state = (seed * 2_654_435_761 + 12_345) % 2_147_483_647 || 1;
  const next = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return {
    uniform: (out) => out.map(next),
    // the sum of twelve has variance 1
    normal: (out) => out.map(() => Array.from({ length: 12 }, next).reduce((sum, u) => sum + u, -6)),
  };
}
