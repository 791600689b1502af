import { log } from '@hyperribbon/kernels';
import { identityRows } from '../dense/eigen.js';
import { hold, release } from '../factorization/holdCandidates.js';
import type { KrylovFactorization } from '../factorization/krylovFactorization.js';
import { columnNorms, ritzPairs, selectColumns, type Ritz } from '../factorization/ritz.js';
import { certified, type Claim } from './verification/certificate.js';
import type { Chain } from './verification/chain.js';
import { claimsOf, isProven, provenCount, type Ends, type ProvenCount } from './verification/claims.js';
import { planSearch } from './verification/planSearch.js';
import { probabilisticBound } from './verification/probabilisticBound.js';
import type { SolverOptions } from './solverOptions.js';
import { endIndices, wantedEnds } from './which.js';

/**
 * Thick-restart band Lanczos [wu2000] that ends with a proof: first the wanted Ritz pairs converge (search), then a random vector
 * outside the basis is expanded until the unseen part of the spectrum is bounded below the wanted values (verification) or
 * shows what was missed, which then joins the basis as a further candidate: the block grows as multiplicity demands.
 *
 * All numbers are scaled ones of the factorization.
 */
export class EigenSolver {
  readonly f: KrylovFactorization;
  options: SolverOptions;
  /** rows before this one are locked, not part of the search */
  readonly base: number;
  done: 'verified' | 'not-symmetric' | 'more-than-k' | null = null;
  restarts = 0;
  verifications = 0;
  /** products spent on verifications */
  verificationProducts = 0;
  #before = 0;
  /** what searches proved of one end while the other is open */
  proven: ProvenCount[] = [];
  /** residual that was given up by dropping candidates with negligible coupling */
  dropped = 0;
  /** smallest Ritz value seen */
  lowest: number = Infinity;
  wantedConverged = 0;
  /** products spent, and digits that the wanted residuals together lacked then: looks spread over the run, a trend to extrapolate */
  trend: [number, number][] = [];
  chain: Chain | null = null;
  /** flops since the last look at Ritz values */
  work = 0;
  /** products before which no verification starts: after one that failed, search for as long as it took */
  nextVerification = 0;

  constructor(f: KrylovFactorization, options: SolverOptions) {
    this.f = f;
    this.options = options;
    this.base = f.size;
  }

  get verifying(): boolean {
    return this.chain !== null;
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
    if (edge === undefined) return wantedEnds(values, k, which);
    const level = this.f.rescale(edge) * this.f.sign;
    let top = 0;
    while (top < values.length && values[top] > level) top++;
    return { top, bottom: 0 };
  }

  /** Ritz pairs of the basis; during a verification those it was started with. */
  finalRitz(): Ritz {
    return this.chain === null ? ritzPairs(this.f, this.base) : this.chain.ritz;
  }

  /** Products that the search will still take if residuals go on shrinking as they did; null when there is no such trend. */
  get matvecsLeft(): number | null {
    const { trend } = this;
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
    if (f.candidates === 0 && !f.appendRandom()) return this.#exhausted();
    this.#before = f.guard.matvecs;
    const room = this.options.basisSize - (f.size - this.base + f.candidates) + 1;
    const columns = this.chain === null ? Math.min(f.candidates, f.blockWidth, Math.max(1, room)) : 1;
    const left = columns > 1 ? (await f.expandBlock(columns))[columns - 1] : await f.expand();
    this.work += 4 * columns * (f.size + f.candidates) * f.n;
    if (this.chain === null) this.#afterSearchStep();
    else this.#afterChainStep(this.chain, left);
  }

  /** The rows fill the whole space: Ritz values are the eigenvalues. */
  #exhausted(): void {
    if (this.chain !== null) this.#merge();
    this.done = 'verified';
  }

  #afterSearchStep(): void {
    const { f, options, base } = this;
    const m = f.size - base;
    const full = m + f.candidates >= options.basisSize;
    if (f.size >= f.n) return this.#exhausted();
    const least = options.edge === undefined ? options.k : 1;
    // Ritz values cost about 25 m³ of these flops: look when the products since the last look have cost as much
    if (!full && f.candidates > 0 && (m < least || this.work < 25 * m * m * m)) return;
    this.work = 0;
    if (this.#asymmetric()) return;
    const ritz = ritzPairs(f, base);
    const [highest, lowest] = [ritz.values[0], ritz.values[m - 1]];
    f.state.norm = Math.max(f.norm, Math.abs(highest), Math.abs(lowest));
    this.lowest = Math.min(this.lowest, lowest);
    const ends = this.ends(ritz.values);
    const count = ends.top + ends.bottom;
    if (count > options.k) {
      // a Ritz value above the edge has an eigenvalue above it: more than k are proven
      this.done = 'more-than-k';
      return;
    }
    const wanted = endIndices(m, ends.top, ends.bottom);
    const limit = this.threshold;
    this.wantedConverged = 0;
    let lacking = 0;
    for (const i of wanted) {
      const residual = Math.sqrt(ritz.residualNorms[i] ** 2 + this.dropped ** 2);
      if (residual <= limit) this.wantedConverged++;
      else lacking += log(residual / limit);
    }
    if (m >= least) this.#lookBack(lacking);
    // with an edge the basis must be more than the pairs above it before their number means anything
    const ripe =
      options.edge === undefined ? m >= options.k : m >= Math.min(f.n - base, count + 10) || f.candidates === 0;
    if (ripe && this.wantedConverged === count && f.guard.matvecs >= this.nextVerification) {
      const edge = options.edge === undefined ? null : f.rescale(options.edge) * f.sign;
      const claims = claimsOf(ritz.values, ends, options.which, (value) => this.#width(value), edge);
      if (this.#beginVerification(ritz, ends, claims)) return;
    }
    if (f.candidates > 1) this.#preferCandidate(ritz, wanted, limit);
    if (full) this.#restart(ritz, ends);
  }

  /** Adds to the trend, unless it knows this time well enough. */
  #lookBack(lacking: number): void {
    const { trend } = this;
    const now = this.f.guard.matvecs;
    if (trend.length === 0 || now - trend[trend.length - 1][0] > (now - trend[0][0]) / 16) trend.push([now, lacking]);
  }

  #asymmetric(): boolean {
    const { f } = this;
    const { noise } = this.options;
    const rounding = Math.min(0.01, 1e3 * Math.sqrt(f.n) * f.eps);
    const limit = noise === undefined ? rounding : noise === 'estimate' ? 0.01 : Math.max(rounding, 10 * noise);
    if (f.size > 2 && f.asymmetry > limit * f.norm + 10 * this.dropped) {
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
    this.restarts++;
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
      const total = Math.sqrt(s + this.dropped * this.dropped);
      if (Math.sqrt(s) > limit || total > 5 * limit) continue;
      this.dropped = total;
      f.dropCandidate(q);
    }
  }

  /**
   * Starts a random search of the space outside the basis, if one can end well: around the whole basis, on the Schur complement at the innermost
   * threshold, which uses what half resolved Ritz vectors know.
   */
  #beginVerification(ritz: Ritz, ends: Ends, claims: readonly Claim[]): boolean {
    const { f, base } = this;
    const p = f.candidates;
    const m = ritz.values.length;
    const open = claims.filter((c) => !isProven(c, ritz.values, this.proven));
    // as many Ritz vectors as leave room for a search of some length
    const room = Math.max(VERIFICATION_ROOM, Math.floor((f.capacity - base - this.options.basisSize) / 2));
    const wanted = ends.top + ends.bottom;
    // nothing couples to an invariant basis: half of what is not wanted makes room for the copies that will be found
    const most = p === 0 ? Math.ceil((wanted + Math.min(m, this.options.basisSize)) / 2) : m;
    const kept = Math.max(Math.min(m, wanted + 1), Math.min(most, f.capacity - base - 2 * p - 1 - room));
    // the search itself needs a few rows beside the candidates set aside
    if (f.capacity - base - kept - 2 * p < 5) return false;
    const chosen = this.outermost(ritz.values, ends, kept);
    const around = kept === m ? ritz : this.#rotate(ritz, chosen, false);
    // an eigenvalue of the complement at the candidates, if A there is what it is on the last row, must stay within the thresholds
    const level = m > 0 ? f.entry(f.size - 1, f.size - 1) : 0;
    const none = new Float64Array(p * p);
    if (p > 0 && !certified(around.values, around.coupling, p, open, none, level, level)) return false;
    if (planSearch(around, p, open) === null) return false;
    return this.#searchFor(kept === m ? ritz : this.#rotate(ritz, chosen, true), open);
  }

  /** The chosen Ritz pairs; with `basis` they become the basis. */
  #rotate(ritz: Ritz, chosen: readonly number[], basis: boolean): Ritz {
    const { f, base } = this;
    const p = f.candidates;
    const m = ritz.values.length;
    const r = chosen.length;
    if (basis) f.shrink(selectColumns(ritz, chosen), r, base);
    const coupling = new Float64Array(p * r);
    for (let q = 0; q < p; q++) {
      for (let i = 0; i < r; i++)
        coupling[q * r + i] = basis ? f.entry(base + r + q, base + i) : ritz.coupling[q * m + chosen[i]];
    }
    const values = Float64Array.from(chosen, (i) => ritz.values[i]);
    return { values, vectors: identityRows(r), coupling, residualNorms: columnNorms(coupling, p, r) };
  }

  /** A random search for claims of one end, or both; without any the list is proven. false where none can be made. */
  #searchFor(ritz: Ritz, claims: readonly Claim[]): boolean {
    const { f } = this;
    if (claims.length === 0) {
      this.done = 'verified';
      return true;
    }
    const plan = planSearch(ritz, f.candidates, claims);
    if (plan === null) return false;
    this.verifications++;
    this.chain = {
      ritz,
      held: hold(f, f.candidates === 0 ? null : plan.lift),
      claims: plan.claims,
      rest: plan.rest,
      dimension: f.n - f.size,
      discarded: [],
      logBetas: 0,
      steps: 0,
      start: f.guard.matvecs,
    };
    if (!f.appendRandom()) this.#exhausted();
    return true;
  }

  #afterChainStep(chain: Chain, left: number): void {
    const { f, options } = this;
    chain.steps++;
    this.verificationProducts += f.guard.matvecs - this.#before;
    const w = f.size - chain.held.size;
    const over = left === 0;
    if (!over) chain.logBetas += log(left);
    const full = f.size + f.candidates + chain.held.count + 1 >= f.capacity;
    if (!over && !full && this.work < 25 * w * w * w) return;
    this.work = 0;
    if (this.#asymmetric()) return;
    const ritz = ritzPairs(f, chain.held.size);
    const p = chain.held.count;
    const lift = chain.held.lift ?? new Float64Array(0);
    const holds = (above: number, below: number): boolean =>
      certified(chain.ritz.values, chain.ritz.coupling, p, chain.claims, lift, above, below);
    const rounding = 2 * f.eps * f.norm;
    const top = ritz.values[0];
    const bottom = ritz.values[w - 1];
    // a value beyond the other end's threshold is a find as well: that end's lift would leave it there
    if (!holds(top, bottom) || chain.rest.some((c) => bottom < c.threshold)) {
      this.nextVerification = 2 * f.guard.matvecs - chain.start;
      this.#merge();
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
      return this.#nextEnd(chain);
    }
    if (over) {
      // exhausted and yet within rounding of a threshold: let the basis have these vectors too
      this.#merge();
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

  /** After a search that ended well: the other end, from the basis as it was before, or the end. */
  #nextEnd(chain: Chain): void {
    const { f } = this;
    if (chain.rest.length === 0) {
      this.done = 'verified';
      return;
    }
    this.proven.push(...chain.claims.map((c) => provenCount(c, chain.ritz.values)));
    Object.assign(f.state, { size: chain.held.size, candidates: 0 });
    this.#merge();
    if (!this.#searchFor(chain.ritz, chain.rest)) this.work = Infinity;
  }

  /** Goes on after a result whose residuals, looked at more closely, are too large: they must fall by `factor` first. */
  tighten(factor: number): void {
    if (this.chain !== null) this.#merge();
    this.options = { ...this.options, tol: this.options.tol * factor };
    this.done = null;
    this.work = Infinity;
  }

  /** Ends a verification by giving its vectors to the search. */
  #merge(): void {
    release(this.f);
    this.chain = null;
  }
}

/** rows that a verification should find free: with fewer it restarts before its polynomial has grown */
const VERIFICATION_ROOM = 10;
