/** A function was asked for outside its domain, such as the logarithm of an operator that is not positive definite. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  /** the node at which it is not defined */
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}
