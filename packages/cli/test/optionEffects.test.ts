// Oracle: an option that is declared is used. Each option of a study, given another value, must change what is computed from: its plan.
import { describe, expect, it } from 'vitest';
import { planDifferences, planText } from '@hyperribbon/study';
import { writeNpy } from '@hyperribbon/data';
import { analyzeOptions } from '../src/analysis/analysisOptions.js';
import { analysisPlan } from '../src/analysis/plan.js';
import { boundOptions } from '../src/bound/boundOptions.js';
import { planOf as boundPlan } from '../src/bound/planOf.js';
import { flagOf, type Given, type OptionTable } from '../src/options/option.js';
import { mlp } from '@hyperribbon/nn';
import { settingOf, trainOptions } from '../src/commands/train.js';
import { landscapeOptions } from '../src/landscape/landscapeOptions.js';
import { landscapePlan } from '../src/landscape/plan.js';
import { measuresOptions } from '../src/measures/measuresOptions.js';
import { measuresPlan } from '../src/measures/plan.js';
import { planOf as ribbonPlan } from '../src/ribbon/planOf.js';
import { ribbonOptions } from '../src/ribbon/ribbonOptions.js';
import { parsed } from './cases/parsed.js';
import { file, inputs, labels, points, table, weights } from './cases/files.js';

/** A plan as text; what cannot be text (a network's functions, where rows come from) is told by its name. */
function textOf(plan: object): string {
  const shown = Object.entries(plan)
    .filter(([, value]) => typeof value !== 'function')
    .map(([name, value]) => [name, name === 'network' ? (value as { name: string }).name : value] as const);
  return planText(Object.fromEntries(shown));
}

/** Other words for every option; with what the option needs beside it. */
type Alternatives<Table extends OptionTable> = { readonly [K in keyof Table]: readonly string[] | 'not of the plan' };

const unplanned = { out: 'not of the plan', force: 'not of the plan' } as const;

function effects<Table extends OptionTable>(
  name: string,
  options: Table,
  alternatives: Alternatives<Table>,
  planOf: (given: Given<Table>) => Promise<object>,
  base: readonly string[],
): void {
  describe(name, () => {
    it.each(Object.entries(alternatives))('--%s changes the plan', async (option, typed) => {
      if (typed === 'not of the plan') {
        expect(['out', 'force', 'runs', 'resume']).toContain(option);
        return;
      }
      const [given, ...beside] = typed;
      const flag = flagOf(option);
      const outcome = (typed: readonly string[]): Promise<string> =>
        planOf(parsed(options, typed)).then(textOf, (error: Error) => planText({ refused: error.message }));
      const before = await outcome([...base, ...beside]);
      const own = given === '' ? [flag] : [flag, given];
      const after = textOf(await planOf(parsed(options, [...base, ...beside, ...own])));
      expect(planDifferences(after, before)).not.toEqual([]);
    });
  });
}

const others = file(
  'others.csv',
  table((i, j) => Math.sin(i * (j + 1)).toFixed(3)),
);
/** Every input twice, with room for splits. */
const twice = file(
  'twice.csv',
  table((i, j) => Math.sin((i % 30) * (j + 1)).toFixed(3)),
);
const images = inputs('images.npy', [60, 4], (i) => (i % 241) / 241);
const whole = inputs('whole.npy', [60, 4], (i) => (i * i) % 23);
const squares = inputs('squares.npy', [60, 64], (i) => (i % 241) / 241);
const darker = inputs('darker.npy', [60, 4], (i) => (i % 239) / 300);
const imageLabels = labels(
  'images-y.npy',
  Array.from({ length: 60 }, (_, i) => i % 2),
);
const thirds = labels(
  'thirds.npy',
  Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? 1 : 0)),
);
const headed = file(
  'headed.csv',
  `first,second,third,label\n${table((i, j) => (j === 2 ? (i >> 1) % 2 : Math.sin(i * (j + 1)).toFixed(3)))}`,
);
const holed = file(
  'holed.csv',
  `first,second,third,label\n1,NA,2,1\n${table((i, j) => Math.sin(i * (j + 1)).toFixed(3))}`,
);
const four = file(
  'four.csv',
  `first,second,third,fourth,label\n${Array.from({ length: 60 }, (_, i) => [1, 2, 3, 4].map((j) => Math.sin(i * j)).join() + `,${i % 2}`).join('\n')}`,
);
const cubes = file(
  'cubes.npy',
  writeNpy({ shape: [60, 3, 3, 3], data: Uint8Array.from({ length: 27 * 60 }, (_, i) => i % 251) }),
);
const worded = file(
  'worded.csv',
  Array.from(
    { length: 60 },
    (_, i) => `${Math.sin(i).toFixed(3)},${Math.cos(i).toFixed(3)},${(i % 7) / 7},${i % 2 === 0 ? 'cold' : 'warm'}`,
  ).join('\n'),
);
const sources = {
  data: [others],
  inputs: [images, '--inputs', darker, '--labels', imageLabels],
  labels: [thirds, '--inputs', images, '--labels', imageLabels],
  header: ['true'],
  labelColumn: ['third', '--data', headed],
  classes: ['warm,cold', '--data', worded],
  drop: ['second', '--data', four],
  missing: ['drop', '--data', holed],
  standardize: ['0.5:2'],
  layout: ['channels-last', '--inputs', cubes, '--labels', imageLabels],
};
const tests = {
  test: [others],
  testLabels: [thirds, '--inputs', images, '--labels', imageLabels, '--test', darker, '--test-labels', imageLabels],
  task: ['binary', '--data', 'mnist:train:0:60'],
};
/** Weights of a network 3-hidden-2. */
const dense = (name: string, hidden: number): string =>
  weights(name, (arrays) => {
    arrays.set('W1', { shape: [3, hidden], data: new Float32Array(3 * hidden).fill(0.5) });
    arrays.set('b1', { shape: [hidden], data: new Float32Array(hidden) });
    arrays.set('W2', { shape: [hidden, 2], data: new Float32Array(2 * hidden).fill(0.25) });
  });
const directions = ['--method', 'method4', '--basis', 'directions'];

effects(
  'analyze',
  analyzeOptions,
  {
    ...sources,
    target: ['third', '--data', headed],
    answers: ['real'],
    tokens: ['', '--inputs', whole, '--labels', imageLabels],
    batchNorm: ['fixed', '--architecture', 'resnet:8', '--inputs', squares, '--labels', imageLabels],
    ...tests,
    repeatedRows: ['independent', '--data', twice],
    architecture: ['mlp:relu:3'],
    model: [dense('six.npz', 6), '--architecture', 'mlp:tanh:6'],
    ...unplanned,
    seed: ['1'],
    dtype: ['float64'],
    deterministic: [''],
    workers: ['3'],
    quick: [''],
    epochs: ['3'],
    batchSize: ['7'],
    decay: ['2'],
    inputExamples: ['10'],
    curvatureExamples: ['10'],
    top: ['2'],
    stiffDirections: ['2'],
    densitySteps: ['3'],
    densityProbes: ['3'],
    draws: ['5'],
    examplesPerDraw: ['5'],
    delta: ['0.05'],
    convention: ['4(n-1)/ln2'],
  },
  (given) => analysisPlan(given.inputs === undefined ? { data: points, ...given } : given, 'hyperribbon analyze'),
  ['--architecture', 'mlp:tanh:4'],
);

effects(
  'measures',
  measuresOptions,
  {
    ...sources,
    ...tests,
    repeatedRows: ['independent', '--data', twice],
    architecture: ['mlp:relu:3'],
    model: [dense('five.npz', 5), '--architecture', 'mlp:tanh:5'],
    reference: [dense('start.npz', 4)],
    ...unplanned,
    quick: [''],
    epochs: ['3'],
    batchSize: ['7'],
    delta: ['0.1'],
    c1: ['2'],
    c2: ['3'],
    searchExamples: ['10'],
    collapseExamples: ['10'],
    seed: ['1'],
    dtype: ['float64'],
    deterministic: [''],
    workers: ['3'],
  },
  (given) => measuresPlan(given.inputs === undefined ? { data: points, ...given } : given, 'hyperribbon measures'),
  ['--architecture', 'mlp:tanh:4'],
);

effects(
  'landscape',
  landscapeOptions,
  {
    ...sources,
    ...tests,
    repeatedRows: ['independent', '--data', twice],
    examples: ['20'],
    loss: ['cross-entropy'],
    architecture: ['mlp:relu:3'],
    model: [dense('seven.npz', 7), '--architecture', 'mlp:tanh:7'],
    ...unplanned,
    resume: 'not of the plan',
    quick: [''],
    optimizer: ['momentum'],
    learningRate: ['0.3'],
    steps: ['7'],
    batchSize: ['7'],
    every: ['7'],
    flow: [''],
    centralFlow: [''],
    topShare: [''],
    kernel: ['7'],
    widths: ['4,8'],
    widthSeeds: ['7', '--widths', '4'],
    minimum: ['', '--architecture', 'mlp:relu:4'],
    pairs: ['5'],
    jacobian: [''],
    plane: ['7'],
    axes: ['filter', '--plane'],
    seed: ['1'],
    dtype: ['float64'],
    deterministic: [''],
    workers: ['3'],
  },
  (given) => landscapePlan(given.inputs === undefined ? { data: points, ...given } : given, 'hyperribbon landscape'),
  ['--architecture', 'mlp:tanh:4'],
);

effects(
  'bound',
  boundOptions,
  {
    ...sources,
    ...tests,
    repeatedRows: ['independent', '--data', twice],
    architecture: ['mlp:relu:3'],
    model: [dense('four.npz', 4)],
    ...unplanned,
    basis: ['full'],
    method: ['layered'],
    means: ['basis'],
    factors: ['kfac'],
    objective: ['bbb'],
    surrogate: ['bounded'],
    startEpochs: ['2'],
    startRate: ['1e-4', '--start-epochs', '2'],
    epochs: ['3'],
    learningRate: ['0.1'],
    optimizer: ['momentum'],
    initialStd: ['0.3'],
    priorVariance: ['0.01'],
    priorScale: ['fixed', '--method', 'layered'],
    klWeight: ['0.5', '--objective', 'bbb'],
    delta: ['0.05'],
    priorFraction: ['0.5'],
    priorEpochs: ['3', '--prior-fraction', '0.5'],
    priorShift: ['1', '--inputs', images, '--labels', imageLabels, '--prior-fraction', '0.5'],
    batchSize: ['7'],
    seed: ['1'],
    randomLabels: [''],
    directions: ['3', ...directions],
    curvatureExamples: ['4', ...directions],
    draws: ['2', ...directions],
    initialVariances: ['analytic', ...directions],
    fisher: ['exact', ...directions],
    networks: ['50', ...directions],
    examplesPerNetwork: ['2', ...directions],
    passes: ['3'],
    published: ['0.161 Dziugaite and Roy 2017'],
    limit: ['30'],
    quick: [''],
    resume: 'not of the plan',
  },
  (given) => boundPlan(given.inputs === undefined ? { data: points, ...given } : given, 'hyperribbon bound'),
  ['--architecture', 'mlp:tanh:4'],
);

effects(
  'ribbon',
  ribbonOptions,
  {
    ...sources,
    task: ['binary', '--data', 'mnist:train:0:60'],
    ...unplanned,
    runs: 'not of the plan',
    quick: [''],
    seeds: ['3'],
    epochs: ['3'],
    trainExamples: ['20'],
    samples: ['20'],
    regressionRuns: ['5'],
    regressionSteps: ['5'],
    seed: ['7'],
    deterministic: [''],
    workers: ['3'],
  },
  (given) => ribbonPlan(given.inputs === undefined ? { data: points, ...given } : given, '/runs', 'hyperribbon ribbon'),
  [],
);

/** What of the command decides the steps; data and files have their cases elsewhere. */
const training = (({ epochs, batchSize, optimizer, learningRate, finalRate, schedule, warmUp, ...rest }) => {
  const { weightDecay, sam, asam, normBias, clip, augment, labelSmoothing, microBatch, workers, seed } = rest;
  const rates = { optimizer, learningRate, finalRate, schedule, warmUp, weightDecay };
  const { dtype, deterministic } = rest;
  return {
    epochs,
    batchSize,
    ...rates,
    sam,
    asam,
    normBias,
    clip,
    augment,
    labelSmoothing,
    microBatch,
    workers,
    seed,
    dtype,
    deterministic,
  };
})(trainOptions);

effects(
  'train',
  training,
  {
    epochs: ['3'],
    batchSize: ['30'],
    optimizer: ['sign'],
    learningRate: ['0.1'],
    finalRate: ['0.1'],
    schedule: ['linear'],
    warmUp: ['3'],
    weightDecay: ['0.1'],
    sam: ['0.1'],
    asam: ['0.1'],
    normBias: ['25:0.1'],
    clip: ['1'],
    augment: ['mixup:0.2'],
    labelSmoothing: ['0.1'],
    microBatch: ['8'],
    workers: ['2'],
    seed: ['3'],
    dtype: ['float64'],
    deterministic: [''],
  },
  async (given) => settingOf(given as never, mlp([2, 3, 2]), {} as never),
  [],
);
