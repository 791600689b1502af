import type { FloatArray } from '@hyperribbon/kernels/linear';
import type { LinearOperator } from '@hyperribbon/linop';
import { MOST_BYTES } from '../factorization/factorizationOptions.js';
import { assertSeed, assertStart } from '../factorization/startVector.js';
import { knownRows, type KnownPairs } from './verification/knownPairs.js';
import type { Which } from './which.js';

export interface EigshOptions {
  /** how many eigenvalues, 1..n; with `above` or `below` the most to accept, default min(n, 64) */
  readonly k?: number;
  /** 'LA' largest (default), 'SA' smallest, 'LM' largest in magnitude, 'BE' both ends */
  readonly which?: Which;
  /**
   * all eigenvalues above this number, with multiplicity; 'bulk': above the edge of the bulk of the spectrum, estimated by {@link bulkEdge}.
   * Those within tol ‖A‖ above it may be listed or not. Takes the place of `which`
   */
  readonly above?: number | 'bulk';
  /** all eigenvalues below this number */
  readonly below?: number;
  /** residual and value error that count as converged, relative to ‖A‖; default 1e-8 for float64, 1e-5 for float32 */
  readonly tol?: number;
  /** names the random vectors; default 0 */
  readonly seed?: number;
  /** most products; default max(3000, 100 k) */
  readonly maxMatvecs?: number;
  /** vectors kept while searching; default max(2k + 20, 40) */
  readonly basisSize?: number;
  /** random vectors to start with; default 1: the block grows by itself when multiplicity shows */
  readonly blockSize?: number;
  /** start vector (n,) instead of a random one */
  readonly v0?: FloatArray;
  /**
   * known eigenpairs: the search runs in the space orthogonal to them and reports others, those of A there. What they lack in being
   * eigenvectors is measured and adds to the residuals reported; above 10 tol ‖A‖ it ends as 'known-pairs'
   */
  readonly deflate?: KnownPairs;
  /**
   * error of the operator's products relative to ‖A‖, where it is more than rounding of its dtype; 'estimate': differences of uᵀAv and vᵀAu
   * up to 1e-2 are taken for noise, and measured. Without it such an operator ends as 'not-symmetric'
   */
  readonly noise?: number | 'estimate';
  /** dtype of the stored vectors; default the operator's. float32 halves the memory and sets the noise to its rounding */
  readonly storage?: 'float32' | 'float64';
  /** 'auto' (default): a search that converges slowly goes over to a Chebyshev polynomial of the operator; 'off': never */
  readonly filter?: 'auto' | 'off';
  /** bound of the probability that a wrong list is called converged, in (0, 1); default 1e-4 */
  readonly failureProbability?: number;
  /** largest n for which a search that used n products gives way to n products that form the matrix; default 1024 */
  readonly denseBelow?: number;
  readonly deterministic?: boolean;
  readonly engine?: 'wasm' | 'typescript';
  /** most bytes to reserve; more is refused with the number; default 2^32 − 65536 */
  readonly memoryLimit?: number;
  /** a state that onCheckpoint received: continues that run, with the same bits as if it had not been interrupted */
  readonly resume?: Uint8Array;
  /** products between calls of onCheckpoint; default 0: only when the run ends without being done, or is aborted */
  readonly checkpointEvery?: number;
  readonly onCheckpoint?: (state: Uint8Array) => void;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: EigshProgress) => void;
}

export interface EigshProgress {
  readonly phase: 'search' | 'verification';
  readonly matvecs: number;
  /** wanted pairs whose residual is below the tolerance at the last check */
  readonly convergedPairs: number;
  readonly restarts: number;
  readonly elapsedMs: number;
  /** products and time left if the search goes on converging as it does; null when there is no trend, as while verifying */
  readonly matvecsLeft: number | null;
  readonly msLeft: number | null;
}

/** Options with defaults filled in. */
export interface Settings {
  readonly k: number;
  readonly which: Which;
  readonly tol: number;
  readonly seed: number;
  readonly maxMatvecs: number;
  readonly blockSize: number;
  readonly failureProbability: number;
  readonly denseBelow: number;
  readonly memoryLimit: number;
  readonly checkpointEvery: number;
  readonly basisSize: number;
  /** number of known pairs */
  readonly known: number;
  /** of the eigenvalue problem that is solved for its largest: above and below as one, 'bulk' not yet estimated */
  readonly threshold: number | 'bulk' | null;
  readonly noise: number | 'estimate' | undefined;
}

/** Fills in defaults. @param caller first word of errors @throws RangeError, TypeError with the option and its value */
export function settle(op: LinearOperator, options: EigshOptions, caller = 'eigsh'): Settings {
  const n = op.size;
  const { above, below, deflate, noise, storage, blockSize = 1, seed = 0, v0 } = options;
  const ask = (right: boolean, what: string, Kind: new (text: string) => Error = RangeError): void => {
    if (!right) throw new Kind(`${caller}: ${what}`);
  };
  const askInteger = (name: string, value: number, low: number, high: number, range: string): void =>
    ask(Number.isInteger(value) && value >= low && value <= high, `${name} must be an integer ${range}, got ${value}`);
  ask(above === undefined || below === undefined, 'give above or below, not both', TypeError);
  const threshold = above ?? below ?? null;
  ask(
    threshold === null || threshold === 'bulk' || Number.isFinite(threshold),
    `${above === undefined ? 'below' : 'above'} must be finite, got ${threshold}`,
  );
  ask(
    threshold === null || options.which === undefined,
    `which goes with k alone, got which=${options.which} with a threshold`,
    TypeError,
  );
  const which = below === undefined ? (options.which ?? 'LA') : 'SA';
  ask(['LA', 'SA', 'LM', 'BE'].includes(which), `which must be LA, SA, LM or BE, got ${which}`);
  const known = knownRows(deflate, n, caller).length;
  const free = n - known;
  const k = options.k ?? (threshold === null ? NaN : Math.min(free, 64));
  ask(
    Number.isInteger(k) && k >= (n === 0 ? 0 : 1) && k <= free,
    `k must be in [1, ${known > 0 ? 'n − known' : 'n'}], got k=${options.k}, n=${n}${known > 0 ? `, known=${known}` : ''}`,
  );
  const narrow = op.dtype === 'float32' || storage === 'float32';
  const { tol = narrow ? 1e-5 : 1e-8, maxMatvecs = Math.max(3000, 100 * k), failureProbability = 1e-4 } = options;
  const { basisSize = Math.max(2 * k + 20, 40) } = options;
  ask(tol >= 0 && tol < 1, `tol must be in [0, 1), got ${tol}`);
  assertSeed(seed, caller);
  assertStart(v0, n, caller);
  askInteger('maxMatvecs', maxMatvecs, 1, Infinity, '>= 1');
  askInteger('basisSize', basisSize, 1, Infinity, '>= 1');
  askInteger('blockSize', blockSize, 1, n + 1, 'in [1, n]');
  ask(
    failureProbability > 0 && failureProbability < 1,
    `failureProbability must be in (0, 1), got ${failureProbability}`,
  );
  ask(
    noise === undefined || noise === 'estimate' || (noise >= 0 && noise < 1),
    `noise must be 'estimate' or in [0, 1), got ${noise}`,
  );
  ask(
    storage === undefined || storage === 'float32' || storage === 'float64',
    `storage must be 'float32' or 'float64', got ${String(storage)}`,
    TypeError,
  );
  const { denseBelow = 1024, memoryLimit = MOST_BYTES, checkpointEvery = 0 } = options;
  ask(memoryLimit >= 0, `memoryLimit must be bytes >= 0, got ${memoryLimit}`);
  return {
    k,
    which,
    tol,
    seed,
    maxMatvecs,
    blockSize,
    failureProbability,
    denseBelow,
    memoryLimit,
    checkpointEvery,
    // a block, the pairs and something to find them in
    basisSize: Math.max(k + 2 * blockSize + 2, basisSize),
    known,
    threshold,
    // vectors kept more precisely than the operator takes them: its rounding is noise
    noise: noise ?? (storage === 'float64' && op.dtype === 'float32' ? 'estimate' : undefined),
  };
}

/** Rows beyond the basis that a verification may use. */
export function reserveOf(basisSize: number): number {
  return Math.max(12, Math.ceil(0.4 * basisSize));
}
