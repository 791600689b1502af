/** A theorem was asked for something outside its hypotheses; `theorem` and `assumption` say which. */
export class AssumptionError extends RangeError {
  override readonly name: string = 'AssumptionError';
  readonly theorem: string;
  readonly assumption: string;
  constructor(theorem: string, assumption: string, found: string) {
    super(`${theorem}: needs ${assumption}, got ${found}`);
    this.theorem = theorem;
    this.assumption = assumption;
  }
}

/** The general form: anything that a theorem needs and that a value may lack. */
export function requireThat(holds: boolean, theorem: string, assumption: string, name: string, value: unknown): void {
  if (!holds) throw new AssumptionError(theorem, assumption, `${name}=${String(value)}`);
}

/** delta is a failure probability: strictly between 0 and 1. */
export function requireDelta(theorem: string, value: number, name = 'delta'): void {
  requireThat(value > 0 && value < 1, theorem, `${name} in (0, 1)`, name, value);
}

/** A loss or an average of losses, in [0, 1]. */
export function requireLoss(theorem: string, value: number, name = 'empirical'): void {
  requireThat(value >= 0 && value <= 1, theorem, `a loss in [0, 1]: ${name} in [0, 1]`, name, value);
}

/** A rate in nats: not negative, not NaN; Infinity is allowed and inverts to 1. */
export function requireRate(theorem: string, value: number, name: string): void {
  requireThat(value >= 0, theorem, `${name} >= 0`, name, value);
}

/** A Kullback-Leibler divergence in nats: not negative, not NaN, and finite, since a record must survive JSON. */
export function requireDivergence(theorem: string, value: number): void {
  requireThat(value >= 0 && value < Infinity, theorem, 'a finite divergence kl >= 0', 'kl', value);
}

/** A whole number of examples or draws, at least `least`. */
export function requireCount(theorem: string, value: number, name: string, least: number): void {
  requireThat(Number.isSafeInteger(value) && value >= least, theorem, `integer ${name} >= ${least}`, name, value);
}

export function requirePositive(theorem: string, value: number, name: string): void {
  requireThat(value > 0 && value < Infinity, theorem, `finite ${name} > 0`, name, value);
}

export function requireNonNegative(theorem: string, value: number, name: string): void {
  requireThat(value >= 0 && value < Infinity, theorem, `finite ${name} >= 0`, name, value);
}

export function requireInside(theorem: string, value: number, name: string, low: number, high: number): void {
  requireThat(value > low && value < high, theorem, `${name} in (${low}, ${high})`, name, value);
}

export function requireSameLength(name: string, a: ArrayLike<number>, b: ArrayLike<number>, names: string): void {
  if (a.length !== b.length)
    throw new RangeError(`${name}: ${names} differ in length, got ${a.length} and ${b.length}`);
}
