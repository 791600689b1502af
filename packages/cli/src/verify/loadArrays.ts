import { weightsFromNpz } from '@hyperribbon/data';
import type { FloatArray } from '@hyperribbon/kernels';
import type { Certificate } from '@hyperribbon/pac-bayes';
import { reading } from '../input/reading.js';
import { readInput } from '../input/readInput.js';
import { UsageError } from '../usageError.js';

/** Every array of posterior.npz, by name: one too many is refused as one too few is. */
export async function loadArrays(
  { posterior }: Certificate,
  file: string,
): Promise<Readonly<Record<string, FloatArray>>> {
  if (!file.endsWith('.npz'))
    throw new UsageError(`--model: ${file} must be the .npz file that came with the certificate`);
  const bytes = await readInput(file, '--model');
  const arrays = reading('--model', file, () => weightsFromNpz(bytes, { integers: 'omit' }));
  const names = posterior.weights.map(({ name }) => name);
  if (!names.some((name) => arrays.has(name)))
    throw new UsageError(
      `--model: ${file} has none of the arrays that the certificate names (${names.join(', ') || 'it names none'})`,
    );
  return Object.fromEntries([...arrays].map(([name, { data }]) => [name, data]));
}
