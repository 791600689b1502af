import { confidence, integer, percent, percentUp } from '../../page/format.js';
import { numeric, paragraph, table } from '../../page/parts.js';
import type { Row } from '../../page/rows.js';
import type { BesideBound } from './shape.js';

/** What a certificate says beside what a test set says, for readers of the page; nothing where neither guessing nor a test set is known. */
export function besideHtml({ testSets = [], guessing }: BesideBound, certificate: BoundLine): string {
  const { value, confidence: held, n } = certificate;
  const rows = [
    [
      'random classifier: new weights for every prediction',
      `${integer(n)}, which may have trained it too`,
      null,
      percentUp(value),
    ],
    ...testSets.map(({ network, split, examples, errors, value: limit }) => [
      `one network, the ${network}`,
      `${integer(examples)} of split "${split}", which it never met`,
      integer(errors),
      percentUp(limit),
    ]),
    ...(guessing === undefined
      ? []
      : [
          [
            `always answering ${guessing.answer}`,
            `${integer(guessing.count)} labels of split "${guessing.split}"`,
            null,
            `${percent(guessing.error)}, measured`,
          ],
        ]),
  ];
  const together = 1 - (testSets.length + 1) * (1 - held);
  const smaller = testSets.filter((row) => row.value < value).map(({ network }) => network);
  const said =
    testSets.length === 0
      ? ''
      : paragraph(
          'The certificate is about a random classifier and may use the examples that trained it. A test set is about one network, pays for no prior and ' +
            'no divergence, and uses up examples that could have trained it. ' +
            (smaller.length === 0
              ? 'Here no test set gives a smaller bound than the certificate. '
              : `Here the test set gives the smaller bound, for the ${smaller.join(' and the ')}. `) +
            `Each bound holds by itself with confidence ${confidence(held)}; ${together > 0 ? `all ${testSets.length + 1} of them together with ${confidence(together)}` : 'at this confidence nothing is left for all of them together'}.`,
        );
  return (
    said +
    table(['what is bounded', 'examples behind it', ...numeric('mistakes', 'error at most')], rows, { marked: 0 })
  );
}

export interface BoundLine {
  readonly value: number;
  readonly confidence: number;
  readonly n: number;
}

/** The same for a terminal. */
export function besideRows({ testSets = [], guessing }: BesideBound, held: number): readonly Row[] {
  const together = 1 - (testSets.length + 1) * (1 - held);
  return [
    ...testSets.map(
      ({ network, split, examples, errors, value, vacuous }): Row => [
        `  test-set bound, ${network}`,
        percentUp(value),
        `${vacuous ? 'vacuous, ' : ''}one fixed network: ${integer(errors)} mistakes on ${integer(examples)} examples of "${split}", which it never met`,
      ],
    ),
    ...(testSets.length === 0 || together <= 0
      ? []
      : [
          [
            '  all of these together',
            '',
            `confidence ${confidence(together)}; each by itself ${confidence(held)}`,
          ] as const,
        ]),
    ...(guessing === undefined
      ? []
      : [
          [
            '  guessing',
            percent(guessing.error),
            `always answering ${guessing.answer}, by ${integer(guessing.count)} labels of "${guessing.split}"`,
          ] as const,
        ]),
  ];
}
