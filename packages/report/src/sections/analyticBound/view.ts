import { confidence, integer, percent, percentUp } from '../../page/format.js';
import { ascii } from '../../page/rows.js';
import type { SectionView } from '../section.js';
import { besideRows } from '../bound/testSets.js';
import { boundGridFigure } from './boundGridFigure.js';
import { analyticBoundDetails, analyticBreakdown } from './html.js';
import type { AnalyticBoundSection } from './shape.js';

export const analyticBoundView: SectionView<AnalyticBoundSection> = {
  tiles: ({ best, posteriorTest }) => {
    if (best === undefined) return [];
    const kind = best.certified ? 'certified bound' : 'bound, not certified';
    const vacuous = best.vacuous ? ', vacuous' : '';
    const test = posteriorTest === undefined ? '' : `; on test examples it errs on ${percent(posteriorTest.mean)}`;
    const label = `${kind}${vacuous}, ${confidence(best.confidence)} confidence, on the error of the random classifier${test}`;
    return [{ value: [percentUp(best.value)], label }];
  },
  lead: ({ best, posteriorTest: test }) => {
    if (best === undefined) return '';
    const kind = best.certified
      ? `With probability at least ${confidence(best.confidence)}, the random classifier around the trained weights errs on at most ${percentUp(best.value)} of new examples`
      : `The value ${percentUp(best.value)} is not a certificate (see the caveats of the bound)`;
    const compare = test === undefined ? '.' : `; on the test examples it errs on ${percent(test.mean)}.`;
    return kind + compare + (best.vacuous ? ' The bound is vacuous: guessing does as well.' : '');
  },
  details: analyticBoundDetails,
  figures: (bound) => [boundGridFigure(bound), analyticBreakdown(bound)],
  rows: (bound) => {
    const { best, posteriorTest: test } = bound;
    if (best === undefined) return [];
    const { certified, vacuous, monteCarlo } = best;
    const kind = `${certified ? 'certified' : 'NOT certified'}${vacuous ? ', vacuous' : ''}`;
    return [
      ['bound', percentUp(best.value), `${kind}, ${confidence(best.confidence)} confidence`],
      [
        '  error of the draws',
        percent(monteCarlo.mean),
        `${integer(monteCarlo.draws)} draws, at most ${percentUp(monteCarlo.upper)}`,
      ],
      [
        '  KL',
        ascii(best.kl, 4),
        `nats, divergence of the posterior from the prior; prior precision ${ascii(best.precision)}, member j = ${best.j} of its grid`,
      ],
      ...(test === undefined
        ? []
        : [['  test error', percent(test.mean), 'of the same posterior, for comparison'] as const]),
      ...besideRows(bound, best.confidence),
    ];
  },
  explanations: [
    {
      title: 'What the bound promises',
      text:
        'It speaks about the random classifier: weights drawn anew from the Gaussian posterior for each prediction. That is not the trained network, whose test ' +
        'error is another number of another classifier and cannot be compared with the bound. If the assumptions hold, ' +
        'the chance that the training sample (and the draws) were so unlucky that the true error exceeds the bound is at most 1 − confidence.',
    },
  ],
};
