import type { ShardedCurvatureOperator } from '@hyperribbon/curvature';
import { eigsh } from '@hyperribbon/lanczos';
import type { SettledSpectrum, SpectrumPairs } from './spectrumOptions.js';

/** k pairs of one end by Lanczos; `share` is the part of the whole work that this is, for the progress. */
export async function topOfSpectrum(
  operator: ShardedCurvatureOperator,
  k: number,
  { which, tol, seed, deterministic, vectors: wanted, maxMatvecs, signal, onProgress }: SettledSpectrum,
  share: number,
): Promise<SpectrumPairs> {
  const { values, residualNorms, converged, reason, matvecs, orthogonality, vectors } = await eigsh(operator, {
    k,
    which,
    tol,
    seed,
    deterministic,
    ...(signal ? { signal } : {}),
    ...(maxMatvecs === undefined ? {} : { maxMatvecs }),
    // the solver's own trend where it has one; before that about 3 products per pair, as pairs converge late and together
    onProgress: ({ done: matvecs, detail: state }) => {
      const { phase, convergedPairs, matvecsLeft } = state!;
      const left = matvecsLeft ?? Math.max(3 * k + 40 - matvecs, matvecs / 9);
      const done = phase === 'verification' ? 0.95 : Math.min(0.9, matvecs / (matvecs + left));
      const detail =
        phase === 'verification'
          ? `looking for missed eigenvalues, ${matvecs} products`
          : `${convergedPairs} of ${k} eigenpairs, ${matvecs} products`;
      onProgress?.({ done: share * done, of: 1, detail });
    },
  });
  const pairs = { values, residualNorms, converged, reason, matvecs, orthogonality };
  return wanted ? { ...pairs, vectors } : pairs;
}
