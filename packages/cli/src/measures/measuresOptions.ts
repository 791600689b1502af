import { flag, option, optionBy } from '../options/option.js';
import { positive, probability, text, whole } from '../options/parsers.js';
import {
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
export const complexityOptions = {
  delta: option('<delta>', 'failure probability of each bound', probability(0.99), 0.05),
  c1: option('<number>', 'unknown constant C1 of the chain rule, in the bound of Pinto et al.', positive, 1),
  c2: option('<number>', 'unknown constant C2 of the chain rule', positive, 1),
  searchExamples: optionBy(
    '<count>',
    'examples on which the searches for flatness measure accuracy',
    whole(1),
    '2000; --quick leaves the searches out',
    () => 2000,
  ),
  collapseExamples: quickCount('training examples whose neural collapse is measured', 1, 5000, 1000),
};

/** Training, where no network is given. */
export const trainingOptions = {
  epochs: quickCount('passes over the training examples', 1, 10, 3),
  batchSize: option('<count>', 'examples per step (default: 500)', whole(1)),
};

export const measuresFolder = 'hyperribbon-measures';
export const measuresArchitecture = 'mlp:relu:128';

export const measuresOptions = {
  ...dataOptions,
  ...testOptions,
  repeatedRows,
  architecture: option(
    '<text>',
    `${architectureHelp} (default: what --model says of itself, else ${measuresArchitecture})`,
    text,
  ),
  model: option(
    '<file>',
    'measure this network (.onnx, or weights as .npz or .safetensors that fit --architecture) instead of training one',
    text,
  ),
  reference: option(
    '<file>',
    'weights that distances are taken to, of the same network (default: the start of the training, where it is trained here)',
    text,
  ),
  out: folder(measuresFolder),
  force,
  quick: flag('a first look: shorter training, no searches for flatness'),
  ...trainingOptions,
  ...complexityOptions,
  seed,
  ...arithmetic,
  workers,
};
