import { examplesIdentity, mnist } from '@hyperribbon/data';
import type { Examples } from '@hyperribbon/nn';
import type { RandomLabels } from '@hyperribbon/pac-bayes';
import { basisLayers, type MeanCoordinates, type ObjectiveName } from '@hyperribbon/pac-bayes/networks';
import { loadNamed, type DataOptions } from '../input/dataSource.js';
import { integerOption, positiveOption } from '../input/integers.js';
import { loadModel } from '../input/modelSource.js';
import { networkFor } from '../input/networkFor.js';
import { randomLabels, withRandomLabels } from '../input/randomLabels.js';
import { holdOut, join as joinExamples, rows } from '../input/splits.js';
import { UsageError } from '../usageError.js';
import type { BoundMethod, BoundPlan } from './boundPlan.js';
import { imageSide } from './shiftedImages.js';
import { isSubspace, subspaceKey, subspacePlan, type SubspaceOptions } from './subspaceOptions.js';

/** The options as commander hands them over. */
export interface BoundOptions extends DataOptions, SubspaceOptions {
  readonly architecture: string;
  readonly model?: string;
  readonly startEpochs?: string;
  readonly out: string;
  readonly method: BoundMethod;
  readonly basis?: 'input' | 'full' | 'directions';
  readonly means?: MeanCoordinates;
  readonly factors: 'kfra' | 'kfac';
  readonly objective: ObjectiveName;
  readonly surrogate: 'cross-entropy' | 'bounded';
  readonly priorFraction: string;
  readonly priorEpochs: string;
  readonly priorShift: string;
  readonly epochs?: string;
  readonly batchSize: string;
  readonly learningRate?: string;
  readonly optimizer?: 'adam' | 'momentum';
  readonly priorScale?: 'grid' | 'fixed';
  readonly initialStd?: string;
  readonly priorVariance?: string;
  readonly passes?: string;
  readonly klWeight: string;
  readonly delta: string;
  readonly limit?: string;
  readonly seed: string;
  readonly quick?: boolean;
  readonly resume?: boolean;
  readonly randomLabels?: boolean;
  readonly published?: string;
}

/** Checks the options and loads what they name. @throws UsageError with the option's name */
export async function planOf(options: BoundOptions): Promise<BoundPlan> {
  const seed = integerOption('--seed', options.seed, 0);
  const quick = options.quick === true;
  const fraction = shareOption('--prior-fraction', options.priorFraction);
  const learnt = fraction > 0;
  const control = options.randomLabels === true ? randomLabels(seed) : undefined;
  const data = await loadData(options, seed, learnt, control);
  const architecture = quick && options.architecture === 'mlp:relu:600' ? 'mlp:relu:100' : options.architecture;
  const limit =
    options.limit === undefined ? (quick ? 20_000 : data.train.count) : integerOption('--limit', options.limit, 20);
  const train = rows(data.train, 0, Math.min(limit, data.train.count));
  const network = networkFor(architecture, train);
  const priorCount = Math.floor(fraction * train.count);
  if (train.count - priorCount < 8) {
    throw new UsageError(
      `--prior-fraction: ${options.priorFraction} leaves ${train.count - priorCount} examples for the bound; it needs 8`,
    );
  }
  const dense = basisLayers(network) !== undefined;
  const method = options.method ?? (dense && !learnt ? 'method4' : 'isotropic');
  const fixedScale = (options.priorScale ?? (learnt ? 'fixed' : 'grid')) === 'fixed';
  if (fixedScale && method === 'method4') {
    throw new UsageError('--prior-scale: method4 has scales of its own, which are on grids');
  }
  const coordinates = coordinatesOf(options, method, dense);
  const subspace = subspacePlan(options, network, method, quick);
  const heldOut = learnt
    ? { name: 'prior', examples: rows(train, 0, Math.min(priorCount, 5000)), from: 0 }
    : data.heldOut;
  if (heldOut === undefined && (method === 'method2' || method === 'method4')) {
    throw new UsageError(`--method: ${method} needs inputs beside the bound's examples`);
  }
  const start =
    options.model === undefined ? undefined : (await loadModel(options.model, network.name, 'float32')).model.params;
  const rate = positiveOption(
    '--learning-rate',
    options.learningRate ?? (learnt ? '1e-3' : subspace === undefined ? '0.02' : '0.005'),
  );
  const shift = integerOption('--prior-shift', options.priorShift, 0, 8);
  if (shift > 0) imageSide(train.features);
  return {
    dataset: data.dataset,
    task: data.task,
    datasetIdentity: data.identity,
    indicesOf: data.indicesOf,
    train,
    priorCount,
    heldOut,
    test: data.test,
    network,
    ...(start === undefined ? {} : { start: Float32Array.from(start), startFile: options.model! }),
    startEpochs: startEpochsOf(options, isSubspace(network, method, options.basis) && method === 'method3', quick),
    method,
    ...(subspace === undefined ? {} : { subspace }),
    ...coordinates,
    factors: options.factors,
    objective: options.objective,
    surrogate: options.surrogate,
    epochs: integerOption('--epochs', options.epochs ?? (quick ? '6' : '20'), 0),
    batchSize: integerOption('--batch-size', options.batchSize, 1),
    learningRate: { from: rate, to: rate / 100 },
    optimizer: options.optimizer ?? (learnt ? 'momentum' : 'adam'),
    fixedScale,
    initialStd: positiveOption(
      '--initial-std',
      options.initialStd ?? (learnt ? '1' : subspace === undefined ? '0.5' : '0.2'),
    ),
    priorVariance: positiveOption('--prior-variance', options.priorVariance ?? (learnt ? '1e-4' : '1e-3')),
    priorEpochs: integerOption('--prior-epochs', options.priorEpochs, 0),
    priorRate: { from: 1e-3, to: 1e-5 },
    priorShift: shift,
    passes: integerOption('--passes', options.passes ?? (quick ? '2' : '10'), 1),
    delta: deltaOption(options.delta),
    deltaMonteCarlo: 0.01,
    klWeight: positiveOption('--kl-weight', options.klWeight),
    seed,
    ...(control === undefined ? {} : { randomLabels: control }),
    commandLine: ['hyperribbon', ...process.argv.slice(2)].join(' '),
    ...(options.published === undefined ? {} : { published: publishedOption(options.published) }),
  };
}

/** Which sides of dense layers turn, and where the steps in the means are taken. */
function coordinatesOf(
  { basis, means }: BoundOptions,
  method: BoundMethod,
  dense: boolean,
): Pick<BoundPlan, 'basis' | 'meansIn'> {
  if (basis === 'directions') {
    if (!hasBasis(method)) throw new UsageError('--basis: directions goes with method2, method3 and method4');
    return { basis: 'input', meansIn: 'weights' };
  }
  if (means !== undefined && !(dense && hasBasis(method))) {
    throw new UsageError(`--means: goes with method2 and method4 of a network of dense layers`);
  }
  if (method !== 'method3' || !dense) return { basis: basis ?? 'input', meansIn: means ?? 'weights' };
  if (basis === 'input') {
    throw new UsageError(
      '--basis: method3 turns all sides; the inputs of the first layer do not move with the weights',
    );
  }
  if (means === 'basis') {
    throw new UsageError("--means: method3's basis moves, so its steps in the means are taken in the weights");
  }
  return { basis: 'full', meansIn: 'weights' };
}

function hasBasis(method: BoundMethod): boolean {
  return method === 'method2' || method === 'method3' || method === 'method4';
}

/** Method 3 needs trained weights for its Hessian; others start where the prior is unless told. */
function startEpochsOf({ model, startEpochs }: BoundOptions, trained: boolean, quick: boolean): number {
  if (model !== undefined && startEpochs !== undefined) {
    throw new UsageError('--start-epochs: the posterior starts at --model; give one of the two');
  }
  const usual = trained && model === undefined ? (quick ? 2 : 10) : 0;
  return integerOption('--start-epochs', startEpochs ?? String(usual), trained && model === undefined ? 1 : 0);
}

interface Data {
  readonly dataset: string;
  readonly task: string;
  readonly identity: string;
  readonly indicesOf: BoundPlan['indicesOf'];
  readonly train: Examples;
  readonly heldOut?: BoundPlan['heldOut'];
  readonly test: Examples;
}

/**
 * MNIST: the first 55,000 training images for the bound and the last 5,000 held out, or all 60,000 where a prior is trained on a
 * part. Other data: a sixth for testing, and an eleventh of the rest held out where no prior is trained.
 */
async function loadData(
  options: DataOptions,
  seed: number,
  learnt: boolean,
  control: RandomLabels | undefined,
): Promise<Data> {
  const labelled = (examples: Examples) => (control === undefined ? examples : withRandomLabels(examples, control));
  if (options.inputs === undefined && (options.data ?? 'mnist') === 'mnist') {
    const task = options.task ?? 'binary';
    const { train, prior, test } = await mnist({ task });
    const named = {
      dataset: 'MNIST',
      task: task === 'binary' ? 'digits 0-4 against 5-9' : 'ten digits',
      test,
      indicesOf: range,
    };
    const whole = joinExamples(train, prior);
    const identity = examplesIdentity(whole);
    const given = labelled(whole);
    if (learnt) return { ...named, identity, train: given };
    const [from, to] = [train.count, whole.count];
    const heldOut = { name: 'held-out', examples: rows(given, from, to), from };
    return { ...named, identity, train: rows(given, 0, from), heldOut };
  }
  const { name: dataset, task, examples } = await loadNamed(options);
  const { test } = holdOut(examples, seed);
  const { train } = holdOut(labelled(examples), seed);
  const identity = examplesIdentity(examples);
  // `holdOut` takes the test examples from the front of a seeded order of all
  const indicesOf: BoundPlan['indicesOf'] = (from, to) => {
    const of = examples.count;
    return {
      kind: 'permutation',
      seed,
      purpose: 'hold-out',
      index: 0,
      of,
      from: test.count + from,
      to: test.count + to,
    };
  };
  if (learnt) return { dataset, task, identity, indicesOf, train, test };
  const kept = train.count - Math.max(1, Math.round(train.count / 11));
  return {
    dataset,
    task,
    identity,
    indicesOf,
    train: rows(train, 0, kept),
    heldOut: { name: 'held-out', examples: rows(train, kept, train.count), from: kept },
    test,
  };
}

const range: BoundPlan['indicesOf'] = (from, to) => ({ kind: 'ranges', ranges: [[from, to]] });

/** What must agree for a checkpoint to be of the same run. */
export function keyOf(plan: BoundPlan): string {
  const { network, method, basis, objective, surrogate, epochs, batchSize, learningRate, seed, priorCount } = plan;
  const {
    optimizer,
    fixedScale,
    initialStd,
    priorVariance,
    priorEpochs,
    priorShift,
    delta,
    klWeight,
    randomLabels,
    datasetIdentity,
  } = plan;
  return JSON.stringify([
    datasetIdentity,
    plan.train.count,
    network.name,
    method,
    basis,
    objective,
    surrogate,
    epochs,
    batchSize,
    learningRate,
    seed,
    priorCount,
    optimizer,
    fixedScale,
    initialStd,
    priorVariance,
    priorEpochs,
    priorShift,
    delta,
    klWeight,
    randomLabels !== undefined,
    plan.startFile ?? null,
    // checkpoints of before are of the default
    ...(plan.factors === 'kfra' ? [] : [plan.factors]),
    ...(hasBasis(method) && basisLayers(network) !== undefined && plan.meansIn === 'weights' ? ['weights'] : []),
    plan.startEpochs,
    subspaceKey(plan.subspace),
  ]);
}

function shareOption(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value < 1)) {
    throw new UsageError(`${option}: must be in [0, 1), got "${text}"`);
  }
  return value;
}

function deltaOption(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 0.99)) throw new UsageError(`--delta: must be in (0, 0.99), got "${text}"`);
  return value;
}

function publishedOption(text: string): { value: number; source: string } {
  const [, number, source] = /^([\d.]+)\s+(.+)$/.exec(text) ?? [];
  if (number === undefined || !Number.isFinite(Number(number))) {
    throw new UsageError(`--published: expected a number and its source, got "${text}"`);
  }
  return { value: Number(number), source };
}

/** What a trained prior depends on. */
export function priorKeyOf(plan: BoundPlan): string {
  const { datasetIdentity, network, priorCount, priorEpochs, priorRate, priorShift, batchSize, seed, randomLabels } =
    plan;
  return JSON.stringify([
    datasetIdentity,
    plan.train.count,
    network.name,
    priorCount,
    priorEpochs,
    priorRate,
    priorShift,
    batchSize,
    seed,
    randomLabels !== undefined,
  ]);
}
