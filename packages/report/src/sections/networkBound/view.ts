import { confidence, integer, number, percent, percentUp } from '../../page/format.js';
import type { Row } from '../../page/rows.js';
import type { SectionView } from '../section.js';
import { besideRows } from '../bound/testSets.js';
import { boundHistoryFigure } from './boundHistoryFigure.js';
import { networkBoundDetails, networkBreakdown } from './html.js';
import type { NetworkBoundSection } from './shape.js';
import { allTheorems } from './theorems.js';

export const networkBoundView: SectionView<NetworkBoundSection> = {
  tiles: ({ value, vacuous, certified, monteCarlo, test, published, klDisplacement, klCovariance }) => [
    {
      value: [percentUp(value) + (vacuous ? ' (vacuous)' : '')],
      label:
        (certified ? 'certified error' : 'value, not certified') +
        (published === undefined ? '' : `; published: ${percent(published.value)}, ${published.source}`),
    },
    {
      value: [percent(monteCarlo.mean)],
      label: `error on the bound's examples, ${integer(monteCarlo.draws)} independent trials`,
    },
    ...(test === undefined
      ? []
      : [
          { value: [percent(test.mean)], label: 'error of the same random classifier on test examples; plays no part' },
        ]),
    {
      value: number(klDisplacement + klCovariance),
      label: 'nats: divergence KL of the posterior from the prior, what the bound charges for the training',
    },
  ],
  lead: ({ value, vacuous, certified, confidence: held, n }) => {
    if (!certified) return `The value ${percentUp(value)} is not a certificate (see the caveats of the bound).`;
    return vacuous
      ? `The bound is vacuous: ${percentUp(value)} is no better than guessing.`
      : `With confidence ${confidence(held)} over the draw of ${integer(n)} examples, the random classifier errs on at most ${percentUp(value)} of all examples.`;
  },
  details: networkBoundDetails,
  figures: (bound) => [networkBreakdown(bound), boundHistoryFigure(bound)],
  rows: networkBoundRows,
};

/** Every theorem a row, and what the certificate is made of. */
function networkBoundRows(bound: NetworkBoundSection): readonly Row[] {
  const { monteCarlo, test, published } = bound;
  return [
    ...allTheorems(bound).map(({ theorem, value, vacuous, plugIn, penalty, gap }): Row => {
      const remarks = [
        ...(vacuous ? ['vacuous'] : []),
        ...(plugIn === undefined ? [] : [`${percentUp(plugIn)} if the draws were exact`]),
        `penalty ${penalty.toFixed(1)}`,
        ...(gap === undefined ? [] : [`B ${gap.toFixed(4)}`]),
      ];
      return [theorem, percentUp(value), remarks.join(', ')];
    }),
    [
      bound.certified ? 'certified error' : 'value, NOT certified',
      percentUp(bound.value),
      `${bound.vacuous ? 'vacuous, ' : ''}confidence ${confidence(bound.confidence)}, ${integer(bound.n)} examples`,
    ],
    [
      '  error of the random classifier',
      percent(monteCarlo.mean),
      `${integer(monteCarlo.draws)} trials, at most ${percentUp(monteCarlo.upper)}`,
    ],
    [
      '  KL: distance travelled',
      bound.klDisplacement.toFixed(1),
      'nats; KL: divergence of the posterior from the prior',
    ],
    ['  KL: shape of the noise', bound.klCovariance.toFixed(1), 'nats'],
    [
      '  penalty',
      bound.penalty.toFixed(1),
      `nats, ${bound.price.toFixed(1)} of them for grids, the rest for n and delta`,
    ],
    ...(bound.gap === undefined
      ? []
      : [
          [
            '  B',
            bound.gap.toFixed(4),
            'sqrt((KL + penalty)/(2 n)), what the theorem of McAllester adds to the error',
          ] as const,
        ]),
    ...(test === undefined
      ? []
      : [['  test error', percent(test.mean), 'of the random classifier; plays no part'] as const]),
    ...besideRows(bound, bound.confidence),
    ...(published === undefined ? [] : [['  published', percent(published.value), published.source] as const]),
  ];
}
