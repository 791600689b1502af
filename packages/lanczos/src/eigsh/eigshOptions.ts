import type { OnProgress } from '@hyperribbon/contract';
import type { FloatArray, KernelOptions } from '@hyperribbon/kernels/linear';
import type { KnownPairs } from '../factorization/knownPairs.js';
import type { Which } from './which.js';

/** Options of eigsh: what is wanted, and how to look for it. */
export type EigshOptions = EigshSettings &
  ({ readonly k: number } | { readonly above: number } | { readonly below: number });

export interface EigshSettings extends KernelOptions {
  /** how many eigenvalues, 1..n; with `above` or `below` the most to accept, default min(n, 64) */
  readonly k?: number;
  /** 'LA' largest (default), 'SA' smallest, 'LM' largest in magnitude, 'BE' both ends */
  readonly which?: Which;
  /**
   * all eigenvalues above this number, with multiplicity; those within tol ‖A‖ above it may be listed or not. Takes the place of `which`. The
   * edge of the bulk of a spectrum is such a number: see bulkEdge of `@hyperribbon/lanczos/density`
   */
  readonly above?: number;
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
  /** vectors to start with; default 1, or those of `v0`: the block grows by itself when multiplicity shows */
  readonly blockSize?: number;
  /** start vectors (n,) or (m, n) in place of random ones, such as eigenvectors of a neighbouring operator; the check for missed ones starts from random ones all the same */
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
  /** most bytes to reserve; more is refused with the number; default 2^32 − 65536 */
  readonly memoryLimit?: number;
  /** a state that onCheckpoint received: continues that run, with the same bits as if it had not been interrupted */
  readonly resume?: Uint8Array;
  /** products between calls of onCheckpoint; default 0: only when the run ends without being done, or is aborted */
  readonly checkpointEvery?: number;
  readonly onCheckpoint?: (state: Uint8Array) => void;
  /** ends the run between two products: the report has reason 'aborted' and what was found by then, maybe nothing */
  readonly signal?: AbortSignal;
  /** hears of the products made, `of` at most so many, at most every 40 ms */
  readonly onProgress?: OnProgress<EigshDetail>;
}

/** What eigsh tells of itself beside its products. */
export interface EigshDetail {
  readonly phase: 'search' | 'verification';
  /** wanted pairs whose residual is below the tolerance at the last check */
  readonly convergedPairs: number;
  readonly restarts: number;
  /** products left if the search goes on converging as it does; null when there is no trend, as while verifying */
  readonly matvecsLeft: number | null;
}
