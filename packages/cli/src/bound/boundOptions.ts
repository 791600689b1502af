import { flag, goingWith, option, optionBy, type Declared } from '../options/option.js';
import { oneOf, positive, probability, published, share, text, whole } from '../options/parsers.js';
import { architecture, dataOptions, folder, force, repeatedRows, seed, testOptions } from '../options/shared.js';

/** What shapes prior and posterior: see `hyperribbon bound --help`. */
export type BoundMethod = 'isotropic' | 'layered' | 'method2' | 'method3' | 'method4';

/** What defaults of other options depend on. */
export interface BoundSetting {
  readonly quick: boolean;
  /** the prior's mean is trained on a part of the examples */
  readonly learnt: boolean;
  readonly method: BoundMethod;
  /** whole networks are drawn, with deviations along leading eigenvectors */
  readonly drawn: boolean;
  /** Kronecker factors of the curvature of dense layers shape prior and posterior */
  readonly factored: boolean;
  readonly objective: string;
}

const withPrior = <G, S>(declared: Declared<G, S, BoundSetting>): Declared<G, S, BoundSetting> =>
  goingWith('--prior-fraction', ({ learnt }) => learnt, declared);

const withDrawn = <G, S>(declared: Declared<G, S, BoundSetting>): Declared<G, S, BoundSetting> =>
  goingWith(
    'method2, method3 and method4 of a convolutional network, or --basis directions',
    ({ drawn }) => drawn,
    declared,
  );

/** What a trained prior depends on. */
export const priorOptions = {
  priorFraction: option(
    '<share>',
    'train the mean of the prior on this share of the examples; the bound uses the rest',
    share,
    0,
  ),
  priorEpochs: withPrior(optionBy('<count>', 'passes over them', whole(0), '20', () => 20)),
  priorShift: withPrior(
    optionBy(
      '<pixels>',
      'move square images by up to so many pixels while the prior is trained',
      whole(0, 8),
      '0',
      () => 0,
    ),
  ),
  batchSize: option('<count>', 'examples per step', whole(1), 500),
  seed,
  randomLabels: flag('control: replace the labels by random ones; the bound must become vacuous'),
};

/** What an optimisation depends on beside its prior. */
export const descentOptions = {
  method: option(
    '<name>',
    "isotropic: one prior variance (Dziugaite-Roy); layered: one for each layer; method2: noise along the curvature of held-out inputs; method3: along the curvature of the bound's examples, renewed every epoch (dense layers) or their Hessian at the start (convolutional networks); method4: along the curvature of held-out inputs, the prior too",
    oneOf('isotropic', 'layered', 'method2', 'method3', 'method4'),
  ),
  means: option(
    '<coordinates>',
    "method2, method4 of dense layers: take the optimiser's steps in the means in the weights (default) or in the basis",
    oneOf('weights', 'basis'),
  ),
  factors: goingWith(
    'method2, method3 and method4 of a network of dense layers, without --basis directions',
    ({ factored }: BoundSetting) => factored,
    optionBy(
      '<kind>',
      'of the curvature of dense layers: kfra (mean curvature) or kfac (sampled labels)',
      oneOf('kfra', 'kfac'),
      'kfra',
      (): 'kfra' => 'kfra',
    ),
  ),
  objective: option(
    '<name>',
    'what is minimised; kl follows the certificate itself',
    oneOf('kl', 'quadratic', 'lambda', 'classic', 'bbb', 'dziugaite-roy'),
    'kl',
  ),
  surrogate: option('<name>', 'loss that is differentiated', oneOf('cross-entropy', 'bounded'), 'cross-entropy'),
  startEpochs: option(
    '<count>',
    "train the posterior's start on the bound's examples first (default: 0; 10 for method3 without --model)",
    whole(0),
  ),
  startRate: option(
    '<rate>',
    "of Adam at the start of --start-epochs; ends at a quarter of it (default: 2e-3). The posterior's start may learn labels by heart",
    positive,
  ),
  epochs: optionBy('<count>', 'passes of the optimisation', whole(0), '20; 6 with --quick', (s: BoundSetting) =>
    s.quick ? 6 : 20,
  ),
  learningRate: optionBy(
    '<rate>',
    'at the start; ends at a hundredth',
    positive,
    '0.02, 0.005 where whole networks are drawn, 1e-3 with a trained prior',
    (s: BoundSetting) => (s.learnt ? 1e-3 : s.drawn ? 0.005 : 0.02),
  ),
  optimizer: optionBy(
    '<name>',
    'that takes the steps',
    oneOf('adam', 'momentum'),
    'adam, momentum with a trained prior',
    (s: BoundSetting) => (s.learnt ? 'momentum' : 'adam'),
  ),
  initialStd: optionBy(
    '<factor>',
    'deviations at the start, as a factor on those of the prior',
    positive,
    '0.5, 0.2 where whole networks are drawn, 1 with a trained prior',
    (s: BoundSetting) => (s.learnt ? 1 : s.drawn ? 0.2 : 0.5),
  ),
  priorVariance: optionBy(
    '<variance>',
    'of the prior, at the start',
    positive,
    '1e-3, 1e-4 with a trained prior',
    (s: BoundSetting) => (s.learnt ? 1e-4 : 1e-3),
  ),
  priorScale: optionBy(
    '<how>',
    'grid: choose the variance with the data and pay for it; fixed: keep it',
    oneOf('grid', 'fixed'),
    'grid; fixed with a trained prior, but for method4',
    (s: BoundSetting) => (s.learnt && s.method !== 'method4' ? 'fixed' : 'grid'),
  ),
  klWeight: goingWith(
    '--objective bbb',
    ({ objective }: BoundSetting) => objective === 'bbb',
    optionBy('<eta>', 'for --objective bbb', positive, '0.1', () => 0.1),
  ),
  delta: option('<delta>', 'failure probability of the bound, beside 0.01 for the draws', probability(0.99), 0.025),
};

/** What shapes the leading eigenvectors of Methods 2 to 4, where whole networks are drawn. */
export const directionOptions = {
  directions: withDrawn(
    optionBy(
      '<count>',
      'leading eigenvectors: how many have a deviation each',
      whole(1),
      '200; 300 for method4; 40 with --quick',
      (s: BoundSetting) => (s.quick ? 40 : s.method === 'method4' ? 300 : 200),
    ),
  ),
  curvatureExamples: withDrawn(
    optionBy(
      '<count>',
      'leading eigenvectors: examples behind them',
      whole(1),
      '2000; 1000 for method3; 300 with --quick',
      (s: BoundSetting) => (s.quick ? 300 : s.method === 'method3' ? 1000 : 2000),
    ),
  ),
  draws: withDrawn(optionBy('<count>', 'leading eigenvectors: networks drawn per step', whole(1), '1', () => 1)),
  initialVariances: withDrawn(
    optionBy(
      '<rule>',
      "leading eigenvectors: factor: --initial-std times the prior's deviations; eigenvalues: as the scripts of Yang and others, |eigenvalue|/3000; analytic: those of the analytic bound",
      oneOf('factor', 'eigenvalues', 'analytic'),
      'factor',
      (): 'factor' => 'factor',
    ),
  ),
  fisher: goingWith(
    'the eigenvectors of method2 and method4, of a convolutional network or with --basis directions',
    ({ drawn, method }: BoundSetting) => drawn && method !== 'method3',
    optionBy(
      '<labels>',
      "eigenvectors of method2, method4: labels drawn from the model, all of them with their probabilities, or the data's",
      oneOf('sampled', 'exact', 'empirical'),
      'sampled',
      (): 'sampled' => 'sampled',
    ),
  ),
};

/** How whole networks are drawn for the certificate. */
export const networkOptions = {
  networks: withDrawn(
    optionBy(
      '<count>',
      'leading eigenvectors: networks drawn for the certificate',
      whole(1),
      '10000; 1000 with --quick',
      (s: BoundSetting) => (s.quick ? 1000 : 10_000),
    ),
  ),
  examplesPerNetwork: withDrawn(
    optionBy('<count>', 'leading eigenvectors: random examples that each of them meets', whole(1), '1', () => 1),
  ),
};

/** What a certificate depends on beside the posterior: a run that goes on may have others. */
export const certificationOptions = {
  passes: goingWith(
    'fresh weights for every example; where whole networks are drawn --networks says how many',
    ({ drawn }: BoundSetting) => !drawn,
    optionBy(
      '<count>',
      'times every example meets fresh weights for the certificate',
      whole(1),
      '10; 2 with --quick',
      (s: BoundSetting) => (s.quick ? 2 : 10),
    ),
  ),
  published: option(
    '<value>',
    'a published number to show beside the result: "0.161 Dziugaite and Roy 2017"',
    published,
  ),
};

/** Where everything goes unless told. */
export const boundFolder = 'hyperribbon-bound';

/** What is bounded where nobody says. */
export const defaultArchitecture = 'mlp:relu:600';

export const boundOptions = {
  ...dataOptions,
  ...testOptions,
  repeatedRows,
  architecture: architecture(defaultArchitecture),
  model: option(
    '<file>',
    'weights (.npz, .safetensors), or a whole network (.onnx), where the posterior starts; default: the mean of the prior',
    text,
  ),
  out: folder(boundFolder),
  force,
  basis: option(
    '<sides>',
    'turn the inputs of the first layer (default for method2, method4), or all sides of dense layers (method3); directions: leading eigenvectors instead of Kronecker factors, as for convolutional networks',
    oneOf('input', 'full', 'directions'),
  ),
  ...descentOptions,
  ...priorOptions,
  ...directionOptions,
  ...networkOptions,
  ...certificationOptions,
  limit: option('<count>', 'use the first so many training examples only', whole(20)),
  quick: flag('a result within a minute: smaller network, fewer examples and epochs'),
  resume: flag('go on from the checkpoint, or the trained prior, that this very run left'),
};
