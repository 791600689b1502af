import type { LossRecord } from './certificate.js';

/** The claim in a sentence; verification demands these very words for these numbers. */
export function claimText(bound: number, confidence: number, chance: number, loss: LossRecord): string {
  const what = loss.kind === 'zero-one' ? 'true error' : 'true risk';
  const vacuous = bound < chance ? '' : ' This is vacuous: guessing does as well.';
  return `With probability at least ${confidence}, the ${what} of the random classifier is at most ${bound}.${vacuous}`;
}
