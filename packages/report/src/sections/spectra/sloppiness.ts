import { number } from '../../page/format.js';
import { inline } from '../../page/markup.js';
import type { SlopeFit } from './fit.js';

/** A line this good through this many decades of a fitted window makes a spectrum sloppy. */
const leastR2 = 0.9;
const leastDecades = 1;

/** Decades that the fitted line falls over its window; negative where it rises. */
export function fittedDecades({ slope, from, to }: SlopeFit): number {
  return (-slope * (to - from)) / Math.LN10;
}

export function isSloppy(fit: SlopeFit): boolean {
  return fit.rSquared >= leastR2 && fittedDecades(fit) >= leastDecades;
}

/** Which spectra are sloppy by the numbers of their fits, and by how much the others miss it. */
export function sloppinessText(spectra: readonly { readonly label: string; readonly fit?: SlopeFit }[]): string {
  const fitted = spectra.flatMap(({ label, fit }) => (fit === undefined ? [] : [{ label, fit }]));
  if (fitted.length === 0) return '';
  const told = fitted.map(({ label, fit }) => ({
    sloppy: isSloppy(fit),
    text: `${label} (${fittedDecades(fit).toFixed(2)} decades, R² ${inline(number(fit.rSquared, 2))})`,
  }));
  const [yes, no] = [true, false].map((wanted) =>
    told.filter(({ sloppy }) => sloppy === wanted).map(({ text }) => text),
  );
  const sentences = [
    ...(yes.length > 0 ? [`Sloppy by this measure: ${yes.join(', ')}.`] : []),
    ...(no.length > 0
      ? [`${yes.length > 0 ? 'Not sloppy' : 'None is sloppy by this measure'}: ${no.join(', ')}.`]
      : []),
  ];
  return (
    `A spectrum is called sloppy here if ln λ falls along a line through at least ${leastDecades} decade ` +
    `of its fitted window with R² of at least ${leastR2}. ${sentences.join(' ')}`
  );
}
