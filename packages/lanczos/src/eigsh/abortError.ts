import type { DensityReport } from '../density/spectralDensity.js';
import type { EigenReport } from './eigenReport.js';

/** Thrown when `signal` is aborted: `cause` is the signal's reason, `report` or `density` what was there by then. */
export class AbortError extends Error {
  override readonly name = 'AbortError';
  /** of eigsh: the pairs as they stood */
  readonly report: EigenReport | null;
  /** of spectralDensity: that of the probes that were done, if there were two */
  readonly density: DensityReport | null;

  constructor(caller: string, reason: unknown, report: EigenReport | null, density: DensityReport | null = null) {
    super(`${caller}: aborted by its signal`, { cause: reason });
    this.report = report;
    this.density = density;
  }
}
