import { percentUp } from '../../page/format.js';
import { plain } from '../../page/markup.js';
import type { Row } from '../../page/rows.js';
import type { SectionView } from '../section.js';
import { brief, normBoundsFigure, standingText } from './figure.js';
import { constantsText, normBoundsDetails, sizeOf } from './html.js';
import type { NormBoundRow, NormBoundsSection } from './shape.js';

export const normBoundsView: SectionView<NormBoundsSection> = {
  tiles: ({ bounds }) => {
    const below = bounds.filter(({ vacuous, logValue }) => !vacuous && logValue !== null).length;
    const proven = bounds.find(isStatement);
    const count = { value: [`${below} of ${bounds.length}`], label: 'bounds by norms, ranks and counts are below 1' };
    if (proven?.logValue == null) return [count];
    const value = proven.logValue < 0 ? [percentUp(Math.exp(proven.logValue))] : sizeOf(proven.logValue);
    return [
      count,
      {
        value: proven.vacuous ? [...value, ' (vacuous)'] : value,
        label: `smallest of them with all its constants, proved for this network: ${proven.title}`,
      },
    ];
  },
  details: normBoundsDetails,
  figures: (section) => [normBoundsFigure(section)],
  rows: ({ bounds, trivial }) =>
    bounds.map((bound): Row => {
      const remarks = [
        ...(bound.vacuous ? ['vacuous'] : []),
        ...(bound.name === trivial ? ['does not fall with the sample'] : []),
        standingText[bound.standing],
        ...(bound.constants === 'explicit' ? [] : [`constants ${constantsText(bound)}`]),
        ...(bound.caveats.length > 0 ? ['see its caveats'] : []),
      ];
      return [brief(bound.title), sizeText(bound), remarks.join(', ')];
    }),
  explanations: [
    {
      title: 'Bounds by norms',
      kind: 'explanation',
      text:
        'A bound with unknown or left-out constants orders networks and depths; its number is not a bound on the error. Where a network is outside the class of a ' +
        'theorem (biases, skip connections, norms that are not folded), the number is the value of the formula and no statement about it; the caveats say so.',
    },
  ],
};

/** All constants known, and nothing that makes it less than a statement on this network. */
function isStatement({ constants, caveats, logValue }: NormBoundRow): boolean {
  return constants === 'explicit' && caveats.length === 0 && logValue !== null;
}

function sizeText({ logValue }: NormBoundRow): string {
  if (logValue === null) return 'none';
  return logValue < 0 ? percentUp(Math.exp(logValue)) : plain(sizeOf(logValue)).replace(/\s*×\s*10\^/u, 'e');
}
