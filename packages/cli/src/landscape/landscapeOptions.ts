import { flag, goingWith, option, optionBy, type Declared } from '../options/option.js';
import { oneOf, positive, text, whole, wholes } from '../options/parsers.js';
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
import { optimizerOf, type OptimizerChoice } from '../options/trainingChoices.js';

/** What defaults and conditions of this command depend on. */
export interface LandscapeSetting {
  readonly quick: boolean;
  /** the network is trained here, and not given */
  readonly trains: boolean;
  readonly optimizer: OptimizerChoice | undefined;
  readonly plane: boolean;
  readonly widths: boolean;
}

const training = 'a network that is trained here, not one of --model';
const inTraining = ({ trains }: LandscapeSetting): boolean => trains;

/** Rates at which a small network of tanh reaches its threshold in the default number of steps. */
const rates: Readonly<Record<string, number>> = {
  sgd: 0.1,
  momentum: 0.02,
  nesterov: 0.02,
  adam: 1e-3,
  adamw: 1e-3,
  rmsprop: 1e-4,
  sign: 1e-4,
  muon: 5e-3,
};

/** The run that is watched. */
export const descentOptions = {
  optimizer: goingWith(
    training,
    inTraining,
    option<OptimizerChoice>(
      '<name>',
      'sgd, momentum[:0.9], nesterov[:0.9], adam, adamw, rmsprop, sign[:0] or muon[:0.95] (default: sgd, gradient descent)',
      optimizerOf,
    ),
  ),
  learningRate: goingWith(
    training,
    inTraining,
    optionBy(
      '<rate>',
      'of every step',
      positive,
      'sgd 0.1, momentum and nesterov 0.02, adam and adamw 1e-3, rmsprop and sign 1e-4, muon 5e-3',
      ({ optimizer }: LandscapeSetting) => rates[optimizer?.name ?? 'sgd'],
    ),
  ),
  steps: goingWith(training, inTraining, quickCount('updates', 1, 1500, 300)),
  batchSize: goingWith(
    training,
    inTraining,
    option('<count>', 'examples per step; batch sharpness is measured where they are not all (default: all)', whole(1)),
  ),
  every: goingWith(training, inTraining, quickCount('steps between moments that are measured', 1, 20, 10)),
  topShare: goingWith(
    training,
    inTraining,
    flagOrNothing('share of the squared gradient in the top eigenvectors of the Hessian, one for each class'),
  ),
  flow: goingWith(training, inTraining, flagOrNothing('gradient flow from the same start, for as long')),
  centralFlow: goingWith(
    training,
    inTraining,
    flagOrNothing(
      'central flow from the same start: where a run at the edge is on average; takes some fifteen times as long as the run',
    ),
  ),
};

/** What else is measured. */
export const measuredOptions = {
  pairs: quickCount('largest eigenvalues of the Hessian', 1, 3, 2),
  jacobian: flagOrNothing('norms of the input-output Jacobian: of a run at every moment'),
  plane: {
    ...option<number | undefined>(
      '[points]',
      'the loss over a plane of so many points a side (51 if no number is given)',
      whole(2, 501),
    ),
    preset: '51',
  } as Declared<number | undefined>,
  axes: goingWith(
    '--plane',
    ({ plane }: LandscapeSetting) => plane,
    optionBy(
      '<choice>',
      'of the plane: random directions with the norms of filters, eigenvectors of the two largest eigenvalues of the Hessian, of its largest and smallest, or the directions of the run',
      oneOf('filter', 'hessian', 'hessian-ends', 'trajectory'),
      'trajectory of a run, filter of given weights',
      ({ trains }: LandscapeSetting) => (trains ? 'trajectory' : 'filter') as 'trajectory' | 'filter',
    ),
  ),
  kernel: option(
    '<examples>',
    'examples of the neural tangent kernel: its change by training, or its alignment with the labels for --model',
    whole(2),
  ),
  widths: goingWith(
    training,
    inTraining,
    option(
      '<widths>',
      'train an MLP of two layers of each width, such as 16,64,256, and tell how its kernel changed',
      wholes(1),
    ),
  ),
  widthSeeds: goingWith(
    '--widths',
    ({ widths }: LandscapeSetting) => widths,
    quickCount('networks of each width', 1, 5, 3),
  ),
  minimum: goingWith(
    training,
    inTraining,
    flagOrNothing(
      'construct a local minimum of a network of rectifiers that is not global, and certify it (of --architecture, else of mlp:relu:16,16)',
    ),
  ),
};

/** A switch that is absent where it is left off, so that a setting can have no use for it. */
function flagOrNothing(help: string): Declared<true | undefined> {
  return { help };
}

export const landscapeFolder = 'hyperribbon-landscape';
export const landscapeArchitecture = 'mlp:tanh:64,64';
/** of constructed minima, where no architecture is named */
export const minimumArchitecture = 'mlp:relu:16,16';

export const landscapeOptions = {
  ...dataOptions,
  ...testOptions,
  repeatedRows,
  examples: quickCount('training examples, the first so many, of loss and Hessian', 2, 500, 200),
  loss: option(
    '<name>',
    'squared-error (half the squared distance to one-hot labels) or cross-entropy',
    oneOf('squared-error', 'cross-entropy'),
    'squared-error',
  ),
  architecture: option(
    '<text>',
    `${architectureHelp} (default: what --model says of itself, else ${landscapeArchitecture})`,
    text,
  ),
  model: option(
    '<file>',
    'weights that are given (.onnx, or .npz or .safetensors that fit --architecture): their sharpness, plane, Jacobian, kernel',
    text,
  ),
  out: folder(landscapeFolder),
  force,
  resume: flag('go on with the unfinished run of this folder'),
  quick: flag('a first look: fewer examples and steps'),
  ...descentOptions,
  ...measuredOptions,
  seed,
  ...arithmetic,
  workers,
};
