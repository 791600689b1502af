import { ascii, type Row } from '../../page/rows.js';
import type { SlopeFit } from './fit.js';

/** The largest eigenvalue and the slope, as a line of the table for a terminal. */
export function spectrumRow(
  label: string,
  { eigenvalues, fit }: { readonly eigenvalues: readonly number[]; readonly fit?: SlopeFit },
  remark = '',
): Row {
  const slope = fit === undefined ? '' : `ln λ changes by ${ascii(fit.slope)} per index, R2 ${ascii(fit.rSquared)}`;
  const top = eigenvalues.length > 0 ? ascii(eigenvalues[0], 4) : '-';
  return [`top of ${label}`, top, [slope, remark].filter(Boolean).join('; ')];
}
