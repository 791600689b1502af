import type { SpectrumPairs } from '@hyperribbon/landscape';

// One line on what a step found.

export function pairsSummary([{ values, matvecs, converged }]: readonly SpectrumPairs[]): string {
  const range = `${values[0].toPrecision(3)} down to ${values.at(-1)!.toPrecision(3)}`;
  return `${values.length} eigenvalues from ${range}, ${matvecs} products${converged ? '' : ', not all converged'}`;
}

export function topSummary([{ eigenvalues }]: readonly { readonly eigenvalues: Float64Array }[]): string {
  return `λ₁ = ${eigenvalues[0].toPrecision(4)} of ${eigenvalues.length}`;
}
