import { planDifferences } from '@hyperribbon/study';

/** More lines than this tell a person no more. */
const most = 8;

/** In what the plan that is there differs from the one that is asked for, a line each: short values, and not too many. */
export function differencesText(found: string, wanted: string): string {
  const differences = planDifferences(found, wanted);
  const shown = differences.slice(0, most).map((line) => (line.length > 160 ? `${line.slice(0, 159)}…` : line));
  const more = differences.length > most ? [`and ${differences.length - most} more`] : [];
  return [...shown, ...more].map((line) => `\n  ${line}`).join('');
}
