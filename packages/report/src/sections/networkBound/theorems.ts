import type { NetworkBoundSection, TheoremRow } from './shape.js';

/** The certificate, the other theorems, and what is shown for comparison only. */
export function allTheorems(bound: NetworkBoundSection): readonly TheoremRow[] {
  const { released, certified, others } = bound;
  return [
    { ...bound, theorem: `${bound.theorem}${certified ? ' (the certificate)' : ''}` },
    ...others,
    ...(released === undefined ? [] : [{ ...released, theorem: `${released.theorem}: no certificate` }]),
  ];
}
