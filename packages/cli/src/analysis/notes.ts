import type { Note, Sections } from '@hyperribbon/report';
import { seenText } from '../input/seenByWeights.js';
import { betterText } from '../input/readingText.js';
import { boundNotes } from './boundNotes.js';
import { guessing } from './guessing.js';
import type { AnalysisPlan } from './plan.js';

/** What each number means, for a reader who meets it for the first time; reconstructions are named as such. */
export function notes(plan: AnalysisPlan, { analyticBound }: Sections): readonly Note[] {
  return [
    ...(plan.better === undefined
      ? []
      : [
          {
            title: 'Are the weights read as they were trained?',
            kind: 'warning' as const,
            text: betterText(plan.better),
          },
        ]),
    ...(plan.seen === undefined ? [] : [seenText[plan.seen]]),
    ...boundNotes(analyticBound, guessing(plan).error),
    {
      title: 'Sloppy spectra',
      kind: 'explanation',
      text:
        'A spectrum is called sloppy if its eigenvalues, after a sharp drop, spread evenly over decades, so that ln λ falls along a line. The slope of that line ' +
        'is what ln λ changes by from one eigenvalue to the next. Whether the curvature of a network has the shape of its data is what the first figure shows.',
    },
    {
      title: 'Which matrices',
      kind: 'explanation',
      text:
        `Hessian, Gauss-Newton and Fisher matrix belong to the mean cross-entropy (nats) over the first ${plan.curvatureExamples} training examples. ` +
        'The Fisher matrix here takes one label per example drawn from the model; with all labels it would equal the Gauss-Newton matrix.',
    },
    {
      title: plan.weights === undefined ? 'Two training runs' : 'The given network and a second one',
      kind: 'explanation',
      text:
        `The ${plan.weights === undefined ? 'plain run' : 'given network'} is what one would deploy. The bound is computed at a second network, trained on from the first with a pull ` +
        'g‖w − w₀‖² towards a random start, because the distance from the start enters the bound.',
    },
  ];
}
