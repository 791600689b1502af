import { floatArray, refuse, throwIfAborted, watch } from '@hyperribbon/contract';
import { assertOperator, guardOperator, type LinearOperator } from '@hyperribbon/linop';
import { stream } from '@hyperribbon/random';
import type { EigshOptions } from './eigshOptions.js';
import { eigshCost, isDense, storedAs, type EigshCost } from './eigshCost.js';
import { eighSeconds, searchSeconds } from './ownWork.js';
import { resolveEigshOptions, type ResolvedEigshOptions } from './resolveEigshOptions.js';

export type EigshTimeOptions = EigshOptions & TimeOptions;

interface TimeOptions {
  /** most seconds that a run may take, > 0; one that takes more at least is refused. Default: none is */
  readonly timeLimit?: number;
  /** the time now, in milliseconds; default performance.now */
  readonly clock?: () => number;
}

/** What a run will take, with the pace of this machine. */
export interface EigshTime extends EigshCost {
  /** products made to measure */
  readonly matvecs: number;
  /** measured: one product of the operator, the median */
  readonly secondsPerMatvec: number;
  /** extrapolated from a measurement: the solver's own work, shared out over the products */
  readonly secondsAroundMatvec: number;
  /** no run ends as converged with fewer products */
  readonly leastMatvecs: number;
  /** leastMatvecs at the pace of the fastest product measured, without the solver's own work */
  readonly leastSeconds: number;
  /** mostMatvecs products and the work around them, at the paces above */
  readonly mostSeconds: number;
}

/** products that are timed, and the milliseconds after which fewer will do */
const REPEATS = 3;
const ENOUGH = 1000;

/**
 * What a run of eigsh will take, in bytes and seconds, measured with a few products before it starts.
 *
 * The numbers of products are bounds: a list of k needs k products and one that looks for what was missed, an order near basisSize exactly n,
 * and a threshold, which may have nothing beyond it, 2. The paces are measured: 1 product to warm up, then 3, or fewer once they took 1 s
 * together; blocks where `blockSize` asks for them and the operator has applyBlock. The solver's own work is that of a small search, in
 * proportion to its rows, and an eigenproblem a restart, in proportion to its order's cube. So seconds are forecasts for a machine that stays
 * as busy as it is now: between the two ends the spectrum decides, which `onProgress` of eigsh tells; `signal: AbortSignal.timeout(ms)` ends a run for certain.
 *
 * @param op symmetric operator (n, n)
 * @param options those of the run to come; a resumed one has leastMatvecs 0, and mostMatvecs counts the products before
 * @returns bytes, products and seconds
 * @throws ArgumentError where leastSeconds is above `timeLimit`, and for bad arguments; NonFiniteError, OperatorError when a
 * product fails; AbortError. It does not refuse memory: eigsh does.
 * Cost: 2 to 4 products, of up to `blockSize` columns each, and 0.7 s at n = 200,000 and above, 0.2 s at 4,000; 42 vectors of memory, at most 45 MB.
 * @example
 * const { leastSeconds, mostSeconds, bytes } = await eigshTime(A, { k: 20, timeLimit: 3600 });
 */
export async function eigshTime(op: LinearOperator, options: EigshTimeOptions): Promise<EigshTime> {
  const caller = 'eigshTime';
  assertOperator(op, caller);
  const resolved = resolveEigshOptions(op, options, caller);
  const { timeLimit = Infinity, clock = (): number => performance.now(), signal, resume, deflate } = options;
  if (!(timeLimit > 0)) refuse(caller, `timeLimit must be seconds > 0, got ${timeLimit}`);
  const stored = storedAs(op, options);
  const base = eigshCost(op, options);
  const direct = resume === undefined && isDense(stored, resolved);
  const leastMatvecs = resume === undefined ? leastProducts(op.size, resolved, direct) : 0;
  const mostMatvecs = direct ? op.size : base.mostMatvecs;
  const { times, matvecs } = await timeProducts(stored, resolved, clock, signal);
  const leastSeconds = leastMatvecs * times[0];
  if (leastSeconds > timeLimit) {
    refuse(
      caller,
      `timeLimit must be at least ${leastSeconds.toPrecision(3)} s, got ${timeLimit}: at least ${leastMatvecs} products of ` +
        `${times[0].toPrecision(3)} s each are needed; raise timeLimit, ask for fewer pairs, or make products cheaper`,
    );
  }
  throwIfAborted(caller, signal);
  const secondsPerMatvec = times[times.length >> 1];
  const secondsAroundMatvec = direct
    ? eighSeconds(op.size, options, clock) / Math.max(1, op.size)
    : await searchSeconds(stored, resolved, options, deflate?.values.length ?? 0, clock);
  return {
    ...base,
    mostMatvecs,
    matvecs,
    secondsPerMatvec,
    secondsAroundMatvec,
    leastMatvecs,
    leastSeconds,
    mostSeconds: mostMatvecs * (secondsPerMatvec + secondsAroundMatvec),
  };
}

/** Products without which no report says converged. Every basis vector takes one, and k pairs need k; the search for others takes one at least. */
function leastProducts(n: number, { k, known, maxMatvecs, threshold }: ResolvedEigshOptions, direct: boolean): number {
  return direct ? n : Math.min(maxMatvecs, n - known, threshold === null ? k + 1 : 2);
}

/** Seconds of products, each of its own random vector, in ascending order; one for warming up is counted, not timed. */
async function timeProducts(
  op: LinearOperator,
  { seed, blockSize }: ResolvedEigshOptions,
  clock: () => number,
  signal: AbortSignal | undefined,
): Promise<{ times: number[]; matvecs: number }> {
  const { size: n, dtype } = op;
  const columns = op.applyBlock === undefined ? 1 : blockSize;
  const guard = guardOperator(op, columns, 'eigshTime', signal);
  const times: number[] = [];
  if (n === 0) return { times: [0], matvecs: 0 };
  const between = watch('eigshTime', 1, { signal }, () => 0);
  let spent = 0;
  for (let i = -1; i < REPEATS && spent < ENOUGH; i++) {
    await between();
    const x = stream({ seed, purpose: 'estimate', index: i + 1 }).sphere(floatArray(dtype, columns * n));
    const start = clock();
    const pending = guard.multiply(x, columns);
    if (pending instanceof Promise) await pending;
    const elapsed = clock() - start;
    if (i < 0) continue;
    spent += elapsed;
    times.push(elapsed / columns / 1000);
  }
  return { times: times.sort((a, b) => a - b), matvecs: guard.matvecs };
}
