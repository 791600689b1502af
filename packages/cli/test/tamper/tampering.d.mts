import type { honestCertificates } from './honest.mjs';

export interface TamperCounts {
  readonly tried: number;
  readonly refused: number;
  readonly unread: number;
  readonly incomplete: number;
  readonly left: readonly string[];
  readonly survivors: readonly { readonly kind: string; readonly name: string; readonly why: string }[];
}
export function tamper(asked: {
  readonly each: number;
  readonly seed: number;
  /** default: honest ones of every kind */
  readonly certificates?: Awaited<ReturnType<typeof honestCertificates>>;
}): Promise<TamperCounts>;
