import { number } from '../../page/format.js';
import { list, numeric, small, subsection, table } from '../../page/parts.js';
import { cited } from '../../page/sources.js';
import type { BoundSection } from './shape.js';

export function deltasHtml({ deltas }: BoundSection): string {
  const rows = deltas.map(({ purpose, delta }) => [purpose, number(delta)]);
  return subsection(
    'Failure probability spent',
    table(['on what', ...numeric('δ')], rows),
    small('δ: how probable it is at most that this part fails; the confidence is one minus the sum.'),
  );
}

/** Assumptions, and caveats where there are any. */
export function restsOn({ assumptions, caveats }: BoundSection): string {
  return list(assumptions.map(cited)) + (caveats.length > 0 ? subsection('Caveats', list(caveats.map(cited))) : '');
}
