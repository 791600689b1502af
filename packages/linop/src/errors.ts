/** An operator broke the contract of `apply`: wrong length, wrong dtype, not symmetric, not deterministic, ... */
export class ContractError extends Error {
  override readonly name = 'ContractError';
}

/** A product contained NaN or an infinity. */
export class NonFiniteError extends Error {
  override readonly name = 'NonFiniteError';
  /** which call of apply, counted from 1 */
  readonly call: number;
  /** first position that is not finite */
  readonly position: number;

  constructor(message: string, call: number, position: number) {
    super(message);
    this.call = call;
    this.position = position;
  }
}

/** The operator's own function threw; `cause` is that error, the same object. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
  /** which call of apply, counted from 1 */
  readonly call: number;

  constructor(message: string, call: number, cause: unknown) {
    super(message, { cause });
    this.call = call;
  }
}
