import { ArgumentError } from '@hyperribbon/contract';

/** A theorem was asked for something outside its hypotheses; `theorem` and `assumption` say which. */
export class AssumptionError extends ArgumentError {
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
  requireInside(theorem, name, value, 0, 1);
}

/** A loss or an average of losses, in [0, 1]. */
export function requireLoss(theorem: string, value: number, name = 'empirical'): void {
  requireThat(value >= 0 && value <= 1, theorem, `a loss in [0, 1]: ${name} in [0, 1]`, name, value);
}

/** A whole number of examples or draws, at least `least`. */
export function requireCount(theorem: string, name: string, value: number, least: number): void {
  requireThat(Number.isSafeInteger(value) && value >= least, theorem, `integer ${name} >= ${least}`, name, value);
}

export function requireAboveZero(theorem: string, name: string, value: number): void {
  requireThat(value > 0 && value < Infinity, theorem, `finite ${name} > 0`, name, value);
}

export function requireInside(theorem: string, name: string, value: number, low: number, high: number): void {
  requireThat(value > low && value < high, theorem, `${name} in (${low}, ${high})`, name, value);
}

/** What every bound needs: enough examples, a divergence in nats that is finite, since a record must survive JSON, and a probability. */
export function requireBound(
  theorem: string,
  { kl, n, delta }: { readonly kl: number; readonly n: number; readonly delta: number },
  least: number,
): void {
  requireCount(theorem, 'n', n, least);
  requireThat(kl >= 0 && kl < Infinity, theorem, 'a finite divergence kl >= 0', 'kl', kl);
  requireDelta(theorem, delta);
}
