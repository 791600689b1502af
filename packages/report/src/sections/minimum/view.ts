import { integer, number } from '../../page/format.js';
import { inline } from '../../page/markup.js';
import { paragraph, section, table, warning } from '../../page/parts.js';
import { ascii } from '../../page/rows.js';
import type { SectionView } from '../section.js';
import type { MinimumSection } from './shape.js';

const verdicts = {
  'local-minimum': 'a local minimum',
  'not-critical': 'no critical point',
  'negative-curvature': 'no minimum: it curves down',
  unattained: 'no minimum: the loss has none',
  'at-a-kink': 'undecided: at a kink',
  undecided: 'undecided: all is as at one, and nothing proves it',
} as const satisfies Record<MinimumSection['verdict'], string>;

const standings = { derived: 'derived here', reconstructed: 'reconstruction' } as const;

export const minimumView: SectionView<MinimumSection> = {
  tiles: ({ verdict, better, loss }) => [
    {
      value: [verdict === 'local-minimum' ? 'local minimum' : 'no certificate'],
      label:
        verdict === 'local-minimum'
          ? `constructed, with a loss of ${inline(number(loss))}${better === undefined ? '; no better point was found' : `; another point has ${inline(number(better.loss))}`}`
          : `the constructed weights are ${verdicts[verdict]}`,
    },
  ],
  details: (content) => {
    const { network, examples, verdict, reason, better, loss } = content;
    const certified = verdict === 'local-minimum';
    return section(
      'minimum',
      'A constructed local minimum',
      paragraph(
        `Weights of ${network} that compute on ${integer(examples)} examples what the best affine model computes, with every hidden unit in its linear part.`,
      ),
      (certified ? paragraph : warning)(`Verdict: ${verdicts[verdict]}; ${reason}${/[.!?]$/u.test(reason) ? '' : '.'}`),
      certified ? paragraph(globalText(loss, better)) : '',
      evidence(content),
    );
  },
  rows: ({ verdict, gradientNorm, smallest, largest, better, loss }) => [
    ['constructed weights', verdicts[verdict], `gradient ${ascii(gradientNorm, 2)}`],
    [
      'smallest eigenvalue',
      ascii(smallest.value, 2),
      `+- ${ascii(smallest.residualNorm, 2)}; largest ${ascii(largest.value)}`,
    ],
    ...(better === undefined ? [] : [['a better point', ascii(better.loss), `against ${ascii(loss)}`] as const]),
  ],
  explanations: [
    {
      title: 'Local minima of networks of rectifiers',
      text:
        'Around weights whose units are all in their linear part on all examples, a network is an affine model: where that model is at its minimum, so is the network, and the Hessian is positive semidefinite exactly. ' +
        'Weights with a smaller loss anywhere make it a minimum that is not global. The minimum is never isolated: layers may be rescaled against each other.',
    },
  ],
};

function globalText(loss: number, better: MinimumSection['better']): string {
  if (better === undefined)
    return 'No point with a smaller loss was looked for or found: whether it is global is open.';
  return better.loss < loss
    ? `It is not global: ${better.how} has a loss of ${inline(number(better.loss))}, against ${inline(number(loss))} here.`
    : `No better point was found: ${better.how} has a loss of ${inline(number(better.loss))}.`;
}

function evidence({
  loss,
  linearLoss,
  outputDifference,
  gradientNorm,
  smallest,
  largest,
  rank,
  margin,
}: MinimumSection): string {
  const relative = largest.value > 0 ? inline(number(smallest.value / largest.value, 2)) : '–';
  return table(
    ['evidence', { numeric: 'found' }, 'what it should be'],
    [
      ['loss', number(loss, 6), [`${inline(number(linearLoss, 6))}, that of the affine model`]],
      ['largest difference of outputs', number(outputDifference, 2), '0 to rounding'],
      ['norm of the gradient', number(gradientNorm, 2), '0 to rounding'],
      [
        'smallest eigenvalue of the Hessian',
        number(smallest.value, 2),
        `not negative to rounding; residual ${inline(number(smallest.residualNorm, 2))}, ${relative} of the largest`,
      ],
      ['largest eigenvalue', number(largest.value), `residual ${inline(number(largest.residualNorm, 2))}`],
      ...(rank === undefined
        ? []
        : [
            [
              `rank of the Hessian${rank.standing === 'paper' ? '' : ` (formula: ${standings[rank.standing]})`}`,
              integer(rank.found),
              `${integer(rank.predicted)} = ${rank.formula}; ${rank.evidence}`,
            ] as const,
          ]),
      ['smallest pre-activation', number(margin), 'above 0: nothing bends around these weights'],
    ],
  );
}
