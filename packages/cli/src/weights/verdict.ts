import type { AnalyzedTensor } from '@hyperribbon/complexity/weights';

/** below it a p speaks against a law */
const LEVEL = 0.05;

/** Whether the test rejects the power law. */
export function isRejected({ test }: Pick<AnalyzedTensor, 'test'>): boolean {
  return test !== undefined && test.p < LEVEL;
}

/** What the fit of a layer's spectrum says, in words. */
export function verdict({
  fit,
  test,
  alternatives = [],
}: Pick<AnalyzedTensor, 'fit' | 'test' | 'alternatives'>): string {
  if (fit.alpha === Infinity) return 'no exponent: its largest eigenvalues are equal';
  const words: string[] = [];
  if (test !== undefined && isRejected({ test })) words.push(`not a power law (p = ${probability(test.p)})`);
  else words.push(test === undefined ? sized(fit.alpha) : `${sized(fit.alpha)}, a power law is not ruled out`);
  const better = alternatives.filter(({ ratio, p, same }) => !same && ratio < 0 && p < LEVEL);
  if (better.length > 0)
    words.push(`${better.map(({ law }) => law).join(' and ')} ${better.length > 1 ? 'fit' : 'fits'} better`);
  if (fit.tail < 50) words.push(`only ${fit.tail} eigenvalues in its tail`);
  return words.join('; ');
}

function sized(alpha: number): string {
  if (alpha < 2) return 'very heavy tail';
  if (alpha <= 6) return 'heavy tail';
  return alpha <= 8 ? 'light tail' : 'no tail to speak of';
}

/** .02, or <.001; 1 where it is. */
export function probability(p: number): string {
  if (p < 0.001) return '<.001';
  const text = p < 0.095 ? Number(p.toPrecision(1)).toString() : p.toFixed(2);
  return text.replace(/^0\./, '.');
}
