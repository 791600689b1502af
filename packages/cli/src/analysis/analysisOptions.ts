import { option } from '../options/option.js';
import { oneOf, positive, probability, text, whole } from '../options/parsers.js';
import {
  architectureHelp,
  arithmetic,
  dataOptions,
  folder,
  force,
  repeatedRows,
  seed,
  workers,
} from '../options/shared.js';

/** What is measured, and how closely. */
export const measureOptions = {
  epochs: option('<count>', 'passes over the training examples, in each of the two runs', whole(1), 10),
  batchSize: option('<count>', 'examples per step', whole(1), 500),
  decay: option('<factor>', 'pull towards the start in the second run: g = factor × learning rate', positive, 1.2),
  inputExamples: option('<count>', 'examples behind the input spectrum', whole(1), 10_000),
  curvatureExamples: option('<count>', 'examples behind Hessian, Gauss-Newton and Fisher matrix', whole(1), 2048),
  top: option('<k>', 'eigenvalues of each of them', whole(1), 30),
  stiffDirections: option('<k>', 'Hessian eigenvectors that shape the posterior of the bound', whole(1), 100),
  densitySteps: option('<count>', 'Lanczos steps per probe of the spectral densities', whole(2), 40),
  densityProbes: option('<count>', 'random probes of the spectral densities', whole(2), 4),
  draws: option('<count>', 'posterior draws that certify the bound', whole(1), 2000),
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
  repeatedRows,
  architecture: option(
    '<text>',
    `${architectureHelp} (default: what --model says of itself, else ${defaultArchitecture})`,
    text,
  ),
  model: option(
    '<file>',
    'analyse these weights (.npz, .safetensors) instead of training; they must fit --architecture',
    text,
  ),
  out: folder(reportFolder),
  force,
  ...analysisOptions,
};
