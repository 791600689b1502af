import { log } from '@hyperribbon/kernels';
import { identityRows } from '../dense/tridiagonalEigen.js';
import type { HeldCandidates, KrylovFactorization } from '../factorization/krylovFactorization.js';
import { ritzPairs, selectColumns, type Ritz } from '../factorization/ritz.js';
import { certified, certifiedLifted, thresholdLift, type Claim } from './certificate.js';
import { probabilisticBound } from './probabilisticBound.js';
import { endIndices, wantedEnds, type Which } from './which.js';

export interface SolverOptions {
  readonly k: number;
  readonly which: Which;
  /** relative to ‖A‖ */
  readonly tol: number;
  readonly failureProbability: number;
  /** basis rows of the search; the rest of the capacity belongs to the verification */
  readonly basisSize: number;
}

/** A random search of the space outside the basis. */
export interface Chain {
  readonly held: HeldCandidates;
  /** Ritz values of the basis that is searched around, and their coupling (p, m) to the held candidates */
  readonly theta: Float64Array;
  readonly coupling: Float64Array;
  readonly claims: readonly Claim[];
  readonly dimension: number;
  /** Ritz values thrown away by restarts of the chain */
  readonly discarded: number[];
  logBetas: number;
  steps: number;
}

/**
 * Thick-restart band Lanczos [wu2000] that ends with a proof: first the wanted Ritz pairs converge (search), then a random vector
 * outside the basis is expanded until the unseen part of the spectrum is bounded below the wanted values (verification) or
 * shows what was missed, which then joins the basis as a further candidate: the block grows as multiplicity demands.
 *
 * All numbers are scaled ones of the factorization.
 */
export class EigenSolver {
  readonly f: KrylovFactorization;
  readonly options: SolverOptions;
  done: 'verified' | 'not-symmetric' | null = null;
  restarts = 0;
  verifications = 0;
  verificationSteps = 0;
  /** upper and lower bound of the unseen spectrum once verified */
  unseen: [number, number] | null = null;
  /** residual that was given up by dropping candidates with negligible coupling */
  dropped = 0;
  wantedConverged = 0;
  /** largest residual of the wanted pairs at the last two looks, with the products spent by then: a trend to extrapolate */
  trend: readonly [number, number][] = [];
  chain: Chain | null = null;
  /** flops since the last look at Ritz values */
  work = 0;
  /** products before which no verification starts: after one that failed, search for as long as it took */
  nextVerification = 0;

  constructor(f: KrylovFactorization, options: SolverOptions) {
    this.f = f;
    this.options = options;
  }

  get verifying(): boolean {
    return this.chain !== null;
  }

  /** Largest residual and value error that is accepted: tol ‖A‖, but never below rounding. */
  get threshold(): number {
    const { f } = this;
    return Math.max(this.options.tol, this.floor) * f.norm;
  }

  /** What rounding, or noise beyond it, leaves in a residual, relative to ‖A‖. */
  get floor(): number {
    const { eps, norm, asymmetry } = this.f;
    const noise = norm > 0 ? asymmetry / norm : 0;
    return noise > 100 * eps ? noise : 8 * eps;
  }

  /** Ritz pairs of the basis; during a verification those it was started with. */
  finalRitz(): Ritz {
    const { f, chain } = this;
    if (chain === null) return ritzPairs(f);
    const { theta, coupling } = chain;
    const m = theta.length;
    const vectors = identityRows(m);
    const residualNorms = Float64Array.from(theta, (_, i) => {
      let squares = 0;
      for (let q = i; q < coupling.length; q += m) squares += coupling[q] * coupling[q];
      return Math.sqrt(squares);
    });
    return { values: theta, vectors, coupling, residualNorms };
  }

  /** Products that the search will still take if residuals go on shrinking as they did; null when there is no such trend. */
  get matvecsLeft(): number | null {
    const [first, last] = [this.trend[0], this.trend[this.trend.length - 1]];
    if (this.chain !== null || this.trend.length < 3) return null;
    const rate = log(first[1] / last[1]) / (last[0] - first[0]);
    if (!(rate > 0) || !(last[1] > this.threshold)) return null;
    return Math.ceil(log(last[1] / this.threshold) / rate);
  }

  /** One product and what follows from it. */
  async step(): Promise<void> {
    const { f } = this;
    if (f.candidates === 0 && !f.appendRandom()) return this.exhausted();
    const left = await f.expand();
    this.work += 8 * (f.size + f.candidates) * f.n;
    if (this.chain === null) this.afterSearchStep();
    else this.afterChainStep(this.chain, left);
  }

  /** The rows fill the whole space: Ritz values are the eigenvalues. */
  private exhausted(): void {
    if (this.chain !== null) this.merge(this.chain);
    this.unseen = [-Infinity, Infinity];
    this.done = 'verified';
  }

  private afterSearchStep(): void {
    const { f, options } = this;
    const m = f.size;
    const full = m + f.candidates >= options.basisSize;
    if (m >= f.n) return this.exhausted();
    // Ritz values cost about 25 m³ of these flops: look when the products since the last look have cost as much
    if (!full && f.candidates > 0 && (m < options.k || this.work < 25 * m * m * m)) return;
    this.work = 0;
    if (this.asymmetric()) return;
    const ritz = ritzPairs(f);
    f.norm = Math.max(f.norm, Math.abs(ritz.values[0]), Math.abs(ritz.values[m - 1]));
    const ends = wantedEnds(ritz.values, options.k, options.which);
    const wanted = endIndices(m, ends.top, ends.bottom);
    const limit = this.threshold;
    this.wantedConverged = 0;
    let worst = 0;
    for (const i of wanted) {
      const residual = Math.sqrt(ritz.residualNorms[i] ** 2 + this.dropped ** 2);
      if (residual <= limit) this.wantedConverged++;
      worst = Math.max(worst, residual);
    }
    if (m >= options.k) this.trend = [...this.trend.slice(-7), [f.guard.calls, worst]];
    if (m >= options.k && this.wantedConverged === options.k) {
      const claims = this.claims(ritz, ends);
      if (f.guard.calls >= this.nextVerification && this.beginVerification(ritz, ends, claims)) return;
    }
    if (f.candidates > 1) this.preferCandidate(ritz, wanted, limit);
    if (full) this.restart(ritz, ends);
  }

  private asymmetric(): boolean {
    const { f } = this;
    const limit = Math.min(0.01, 1e3 * Math.sqrt(f.n) * f.eps);
    if (f.size > 2 && f.asymmetry > limit * f.norm + 10 * this.dropped) {
      this.done = 'not-symmetric';
      return true;
    }
    return false;
  }

  /** The statements whose proof makes the wanted list right: no eigenvalue beyond each wanted value + tau but those listed. */
  private claims(ritz: Ritz, ends: { top: number; bottom: number }): Claim[] {
    const theta = ritz.values;
    // rounding moves values by a few eps ‖A‖: claims closer than 50 could fail for no reason but that
    const tau = Math.max(this.threshold, 50 * this.f.eps * this.f.norm);
    const claims: Claim[] = [];
    for (let i = 0; i < ends.top; i++) claims.push({ threshold: theta[i] + tau, side: 1 });
    for (let i = theta.length - ends.bottom; i < theta.length; i++)
      claims.push({ threshold: theta[i] - tau, side: -1 });
    if (this.options.which === 'LM') {
      let least = Infinity;
      for (const i of endIndices(theta.length, ends.top, ends.bottom)) least = Math.min(least, Math.abs(theta[i]));
      claims.push({ threshold: least + tau, side: 1 }, { threshold: -least - tau, side: -1 });
    }
    return claims;
  }

  /**
   * Which Ritz vectors the random search shall leave out, or null when no choice lets it end well.
   *
   * Each one left out lowers the unseen spectrum to the next Ritz value, but costs its residual²/distance in the certificate:
   * unresolved ones cost more than they bring. The best number is taken at either end.
   */
  private leaveOut(ritz: Ritz, ends: { top: number; bottom: number }, claims: readonly Claim[]): number[] | null {
    const { values, residualNorms } = ritz;
    const m = values.length;
    if (this.f.candidates === 0) {
      // an invariant subspace costs nothing to leave out, but room
      const spare = Math.max(0, Math.floor((Math.min(m, this.options.basisSize) - ends.top - ends.bottom) / 2));
      return endIndices(
        m,
        ends.top + (ends.bottom > 0 ? spare >> 1 : spare),
        ends.bottom > 0 ? ends.bottom + (spare >> 1) : 0,
      );
    }
    let topThreshold = Infinity;
    let bottomThreshold = -Infinity;
    for (const { threshold, side } of claims) {
      if (side === 1) topThreshold = Math.min(topThreshold, threshold);
      else bottomThreshold = Math.max(bottomThreshold, threshold);
    }
    const best = (side: 1 | -1, wanted: number, threshold: number): number => {
      const at = (j: number): number => (side === 1 ? j : m - 1 - j);
      let cost = 0;
      let count = -1;
      let most = 0;
      let edge: number | null = null;
      for (let j = 0; j < m - 1; j++) {
        const distance = side * (threshold - values[at(j)]);
        if (distance > 0) cost += residualNorms[at(j)] ** 2 / distance;
        if (j + 1 < wanted) continue;
        const next = values[at(j + 1)];
        // an unresolved Ritz value stands for spectrum around it: leaving it out will not take that away
        if (edge === null && residualNorms[at(j + 1)] > 0.5 * side * (threshold - next)) edge = next;
        const margin = side * (threshold - (edge ?? next)) - cost;
        if (margin > most) [most, count] = [margin, j + 1];
      }
      return count;
    };
    const top = topThreshold === Infinity ? 0 : best(1, ends.top, topThreshold);
    const bottom = bottomThreshold === -Infinity ? 0 : best(-1, ends.bottom, bottomThreshold);
    return top < 0 || bottom < 0 ? null : endIndices(m, top, bottom);
  }

  /** Moves the candidate that carries most of the wanted residual to the front. */
  private preferCandidate(ritz: Ritz, wanted: readonly number[], limit: number): void {
    const { f } = this;
    const m = ritz.values.length;
    let best = 0;
    let most = -1;
    for (let q = 0; q < f.candidates; q++) {
      let s = 0;
      for (const i of wanted) if (ritz.residualNorms[i] > limit) s += ritz.coupling[q * m + i] ** 2;
      if (s > most) [best, most] = [q, s];
    }
    f.swapCandidates(0, best);
  }

  private restart(ritz: Ritz, ends: { top: number; bottom: number }): void {
    const { f, options } = this;
    const m = f.size;
    const room = options.basisSize - f.candidates;
    const wanted = ends.top + ends.bottom;
    const extra = Math.max(1, Math.min(m - wanted - 1, Math.floor(0.5 * (room - wanted))));
    const share = ends.bottom === 0 ? extra : ends.top === 0 ? 0 : Math.ceil(extra / 2);
    const chosen = endIndices(m, ends.top + share, ends.bottom + extra - share);
    f.shrink(selectColumns(ritz, chosen), chosen.length);
    this.restarts++;
    this.dropNegligible();
  }

  /** Candidates whose coupling to the kept basis is far below the tolerance only cost room. */
  private dropNegligible(): void {
    const { f } = this;
    const limit = 0.02 * this.threshold;
    for (let q = f.candidates - 1; q >= 1; q--) {
      let s = 0;
      for (let j = 0; j < f.size; j++) s += f.entry(f.size + q, j) ** 2;
      const total = Math.sqrt(s + this.dropped * this.dropped);
      if (Math.sqrt(s) > limit || total > 5 * limit) continue;
      this.dropped = total;
      f.dropCandidate(q);
    }
  }

  /**
   * Starts a random search of the space outside the basis, if one can end well.
   *
   * Claims about one end: around the whole basis, on the Schur complement at the lowest threshold, which uses what half resolved Ritz
   * vectors know. Claims about both ends have no such complement in common: around the Ritz vectors that {@link leaveOut} names.
   */
  private beginVerification(ritz: Ritz, ends: { top: number; bottom: number }, claims: readonly Claim[]): boolean {
    const { f } = this;
    const p = f.candidates;
    const m = ritz.values.length;
    if (p > 0 && claims.every((c) => c.side === 1)) {
      const lowest = claims.reduce((t, c) => Math.min(t, c.threshold), Infinity);
      // as many Ritz vectors as leave room for a search of some length
      const room = Math.max(VERIFICATION_ROOM, Math.floor((f.capacity - this.options.basisSize) / 2));
      const kept = Math.max(Math.min(m, ends.top + 1), Math.min(m, f.capacity - 2 * p - 1 - room));
      const chosen = endIndices(m, kept, 0);
      const theta = Float64Array.from(chosen, (i) => ritz.values[i]);
      const coupling = new Float64Array(p * kept);
      for (let q = 0; q < p; q++) for (let i = 0; i < kept; i++) coupling[q * kept + i] = ritz.coupling[q * m + i];
      const lift = thresholdLift(theta, coupling, p, lowest);
      // an eigenvalue of the complement at the candidates, if A there is what it is on the last rows, must stay below the threshold
      if (lift === null) return false;
      const level = m > 0 ? f.entry(m - 1, m - 1) : 0;
      if (!certifiedLifted(theta, coupling, p, claims, new Float64Array(p * p), level)) return false;
      this.beginChain(ritz, chosen, claims, lift);
      return true;
    }
    const chosen = this.leaveOut(ritz, ends, claims);
    if (chosen === null) return false;
    this.beginChain(ritz, chosen, claims, null);
    return true;
  }

  private beginChain(ritz: Ritz, chosen: readonly number[], claims: readonly Claim[], lift: Float64Array | null): void {
    const { f } = this;
    const p = f.candidates;
    f.shrink(selectColumns(ritz, chosen), chosen.length);
    const m = chosen.length;
    const coupling = new Float64Array(p * m);
    for (let q = 0; q < p; q++) for (let i = 0; i < m; i++) coupling[q * m + i] = f.entry(m + q, i);
    this.verifications++;
    this.chain = {
      held: f.hold(lift),
      theta: Float64Array.from(chosen, (i) => ritz.values[i]),
      coupling,
      claims,
      dimension: f.n - m,
      discarded: [],
      logBetas: 0,
      steps: 0,
    };
    if (!f.appendRandom()) this.exhausted();
  }

  private afterChainStep(chain: Chain, left: number): void {
    const { f, options } = this;
    chain.steps++;
    this.verificationSteps++;
    const w = f.size - chain.held.size;
    const over = left === 0;
    if (!over) chain.logBetas += log(left);
    const full = f.size + f.candidates + chain.held.rows.length + 1 >= f.capacity;
    if (!over && !full && this.work < 25 * w * w * w) return;
    this.work = 0;
    if (this.asymmetric()) return;
    const ritz = ritzPairs(f, chain.held.size);
    const p = chain.held.rows.length;
    const { lift } = chain.held;
    const holds = (above: number, below: number): boolean =>
      lift === null
        ? certified(chain.theta, chain.coupling, p, chain.claims, above, below)
        : certifiedLifted(chain.theta, chain.coupling, p, chain.claims, lift, above);
    const rounding = 2 * f.eps * f.norm;
    const top = ritz.values[0];
    const bottom = ritz.values[w - 1];
    if (!holds(top, bottom)) {
      this.nextVerification = f.guard.calls + chain.steps;
      this.merge(chain);
      this.work = Infinity;
      return;
    }
    const sides = new Set(chain.claims.map((c) => c.side));
    // one search after the other may fail: shares 0.6/v² of the probability add up to less than one
    const delta = (0.6 * options.failureProbability) / (sides.size * this.verifications ** 2);
    const roots = [...chain.discarded, ...ritz.values];
    const bound = (side: 1 | -1): number =>
      !sides.has(side)
        ? side === 1
          ? top
          : bottom
        : over
          ? side === 1
            ? top + rounding
            : bottom - rounding
          : probabilisticBound(roots, chain.logBetas, chain.dimension, delta, side, f.norm);
    const above = bound(1);
    const below = bound(-1);
    if (holds(above, below)) {
      this.unseen = [above, below];
      this.done = 'verified';
      return;
    }
    if (over) {
      // exhausted and yet within rounding of a threshold: let the basis have these vectors too
      this.merge(chain);
      return;
    }
    if (full) {
      const keep = Math.max(1, Math.floor(w / 2));
      const up = sides.size === 2 ? Math.ceil(keep / 2) : sides.has(1) ? keep : 0;
      const chosen = endIndices(w, up, keep - up);
      for (let i = 0; i < w; i++) if (!chosen.includes(i)) chain.discarded.push(ritz.values[i]);
      f.shrink(selectColumns(ritz, chosen), chosen.length, chain.held.size);
    }
  }

  /** Ends a verification by giving its vectors to the search. */
  private merge(chain: Chain): void {
    this.f.release(chain.held);
    this.chain = null;
  }
}

/** rows that a verification should find free: with fewer it restarts before its polynomial has grown */
const VERIFICATION_ROOM = 10;
