/** A share as a percentage with two decimals. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

/** The same of a bound: rounded to the side on which the statement stays true. */
export function percentUp(share: number): string {
  return `${(Math.ceil(1e4 * share) / 100).toFixed(2)} %`;
}
