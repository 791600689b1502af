import { number } from '../../page/format.js';
import { list, numeric, subsection, table } from '../../page/parts.js';
import type { BoundSection } from './shape.js';

export function deltasHtml({ deltas }: BoundSection): string {
  const rows = deltas.map(({ purpose, delta }) => [purpose, number(delta)]);
  return subsection('Failure probability spent', table(['on what', ...numeric('δ')], rows));
}

/** Assumptions, and caveats where there are any. */
export function restsOn({ assumptions, caveats }: BoundSection): string {
  return list(assumptions) + (caveats.length > 0 ? subsection('Caveats', list(caveats)) : '');
}
