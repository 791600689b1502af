import type { SpectralDensity } from './shape.js';

/** A density as it is drawn: per decade on each side of zero, and what is at zero. */
export interface DensityMass {
  readonly negative: Side;
  readonly positive: Side;
  readonly zero: { readonly below: number; readonly share: number };
}

/** Points with the magnitude of the eigenvalue descending to zero or ascending from it, in the order of the record. */
export interface Side {
  readonly points: readonly DensityPoint[];
  /** share of eigenvalues on this side */
  readonly share: number;
}

interface DensityPoint {
  readonly x: number;
  /** share of eigenvalues per decade of magnitude */
  readonly value: number;
  readonly lower?: number;
  readonly upper?: number;
}

/** Areas are those under the curve as it is drawn, over the logarithm of the magnitude; zero gets what they leave, unless the record says it. */
export function densityMass({ x, density, lower, upper, zero }: SpectralDensity): DensityMass {
  const points = x.map((at, i): DensityPoint => {
    const perDecade = (value: number): number => Math.max(0, value * Math.abs(at)) * Math.LN10;
    return {
      x: at,
      value: perDecade(density[i]),
      ...(lower === undefined ? {} : { lower: perDecade(lower[i]), upper: perDecade((upper ?? density)[i]) }),
    };
  });
  const [negative, positive] = [-1, 1].map((sign) => side(points.filter(({ x }) => x * sign > 0)));
  const left = 1 - negative.share - positive.share;
  const below = x.reduce((least, at) => (at === 0 ? least : Math.min(least, Math.abs(at))), Infinity);
  return {
    negative,
    positive,
    zero: zero ?? { below: Number.isFinite(below) ? below : 0, share: Math.max(0, Math.min(1, left)) },
  };
}

function side(points: readonly DensityPoint[]): Side {
  let share = 0;
  for (let i = 1; i < points.length; i++) {
    const decades = Math.abs(Math.log10(points[i].x / points[i - 1].x));
    const mass = (decades * (points[i].value + points[i - 1].value)) / 2;
    if (Number.isFinite(mass)) share += mass;
  }
  return { points, share };
}
