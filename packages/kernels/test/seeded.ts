/** mulberry32, the generator of the golden data: seed → unsigned 32-bit integers */
export function seeded(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}

const SPECIAL = [
  0, -0, 1, -1, 0.5, Infinity, -Infinity, NaN, 5e-324, -5e-324, 1e-310, 2.2250738585072014e-308, 1.5e-45, -1e-40,
  1.1754943508222875e-38, 88.7, 88.8, -87.5, -103.5, -104.5, 709.7, 709.79, 710, -708.5, -744.5, -745.2, -746, 40, -40,
  Math.SQRT2, Math.SQRT1_2, -0.999999, 1e-17, -1e-9, 1e300, -1e300,
]; // prettier-ignore

/** n numbers of all sizes and signs, special values sprinkled in: a new start for each seed */
export function hardNumbers(n: number, seed: number): number[] {
  const next = seeded(seed);
  return Array.from({ length: n }, () => {
    const u = next() / 2 ** 31 - 1;
    const kind = next() % 8;
    if (kind === 0) return SPECIAL[next() % SPECIAL.length]!;
    if (kind === 1) return u * 2 ** ((next() % 280) - 140);
    if (kind === 2) return u * 100;
    if (kind === 3) return u * 750;
    return u * 4;
  });
}

/** n tame numbers in (−4, 4) */
export function tameNumbers(n: number, seed: number): number[] {
  const next = seeded(seed);
  return Array.from({ length: n }, () => next() / 2 ** 29 - 4);
}
