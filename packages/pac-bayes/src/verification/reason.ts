/** Why a certificate is refused; each code has a paragraph in docs/theory/certificates.md. */
export type ReasonCode =
  | 'digest'
  | 'out-of-range'
  | 'delta-sum'
  | 'delta-ledger'
  | 'splits'
  | 'examples'
  | 'prior-overlap'
  | 'test-overlap'
  | 'chance-differs'
  | 'count-differs'
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
  | 'origin'
  | 'draw-seed'
  | 'reissue'
  | 'data-differs'
  | 'rows-differ'
  | 'rows-repeated'
  | 'weights-missing'
  | 'prior-differs'
  | 'loss-unknown'
  | 'scale-unknown'
  | 'draws-differ'
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

/** Reasons as they are found. */
export class Findings {
  readonly reasons: Reason[] = [];

  /** Nothing is added where there is no problem. */
  add(code: ReasonCode, path: string, problem: string | undefined): void {
    if (problem !== undefined) this.reasons.push({ code, path, message: problem });
  }

  unless(holds: boolean, code: ReasonCode, path: string, problem: string): void {
    if (!holds) this.add(code, path, problem);
  }
}
