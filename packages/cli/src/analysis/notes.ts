import type { Note } from '@hyperribbon/report';
import type { AnalysisPlan } from './plan.js';

/** What each number means, for a reader who meets it for the first time; reconstructions are named as such. */
export function notes(plan: AnalysisPlan): readonly Note[] {
  return [
    {
      title: 'Sloppy spectra',
      kind: 'explanation',
      text:
        'After a sharp drop the eigenvalues of typical data spread evenly over many decades, so ln λ falls along a line. ' +
        'The slope of that line, in nats per index, is the sloppiness; a network trained on such data inherits the shape in ' +
        'its Hessian and Fisher matrix.',
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
    {
      title: 'Effective dimension',
      kind: 'reconstruction',
      text:
        'The number of Hessian eigenvalues above ε/(2(n − 1)): there the data outweigh the prior. The definition as a threshold count is ' +
        'the paper’s; this threshold was derived here as the minimiser of the linearised bound and not read in the paper.',
    },
    {
      title: 'What the bound says',
      kind: 'explanation',
      text:
        'With the stated confidence over the draw of the training examples and of the weights, the randomised classifier, a fresh draw of weights ' +
        'from the posterior at each use, errs on new examples at most that often. It speaks about that classifier, not about the single network.',
    },
  ];
}
