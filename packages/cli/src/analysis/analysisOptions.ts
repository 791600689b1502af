import { flag, option } from '../options/option.js';
import { oneOf, positive, probability, text, whole } from '../options/parsers.js';
import {
  answerOptions,
  architectureHelp,
  arithmetic,
  dataOptions,
  folder,
  force,
  quickCount,
  repeatedRows,
  seed,
  testOptions,
  workers,
} from '../options/shared.js';

/** What is measured, and how closely. */
export const measureOptions = {
  epochs: quickCount('passes over the training examples, in each of the two runs', 1, 10, 3),
  batchSize: option('<count>', 'examples per step', whole(1), 500),
  decay: option('<factor>', 'pull towards the start in the second run: g = factor × learning rate', positive, 1.2),
  inputExamples: quickCount('examples behind the input spectrum', 1, 10_000, 2000),
  curvatureExamples: quickCount('examples behind Hessian, Gauss-Newton and Fisher matrix', 1, 2048, 512),
  top: quickCount('eigenvalues of each of them', 1, 30, 12),
  stiffDirections: quickCount('Hessian eigenvectors that shape the posterior of the bound', 1, 100, 20),
  densitySteps: quickCount('Lanczos steps per probe of the spectral densities', 2, 40, 20),
  densityProbes: quickCount('random probes of the spectral densities', 2, 4, 2),
  batchNorm: option(
    '<choice>',
    'of networks that have them: batch trains with the statistics of batches (default), which no bound allows for; fixed keeps those they start with',
    oneOf('batch', 'fixed'),
  ),
  draws: quickCount('posterior draws that certify the bound', 1, 2000, 300),
  examplesPerDraw: option('<count>', 'random examples that each draw meets', whole(1), 250),
  delta: option('<delta>', 'failure probability of the bound, beside 0.01 for the draws', probability(0.99), 0.025),
  convention: option(
    '<factor>',
    "of the Hessian in the precision of the posterior: derived here, or that of the authors' notebook",
    oneOf('2(n-1)', '4(n-1)/ln2'),
    '2(n-1)',
  ),
};

/** What an analysis computes: its plan has them all. */
export const analysisOptions = { seed, ...arithmetic, workers, ...measureOptions };

/** Where the report goes unless told. */
export const reportFolder = 'hyperribbon-report';

/** The network that is trained where none is named. */
export const defaultArchitecture = 'mlp:tanh:128';

export const analyzeOptions = {
  ...dataOptions,
  ...answerOptions,
  ...testOptions,
  repeatedRows,
  architecture: option(
    '<text>',
    `${architectureHelp} (default: what --model says of itself, else ${defaultArchitecture})`,
    text,
  ),
  model: option(
    '<file>',
    'analyse this network (.onnx, or weights as .npz or .safetensors that fit --architecture) instead of training one',
    text,
  ),
  out: folder(reportFolder),
  force,
  quick: flag('a first look in a fraction of the time: shorter training, fewer eigenvalues and draws, looser bounds'),
  ...analysisOptions,
};
