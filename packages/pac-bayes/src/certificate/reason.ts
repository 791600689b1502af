/** Why a certificate is refused; each code has a paragraph in docs/theory/certificates.md. */
export type ReasonCode =
  | 'digest'
  | 'out-of-range'
  | 'delta-sum'
  | 'delta-ledger'
  | 'splits'
  | 'examples'
  | 'prior-overlap'
  | 'scale-off-grid'
  | 'divergence-parts'
  | 'divergence-differs'
  | 'basis-not-orthonormal'
  | 'draw-account'
  | 'risk-limit'
  | 'theorem'
  | 'penalty'
  | 'rate'
  | 'bound-too-small'
  | 'bound-too-large'
  | 'vacuous'
  | 'text'
  | 'assumptions'
  | 'data-differs'
  | 'weights-unknown'
  | 'weights-differ'
  | 'weights-not-finite'
  | 'risk-differs'
  | 'risk-above-limit';

export interface Reason {
  readonly code: ReasonCode;
  /** Place in the certificate. */
  readonly path: string;
  readonly message: string;
}
