import type { EigenReport } from './eigenReport.js';

/** Thrown when `signal` is aborted: `cause` is the signal's reason, `report` what was there by then. */
export class AbortError extends Error {
  override readonly name = 'AbortError';
  readonly report: EigenReport | null;

  constructor(caller: string, reason: unknown, report: EigenReport | null) {
    super(`${caller}: aborted by its signal`, { cause: reason });
    this.report = report;
  }
}
