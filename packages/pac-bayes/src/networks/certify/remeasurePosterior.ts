import { refuse, type Progress } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import type { Examples, Network } from '@hyperribbon/nn';
import type { Remeasure } from '../../verification/verifyCertificate.js';
import { familyOf } from './familyOf.js';
import { posteriorFromArrays } from './posteriorArrays.js';

/**
 * What `verifyCertificate` needs to measure a network bound again: fresh draws of the posterior in `arrays` on the bound's examples,
 * and the KL of the arrays.
 *
 * @param arrays as `posteriorArrays` wrote them
 * @throws what `posteriorFromArrays` throws
 */
export function remeasurePosterior(
  network: Network,
  arrays: Readonly<Record<string, FloatArray>>,
  examples: Examples,
): Remeasure {
  const { posterior, prior } = posteriorFromArrays(network, arrays);
  const family = familyOf(posterior);
  return async ({ risk }, { passes, onProgress, ...asked }) => {
    if (risk.kind !== 'drawn') refuse('remeasurePosterior', 'the risk of the certificate was not drawn');
    const drawn = await family.errors(posterior, examples, {
      ...family.drawsOf(risk, passes),
      ...asked,
      onProgress: ({ done, of }: Progress) => onProgress?.({ done, of }),
    });
    return { mean: drawn.errors / drawn.trials, units: drawn.units, kl: family.kl(posterior, prior) };
  };
}
