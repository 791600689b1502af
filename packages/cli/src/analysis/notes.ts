import type { Note, Sections } from '@hyperribbon/report';
import { seenText } from '../input/seenByWeights.js';
import { betterText } from '../input/readingText.js';
import { boundedPlan, withoutBound } from './bounded.js';
import { boundNotes } from './boundNotes.js';
import { guessing } from './guessing.js';
import type { AnalysisPlan } from './plan.js';
import { lossText } from './settingSection.js';

/** What each number means, for a reader who meets it for the first time; reconstructions are named as such. */
export function notes(plan: AnalysisPlan, { analyticBound }: Sections): readonly Note[] {
  const bounded = boundedPlan(plan);
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
    ...noteOf(withoutBound(plan)),
    ...(bounded === undefined ? [] : boundNotes(analyticBound, guessing(bounded).error)),
    {
      title: 'Sloppy spectra',
      kind: 'explanation',
      text:
        'A spectrum is called sloppy if its eigenvalues, after a sharp drop, spread evenly over decades, so that ln λ falls along a line. The slope of that line ' +
        'is what ln λ changes by from one eigenvalue to the next. Whether the curvature of a network has the shape of its data is what the first figure shows.',
    },
    matricesNote(plan),
    ...(bounded === undefined ? [] : [networksNote(plan)]),
  ];
}

const noteOf = (note: Note | undefined): readonly Note[] => (note === undefined ? [] : [note]);

function matricesNote({ loss, unlabelled, curvatureExamples }: AnalysisPlan): Note {
  const which = unlabelled === true ? 'Gauss-Newton and Fisher matrix' : 'Hessian, Gauss-Newton and Fisher matrix';
  const drawn =
    loss.kind === 'squared-error' || loss.kind === 'binary-cross-entropy'
      ? 'The Fisher matrix is that of the model which the loss stands for, and equals the Gauss-Newton matrix.'
      : `The Fisher matrix here takes one ${loss.kind === 'token-cross-entropy' ? 'token per position' : 'label per example'} drawn from the model; with all of them it would equal the Gauss-Newton matrix.`;
  return {
    title: 'Which matrices',
    kind: 'explanation',
    text: `${which} belong to the mean loss (${lossText[loss.kind]}) over the first ${curvatureExamples} training examples. ${drawn}`,
  };
}

function networksNote({ weights }: AnalysisPlan): Note {
  return {
    title: weights === undefined ? 'Two training runs' : 'The given network and a second one',
    kind: 'explanation',
    text:
      `The ${weights === undefined ? 'plain run' : 'given network'} is what one would deploy. The bound is computed at a second network, trained on from the first with a pull ` +
      'g‖w − w₀‖² towards a random start, because the distance from the start enters the bound.',
  };
}
