import type { OnProgress } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { expandRestricted, type Network, type ParameterFilter, type Restriction, restrict } from '@hyperribbon/nn';

/** What the searches for stiff directions take. */
export interface DirectionOptions {
  /** how many directions, integer in [1, size] */
  readonly k: number;
  /** of the start vector, or of the labels that are drawn; default 0 */
  readonly seed?: number;
  /** the parameters that directions move, by a pattern, their names or a function of names; the others stay. Default all */
  readonly parameters?: ParameterFilter;
  readonly signal?: AbortSignal;
  /** hears how far the search is, with a few words; it may return a promise, which is waited for */
  readonly onProgress?: OnProgress<string>;
}

/** Directions in which a loss curves, as rows. */
export interface StiffDirections {
  /** (k, size) orthonormal rows of the whole network's weights; fewer where the matrix has a smaller rank */
  readonly directions: Float32Array;
  /** (k,) descending in magnitude as they were found */
  readonly eigenvalues: Float64Array;
  /** how they were found, for reports */
  readonly evidence: string;
}

/** The network of the chosen parameters, and a function from its directions (k, its size) to those of the whole. */
export function chosenPart(
  network: Network,
  params: FloatArray,
  parameters: ParameterFilter | undefined,
): Pick<Restriction, 'network' | 'params'> & { readonly whole: (directions: Float32Array) => Float32Array } {
  if (parameters === undefined) return { network, params, whole: (directions) => directions };
  const part = restrict(network, params, parameters);
  const { size } = part.network;
  const whole = (directions: Float32Array): Float32Array => {
    const rows = directions.length / size;
    const out = new Float32Array(rows * part.wholeSize);
    for (let i = 0; i < rows; i++)
      expandRestricted(
        part,
        directions.subarray(i * size, (i + 1) * size),
        out.subarray(i * part.wholeSize, (i + 1) * part.wholeSize),
      );
    return out;
  };
  return { network: part.network, params: part.params, whole };
}
