/** The member of a grid where a bound is smallest, and its value there; the first of equals. */
export function smallestOver(
  grid: readonly number[],
  value: (member: number) => number,
): { readonly value: number; readonly at: number } {
  let best = { value: Infinity, at: grid[0] };
  for (const member of grid) {
    const here = value(member);
    if (here < best.value) best = { value: here, at: member };
  }
  return best;
}
