import { addTo, dot } from './vectors.js';

/** A vector with its products: B x is x itself where there is no B. */
export interface Triple {
  readonly x: Float64Array;
  readonly ax: Float64Array;
  readonly bx: Float64Array;
}

/** Of a vector made orthogonal to others, what is left below this share of it is rounding. */
const DEPENDENT = 2 ** -24;

/**
 * x, and B x with it, orthonormal in B to the rows given, in up to three passes.
 * @returns false where nothing is left but rounding
 */
export function orthonormalise(
  x: Float64Array,
  bx: Float64Array,
  others: readonly { readonly x: Float64Array; readonly bx: Float64Array }[],
): boolean {
  const first = dot(x, bx);
  if (!(first > 0)) return false;
  for (let [pass, before] = [0, first]; pass < 3; pass++) {
    for (const other of others) {
      const share = dot(other.bx, x);
      if (share === 0) continue;
      addTo(x, -share, other.x);
      if (bx !== x) addTo(bx, -share, other.bx);
    }
    const left = dot(x, bx);
    if (!(left > DEPENDENT * DEPENDENT * first)) return false;
    const enough = left > 0.5 * before;
    before = left;
    if (enough && pass > 0) break;
  }
  const scale = 1 / Math.sqrt(dot(x, bx));
  for (let i = 0; i < x.length; i++) x[i] *= scale;
  if (bx !== x) for (let i = 0; i < bx.length; i++) bx[i] *= scale;
  return true;
}

/** Σ cⱼ sⱼ of vectors and products alike. */
export function combine(s: readonly Triple[], c: ArrayLike<number>): Triple {
  const n = s[0].x.length;
  const [x, ax] = [new Float64Array(n), new Float64Array(n)];
  const plain = s[0].bx === s[0].x;
  const bx = plain ? x : new Float64Array(n);
  for (let j = 0; j < s.length; j++) {
    if (c[j] === 0) continue;
    addTo(x, c[j], s[j].x);
    addTo(ax, c[j], s[j].ax);
    if (!plain) addTo(bx, c[j], s[j].bx);
  }
  return { x, ax, bx };
}

/**
 * Coefficients of the directions that led to the new vectors: rows of c without the old vectors' part, orthonormal to c and to each other.
 * @param c (m, s) orthonormal rows; the first `old` columns belong to the old vectors
 */
export function directionsOf(c: readonly Float64Array[], old: number): Float64Array[] {
  const directions: Float64Array[] = [];
  for (const row of c) {
    const d = row.slice().fill(0, 0, old);
    const rows = [...c, ...directions].map((x) => ({ x, bx: x }));
    if (orthonormalise(d, d, rows)) directions.push(d);
  }
  return directions;
}
