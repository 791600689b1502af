/** Numbers for JSON: what is not finite becomes null, so a reader sees "unknown" and not a parse error. */
export function jsonNumbers(values: ArrayLike<number>): (number | null)[] {
  return Array.from(values, (value) => (Number.isFinite(value) ? value : null));
}
