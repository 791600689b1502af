import { plain } from '../../page/markup.js';
import type { Row } from '../../page/rows.js';
import type { SectionView } from '../section.js';
import { brief, normBoundsFigure } from './figure.js';
import { normBoundsDetails } from './html.js';
import type { NormBoundRow, NormBoundsSection } from './shape.js';
import { constantsText, isStatement, standingText, vacuity, valueText } from './texts.js';

export const normBoundsView: SectionView<NormBoundsSection> = {
  tiles: ({ bounds }) => {
    const whole = bounds.filter(({ constants, logValue }) => constants === 'explicit' && logValue !== null);
    const below = whole.filter(({ vacuous }) => !vacuous).length;
    const proven = bounds.find(isStatement);
    const count = {
      value: [`${below} of ${whole.length}`],
      label:
        'bounds with all their constants are below 1' +
        (proven === undefined ? '; none is proved for this network as it is: see the caveats' : ''),
    };
    if (proven?.logValue == null) return [count];
    const text = valueText(proven);
    const value = typeof text === 'string' ? [text] : text;
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
        ...(vacuity(bound) === undefined ? [] : [vacuity(bound)!]),
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

function sizeText(bound: NormBoundRow): string {
  const text = valueText(bound);
  return typeof text === 'string' ? text : plain(text).replace(/\s*×\s*10\^/u, 'e');
}
