import { weightsFromNpz } from '@hyperribbon/data';
import type { FloatArray } from '@hyperribbon/kernels';
import { parseArchitecture, type Examples } from '@hyperribbon/nn';
import type { Certificate, Remeasure } from '@hyperribbon/pac-bayes';
import { gaussianFamily, remeasurePosterior, subspaceFamily } from '@hyperribbon/pac-bayes/networks';
import { readInput } from '../input/readInput.js';
import { UsageError } from '../usageError.js';

export interface LoadedPosterior {
  /** Arrays by the names of the certificate. */
  readonly weights: Readonly<Record<string, FloatArray>>;
  /** Draws from it again; absent if nothing here knows how. */
  readonly remeasurer?: (examples: Examples) => Remeasure | undefined;
}

/** The arrays of posterior.npz that the certificate names, and the code that can measure this kind of posterior. */
export async function loadPosterior(certificate: Certificate, file: string): Promise<LoadedPosterior> {
  if (!file.endsWith('.npz'))
    throw new UsageError(`--model: ${file} must be the .npz file that came with the certificate`);
  const arrays = weightsFromNpz(await readInput(file, '--model'), { integers: 'omit' });
  const listed = certificate.posterior.weights.filter(({ name }) => arrays.has(name));
  if (listed.length === 0) {
    const names = certificate.posterior.weights.map(({ name }) => name).join(', ');
    throw new UsageError(
      `--model: ${file} has none of the arrays that the certificate names (${names || 'it names none'})`,
    );
  }
  const weights = Object.fromEntries(listed.map(({ name }) => [name, arrays.get(name)!.data]));
  const { architecture, measuredBy } = certificate.posterior;
  const known = measuredBy === gaussianFamily.measuredBy || measuredBy === subspaceFamily.measuredBy;
  if (architecture === undefined || !known) return { weights };
  const network = parseArchitecture(architecture);
  return { weights, remeasurer: (examples) => remeasurePosterior(network, weights, examples) };
}
