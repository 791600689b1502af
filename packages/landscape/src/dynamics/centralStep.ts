import { type CentralDynamics, centralEdge } from './centralRule.js';
import { complementarity } from './complementarity.js';
import type { PairsFollower } from './followPairs.js';
import { hessianAt, type LossDerivatives } from './lossDerivatives.js';
import { preconditioned } from './preconditioner.js';
import { fromCoordinates, symmetricPairs } from './symmetricCoordinates.js';
import type { TrackedPairs } from './trackPairs.js';
import { axpy, dot } from './vectors.js';

/** Where a central flow goes from here, in time of one step. */
export interface CentralVelocity {
  readonly finite: boolean;
  readonly loss: number;
  /** largest eigenvalues of P⁻¹H with η in P, descending */
  readonly values: readonly number[];
  readonly residualNorms: readonly number[];
  /** eigenvalues that may oscillate */
  readonly critical: number;
  /** whether there are more of them than were asked for at most */
  readonly crowded: boolean;
  /** ½⟨H, Σ⟩ */
  readonly oscillation: number;
  /** tr Σ */
  readonly variance: number;
  /** of the complementarity problem */
  readonly residual: number;
  readonly dw: Float64Array;
  readonly dSquares: Float64Array;
}

/** eigenvalues above this share of the edge may oscillate [cohen2025] */
const criticalShare = 0.975;

/** below this share of the edge the eigenvalues are looked at once a step and not at every part of it */
const calmShare = 0.9;

/** of eigenpairs, relative to the edge */
const pairsTol = 1e-4;

/** Where a central flow stands: weights, second moments, and how soon the edge must hold again. */
export interface CentralPlace {
  /** (size,) */
  readonly w: Float64Array;
  readonly squares: Float64Array;
  /** time of one step that the velocity is kept for */
  readonly dt: number;
  /** whether eigenvalues are looked at far from the edge too */
  readonly look: boolean;
}

/** The velocity of a central flow: the calm one, and what an oscillation adds that keeps the critical eigenvalues at or below the edge dt from here. */
export function centralStep(
  derivatives: LossDerivatives,
  dynamics: CentralDynamics,
  follower: PairsFollower,
  mostCritical: number,
): (place: CentralPlace) => Promise<CentralVelocity> {
  const limit = criticalShare * centralEdge;
  let last: TrackedPairs | undefined;
  return async ({ w, squares, dt, look }) => {
    const gradient = new Float64Array(derivatives.size);
    const loss = derivatives.gradient(w, gradient);
    const P = dynamics.preconditioner(squares);
    if (look || last === undefined || !(last.values[0] <= calmShare * centralEdge)) {
      const H = preconditioned(hessianAt(derivatives, w), P);
      // equal eigenvalues are told apart by as many directions to start from
      const k = follower.state().vectors.length === 0 ? Math.min(mostCritical, 4) : 1;
      last = await follower.update(H, { k, above: limit, most: mostCritical, tol: pairsTol, lookout: look ? 2 : 0 });
    }
    const calm = { dw: gradient.map((g, i) => -g / P[i]), dSquares: dynamics.drift(squares, gradient) };
    const { values, residualNorms } = last;
    const critical = values.filter((value) => value > limit).length;
    const crowded = critical >= mostCritical && last.next.value > limit;
    const finite = Number.isFinite(loss) && Number.isFinite(values[0]) && calm.dw.every((v) => Number.isFinite(v));
    const shared = { loss, values, residualNorms, critical, crowded };
    if (!finite || critical === 0) return { ...shared, ...calm, finite, oscillation: 0, variance: 0, residual: 0 };
    const modes = criticalModes(derivatives, dynamics, { w, P, pairs: last, critical });
    const added = withOscillation(dynamics, modes, { squares, calm, dt });
    return { ...shared, ...added, finite: added.dw.every((v) => Number.isFinite(v)) };
  };
}

/** What is critical: eigenvectors U of P⁻¹H with uᵀPu = 1, and what an oscillation along each pair i ≤ j of them does. */
interface CriticalModes {
  readonly values: readonly number[];
  readonly U: readonly Float64Array[];
  readonly pairs: readonly (readonly [number, number])[];
  /** √2 off the diagonal: coordinates of symmetric matrices */
  readonly weight: readonly number[];
  /** ∇(uᵢᵀHuⱼ) */
  readonly thirds: readonly Float64Array[];
  /** −½ P⁻¹ ∇(uᵢᵀHuⱼ): what X_ij adds to the velocity */
  readonly dw: readonly Float64Array[];
  /** what X_ij adds to that of the second moments */
  readonly dSquares: readonly Float64Array[];
}

function criticalModes(
  derivatives: LossDerivatives,
  dynamics: CentralDynamics,
  {
    w,
    P,
    pairs: { values, vectors },
    critical: k,
  }: {
    readonly w: Float64Array;
    readonly P: Float64Array;
    readonly pairs: TrackedPairs;
    readonly critical: number;
  },
): CriticalModes {
  const U = vectors.slice(0, k).map((v) => Float64Array.from(v, (value, i) => value / Math.sqrt(P[i])));
  const HU = U.map((u, c) => u.map((value, i) => values[c] * P[i] * value));
  const pairs = symmetricPairs(k);
  const thirds = pairs.map(([i, j]) => {
    const out = new Float64Array(derivatives.size);
    derivatives.third(w, U[i], U[j], out);
    return out;
  });
  return {
    values: values.slice(0, k),
    U,
    pairs,
    weight: pairs.map(([i, j]) => (i === j ? 1 : Math.SQRT2)),
    thirds,
    dw: thirds.map((g) => g.map((value, i) => (-0.5 * value) / P[i])),
    dSquares: pairs.map(([i, j]) => dynamics.spread(HU[i], HU[j])),
  };
}

/**
 * The edge holds dt from here if A + B[X] ⪰ 0 with A = edge − Λ + dt · (edge · uᵢᵀṖuⱼ − ∇(uᵢᵀHuⱼ) · ẇ) of the calm velocities and B[X] the same of what X adds:
 * ẇ = −½ P⁻¹ Σ X_ij ∇(uᵢᵀHuⱼ), and the spread of the second moments by HU X UᵀH.
 */
function withOscillation(
  { preconditionerRate }: CentralDynamics,
  { values, U, pairs, weight, thirds, dw, dSquares }: CriticalModes,
  {
    squares,
    calm,
    dt,
  }: {
    readonly squares: Float64Array;
    readonly calm: Pick<CentralVelocity, 'dw' | 'dSquares'>;
    readonly dt: number;
  },
): Pick<CentralVelocity, 'oscillation' | 'variance' | 'residual' | 'dw' | 'dSquares'> {
  const between = (rate: Float64Array, [i, j]: readonly [number, number]): number =>
    rate.reduce((sum, value, p) => sum + U[i][p] * value * U[j][p], 0);
  const calmRate = preconditionerRate(squares, calm.dSquares);
  const m = pairs.length;
  const a = Float64Array.from(pairs, ([i, j], c) => {
    const now = i === j ? centralEdge - values[i] : 0;
    return weight[c] * (now + dt * (centralEdge * between(calmRate, [i, j]) - dot(thirds[c], calm.dw)));
  });
  const rates = dSquares.map((rate) => preconditionerRate(squares, rate));
  const B = new Float64Array(m * m);
  for (let r = 0; r < m; r++)
    for (let c = 0; c < m; c++)
      B[r * m + c] = dt * weight[r] * weight[c] * (centralEdge * between(rates[c], pairs[r]) - dot(thirds[r], dw[c]));
  const k = U.length;
  if (![...a, ...B].every((value) => Number.isFinite(value)))
    return { ...calm, dw: calm.dw.map(() => NaN), oscillation: NaN, variance: NaN, residual: NaN };
  const { X, residual, converged } = complementarity({ k, A: fromCoordinates(a, k), B });
  const all = { dw: calm.dw.slice(), dSquares: calm.dSquares.slice() };
  let [oscillation, variance] = [0, 0];
  pairs.forEach(([i, j], c) => {
    const share = (i === j ? 1 : 2) * X[i * k + j];
    axpy(share, dw[c], all.dw);
    axpy(share, dSquares[c], all.dSquares);
    // H between two of them is 0
    if (i === j) oscillation += 0.5 * share * values[i];
    variance += share * dot(U[i], U[j]);
  });
  return { ...all, oscillation, variance, residual: converged ? residual : NaN };
}
