/** A share as a percentage with two decimals. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

/** The same, rounded up: what is said to be an upper bound stays one. */
export function percentUp(share: number): string {
  return `${(stepsAbove(share) / 100).toFixed(2)} %`;
}

/** The same, rounded down: for confidences and lower bounds. */
export function percentDown(share: number): string {
  return `${(-stepsAbove(-share) / 100).toFixed(2)} %`;
}

/** The smallest whole k with k/1e4 >= share, compared as doubles: a product alone would be off by a rounding. */
function stepsAbove(share: number): number {
  const near = Math.round(share * 1e4);
  return near / 1e4 >= share ? near : near + 1;
}
