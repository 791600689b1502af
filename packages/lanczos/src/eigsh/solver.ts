import { log } from '@hyperribbon/kernels';
import { timesPower } from '../dense/powerOfTwo.js';
import type { KrylovFactorization } from '../factorization/krylovFactorization.js';
import { ritzPairs, selectColumns, type Ritz } from '../factorization/ritz.js';
import type { Searching, SolverState } from './searching.js';
import type { SolverOptions } from './solverOptions.js';
import type { Chain } from './verification/chain.js';
import { claimsOf } from './verification/claims.js';
import { advanceChain, beginVerification, endChain, exhausted } from './verification/randomSearch.js';
import { endIndices, type Ends, endsBeyond, wantedEnds } from './which.js';

/**
 * Thick-restart band Lanczos [wu2000] that ends with a proof: first the wanted Ritz pairs converge (search), then a random vector
 * outside the basis is expanded until the unseen part of the spectrum is bounded below the wanted values (verification) or
 * shows what was missed, which then joins the basis as a further candidate: the block grows as multiplicity demands.
 *
 * All numbers are scaled ones of the factorization.
 */
export class EigenSolver implements Searching {
  readonly f: KrylovFactorization;
  options: SolverOptions;
  /** rows before this one are locked, not part of the search */
  readonly base: number;
  done: Searching['done'] = null;
  chain: Chain | null = null;
  /** that of the factorization when the numbers of `state` were last looked at */
  #exponent: number | null = null;
  readonly state: SolverState = {
    restarts: 0,
    verifications: 0,
    verificationMatvecs: 0,
    proven: [],
    dropped: 0,
    lowest: Infinity,
    wantedConverged: 0,
    trend: [],
    work: 0,
    nextVerification: 0,
  };

  constructor(f: KrylovFactorization, options: SolverOptions) {
    this.f = f;
    this.options = options;
    this.base = f.size;
  }

  /** Largest residual that is accepted: tol ‖A‖, but never below rounding or noise. */
  get threshold(): number {
    return Math.max(this.options.tol, this.floor) * this.f.norm;
  }

  /** What rounding, or noise beyond it, leaves in a residual, relative to ‖A‖. */
  get floor(): number {
    const { eps, norm, asymmetry } = this.f;
    const { noise } = this.options;
    const seen = norm > 0 ? asymmetry / norm : 0;
    if (noise === undefined) return seen > 100 * eps ? seen : 8 * eps;
    // what is seen lies along the basis: true residuals of a product through float32 were 2.2 times that
    return Math.max(8 * eps, 3 * seen, noise === 'estimate' ? 0 : noise);
  }

  /** Error of a value that is accepted. */
  #width(value: number): number {
    const { f, options } = this;
    // rounding moves values by a few eps ‖A‖: claims closer than 50 could fail for no reason but that
    const accepted = Math.max(options.width === undefined ? this.threshold : options.width(value), 50 * f.eps * f.norm);
    // a random vector whose product is zero proves A = 0: the thresholds need only not be zero themselves
    return f.norm === 0 ? Number.MIN_VALUE : accepted;
  }

  /** How many of the Ritz values, descending, are wanted at either end. */
  ends(values: Float64Array): Ends {
    const { k, which, edge } = this.options;
    return edge === undefined ? wantedEnds(values, k, which) : endsBeyond(values, this.f.rescale(edge) * this.f.sign);
  }

  /** Ritz pairs of the basis; during a verification those it was started with. */
  finalRitz(): Ritz {
    return this.chain === null ? ritzPairs(this.f, this.base) : this.chain.ritz;
  }

  /** Products that the search will still take if residuals go on shrinking as they did; null when there is no such trend. */
  get matvecsLeft(): number | null {
    const { trend } = this.state;
    if (this.chain !== null || trend.length < 4) return null;
    const [now, left] = trend[trend.length - 1];
    // over the last half: a copy that turns up, unconverged, throws back one of the residuals, not their trend
    const [then, before] = trend.find(([matvecs]) => 2 * matvecs >= trend[0][0] + now)!;
    const rate = (before - left) / (now - then);
    return rate > 0 && left > 0 ? Math.ceil(left / rate) : null;
  }

  /** One product and what follows from it. */
  async step(): Promise<void> {
    const { f } = this;
    if (f.candidates === 0 && !f.appendRandom()) return exhausted(this);
    const before = f.guard.matvecs;
    const room = this.options.basisSize - (f.size - this.base + f.candidates) + 1;
    const columns = this.chain === null ? Math.min(f.candidates, f.blockWidth, Math.max(1, room)) : 1;
    const left = columns > 1 ? (await f.expandBlock(columns))[columns - 1] : await f.expand();
    this.#followScale();
    this.state.work += 4 * columns * (f.size + f.candidates) * f.n;
    if (this.chain === null) this.#afterSearchStep();
    else advanceChain(this, this.chain, left, f.guard.matvecs - before);
  }

  /** Brings what is remembered into the scale of the factorization, where a product has changed it. */
  #followScale(): void {
    const { exponent } = this.f.state;
    const change = (this.#exponent ?? exponent ?? 0) - (exponent ?? 0);
    this.#exponent = exponent;
    if (change === 0) return;
    if (this.chain !== null) endChain(this);
    const { state } = this;
    state.lowest = timesPower(state.lowest, change);
    state.dropped = timesPower(state.dropped, change);
    state.proven = [];
  }

  #afterSearchStep(): void {
    const { f, options, base } = this;
    const m = f.size - base;
    const full = m + f.candidates >= options.basisSize;
    if (f.size >= f.n) return exhausted(this);
    const least = options.edge === undefined ? options.k : 1;
    // Ritz values cost about 25 m³ of these flops: look when the products since the last look have cost as much
    if (!full && f.candidates > 0 && (m < least || this.state.work < 25 * m * m * m)) return;
    this.state.work = 0;
    if (this.isAsymmetric()) return;
    const ritz = ritzPairs(f, base);
    const [highest, lowest] = [ritz.values[0], ritz.values[m - 1]];
    f.state.norm = Math.max(f.norm, Math.abs(highest), Math.abs(lowest));
    this.state.lowest = Math.min(this.state.lowest, lowest);
    const ends = this.ends(ritz.values);
    const count = ends.top + ends.bottom;
    if (count > options.k) {
      // a Ritz value above the edge has an eigenvalue above it: more than k are proven
      this.done = 'more-than-k';
      return;
    }
    const wanted = endIndices(m, ends.top, ends.bottom);
    const limit = this.threshold;
    this.state.wantedConverged = 0;
    let lacking = 0;
    for (const i of wanted) {
      const residual = Math.sqrt(ritz.residualNorms[i] ** 2 + this.state.dropped ** 2);
      if (residual <= limit) this.state.wantedConverged++;
      else lacking += log(residual / limit);
    }
    if (m >= least) this.#lookBack(lacking);
    // with an edge the basis must be more than the pairs above it before their number means anything
    const ripe =
      options.edge === undefined ? m >= options.k : m >= Math.min(f.n - base, count + 10) || f.candidates === 0;
    if (ripe && this.state.wantedConverged === count && f.guard.matvecs >= this.state.nextVerification) {
      const edge = options.edge === undefined ? null : f.rescale(options.edge) * f.sign;
      const claims = claimsOf(ritz.values, ends, options.which, (value) => this.#width(value), edge);
      if (beginVerification(this, ritz, ends, claims)) return;
    }
    if (f.candidates > 1) this.#preferCandidate(ritz, wanted, limit);
    if (full) this.#restart(ritz, ends);
  }

  /** Adds to the trend, unless it knows this time well enough. */
  #lookBack(lacking: number): void {
    const { trend } = this.state;
    const now = this.f.guard.matvecs;
    if (trend.length === 0 || now - trend[trend.length - 1][0] > (now - trend[0][0]) / 16) trend.push([now, lacking]);
  }

  /** Whether the operator is not symmetric, which ends the search. */
  isAsymmetric(): boolean {
    const { f } = this;
    const { noise } = this.options;
    const rounding = Math.min(0.01, 1e3 * Math.sqrt(f.n) * f.eps);
    const limit = noise === undefined ? rounding : noise === 'estimate' ? 0.01 : Math.max(rounding, 10 * noise);
    if (f.size > 2 && f.asymmetry > limit * f.norm + 10 * this.state.dropped) {
      this.done = 'not-symmetric';
      return true;
    }
    return false;
  }

  /** Moves the candidate that carries most of the wanted residual to the front. */
  #preferCandidate(ritz: Ritz, wanted: readonly number[], limit: number): void {
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

  #restart(ritz: Ritz, ends: Ends): void {
    const { f, options, base } = this;
    const m = f.size - base;
    const room = options.basisSize - f.candidates;
    const wanted = ends.top + ends.bottom;
    const extra = Math.max(1, Math.min(m - wanted - 1, Math.floor(0.5 * (room - wanted))));
    const chosen = this.outermost(ritz.values, ends, wanted + extra);
    f.shrink(selectColumns(ritz, chosen), chosen.length, base);
    this.state.restarts++;
    this.#dropNegligible();
  }

  /** Indices of the `count` Ritz values that matter most: the wanted ones and those next to them. */
  outermost(values: Float64Array, ends: Ends, count: number): number[] {
    const { which } = this.options;
    if (which === 'LM') ends = wantedEnds(values, count, which);
    const extra = count - ends.top - ends.bottom;
    const up = ends.bottom === 0 ? extra : Math.ceil(extra / 2);
    return endIndices(values.length, ends.top + up, ends.bottom + extra - up);
  }

  /** Candidates whose coupling to the kept basis is far below the tolerance only cost room. */
  #dropNegligible(): void {
    const { f } = this;
    const limit = 0.02 * this.threshold;
    for (let q = f.candidates - 1; q >= 1; q--) {
      let s = 0;
      for (let j = this.base; j < f.size; j++) s += f.entry(f.size + q, j) ** 2;
      const total = Math.sqrt(s + this.state.dropped * this.state.dropped);
      if (Math.sqrt(s) > limit || total > 5 * limit) continue;
      this.state.dropped = total;
      f.dropCandidate(q);
    }
  }

  /** Goes on after a result whose residuals, looked at more closely, are too large: they must fall by `factor` first. */
  tighten(factor: number): void {
    endChain(this);
    this.options = { ...this.options, tol: this.options.tol * factor };
    this.done = null;
    this.state.work = Infinity;
  }
}
