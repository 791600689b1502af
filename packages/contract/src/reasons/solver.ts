/** Why a solve ended. */
export type SolverReason =
  | 'converged'
  | 'noise-floor'
  | 'unverified'
  | 'max-matvecs'
  | 'more-than-k'
  | 'known-pairs'
  | 'not-symmetric'
  | 'aborted';

/** What each reason means and what to do about it. */
export const solverReasons: Readonly<Record<SolverReason, string>> = {
  converged:
    'Every residual is below tol · ‖A‖, and a random search of the rest of the space found no further wanted eigenvalue: the values are ' +
    'the wanted ones with multiplicity, up to tol · ‖A‖, except with the stated probability.',
  'noise-floor':
    'As converged, but tol is below what the precision of the operator allows, so residuals and values are held to its noise instead: see noise and ' +
    'belowResolution. Ask for a larger tol, or give an operator in float64.',
  unverified:
    'The residuals are below tol · ‖A‖, but the products ran out before the search for missed copies and close neighbours was done: each value ' +
    'is an eigenvalue, the list may lack some. Allow more matvecs, a larger basisSize, a larger tol, or resume.',
  'max-matvecs':
    'The products ran out before all residuals were below tol · ‖A‖; residualNorms tells which pairs are good. Allow more matvecs, a larger basisSize ' +
    'fewer eigenvalues or a larger tol, or resume. Gaps far below ‖A‖ take a solve: see eigshNear.',
  'more-than-k':
    'More than k eigenvalues lie beyond the threshold, at least one for each Ritz value there. The list approximates the first k. Raise k, or move the threshold.',
  'known-pairs':
    'The values are the wanted ones outside the span of the known vectors, but those lack more in being eigenvectors than 10 tol · ‖A‖, as ' +
    'residualNorms show: the list need not be that of the operator. Deflate pairs with smaller residuals, or ask for a larger tol.',
  'not-symmetric':
    'uᵀAv and vᵀAu differ by far more than rounding: the operator is not symmetric (or not the same at every product, as with ' +
    'dropout or fresh mini-batches). verifyOperator shows where; if the difference is noise that you accept, say so with ' +
    'noise.',
  aborted: 'The signal was aborted. Values and residualNorms are those of the last check; resume continues from here.',
};
