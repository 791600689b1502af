import { basisLayers } from '@hyperribbon/pac-bayes/networks';
import { type Examples, inEvaluation, networkIdentity, type Network } from '@hyperribbon/nn';
import { loadModel } from '../input/modelSource.js';
import { architectureText } from '../input/models/architectureFile.js';
import { isOnnx } from '../input/models/onnxModel.js';
import { networkFor, requireFit } from '../input/networkFor.js';
import { randomLabels } from '../input/randomLabels.js';
import { seenByWeights } from '../input/seenByWeights.js';
import { rows } from '../input/splits.js';
import { chosenOf, settle, type Given, type Settled } from '../options/option.js';
import { UsageError } from '../usageError.js';
import { loadBoundData, type BoundData } from './boundData.js';
import {
  boundOptions,
  certificationOptions,
  defaultArchitecture,
  descentOptions,
  directionOptions,
  networkOptions,
  priorOptions,
  type BoundMethod,
} from './boundOptions.js';
import type { BoundPlan } from './boundPlan.js';

/** The options as commander hands them over. */
export type BoundOptions = Given<typeof boundOptions>;

/** Methods with a curvature of their own. */
const shapedMethods: readonly BoundMethod[] = ['method2', 'method3', 'method4'];

/** Checks what the options say together and loads what they name. @throws UsageError with the option's name */
export async function planOf(options: BoundOptions, commandLine: string): Promise<BoundPlan> {
  const { seed, quick, priorFraction, basis } = options;
  const learnt = priorFraction > 0;
  const control = options.randomLabels ? randomLabels(seed) : undefined;
  const data = await loadBoundData(options, seed, learnt, control);
  const limit = options.limit ?? (quick ? 20_000 : data.train.count);
  const train = rows(data.train, 0, Math.min(limit, data.train.count));
  const network = await networkOf(options, train);
  const priorCount = priorExamples(priorFraction, train.count);
  const dense = basisLayers(network) !== undefined;
  const method = options.method ?? (dense && !learnt ? 'method4' : 'isotropic');
  const drawn = (!dense || basis === 'directions') && shapedMethods.includes(method);
  const shaped = shapedMethods.includes(method);
  const setting = { quick, learnt, method, drawn, factored: dense && shaped && !drawn, objective: options.objective };
  const settled = settle(boundOptions, options, setting);
  if (settled.priorScale === 'fixed' && method === 'method4') {
    throw new UsageError('--prior-scale: method4 has scales of its own, which are on grids');
  }
  requirePriorOnGrid(settled, method);
  if (settled.priorShift > 0 && !Number.isInteger(Math.sqrt(train.features))) {
    throw new UsageError(`--prior-shift: needs square images, but ${train.features} features are no square`);
  }
  const heldOut = heldOutOf({ ...data, train }, priorCount, method);
  const { notes: startNotes = [], ...start } =
    options.model === undefined ? {} : await startOf(options.model, network, data);
  return {
    ...chosenOf({ ...priorOptions, ...descentOptions, ...certificationOptions }, settled),
    ...data,
    notes: [...data.notes, ...startNotes, ...statisticsNotes(network)],
    train,
    ...heldOut,
    priorCount,
    network,
    method,
    ...coordinatesOf(options, method, dense),
    ...subspaceOf(options, settled, drawn, network.size),
    ...start,
    ...startTraining(options, drawn && method === 'method3', quick),
    ...(control === undefined ? {} : { control }),
    commandLine,
  };
}

/** The network of an ONNX file, which says what it is; else that of an architecture, its batch norms as they start. */
async function networkOf({ model, architecture, quick }: BoundOptions, train: Examples): Promise<Network> {
  const usual = architecture === defaultArchitecture;
  if (model !== undefined && isOnnx(model)) {
    const { network } = await loadModel(model, usual ? undefined : architecture, 'float32');
    requireFit(model, network, train);
    if (network.buffers !== undefined) refuseStatistics(model);
    return inEvaluation(network);
  }
  const text = quick && usual ? 'mlp:relu:100' : architecture;
  return inEvaluation(networkFor(await architectureText(text), train, undefined, { trains: true }));
}

function refuseStatistics(file: string): never {
  throw new UsageError(
    `--model: ${file} holds running statistics, which a bound from the start of training has none of`,
  );
}

/** Statistics that are learnt from the bound's examples are no weights, and no bound pays for them. */
function statisticsNotes({ buffers }: Network): readonly string[] {
  return buffers === undefined ? [] : ['batch norms keep the statistics that they start with, mean 0 and variance 1'];
}

function priorExamples(fraction: number, count: number): number {
  const priorCount = Math.floor(fraction * count);
  if (count - priorCount >= 8) return priorCount;
  throw new UsageError(`--prior-fraction: ${fraction} leaves ${count - priorCount} examples for the bound; it needs 8`);
}

/** Inputs beside the bound's: the prior's where it is trained, else those that were held out. */
function heldOutOf({ train, heldOut }: BoundData, priorCount: number, method: BoundMethod): Pick<BoundPlan, 'heldOut'> {
  if (priorCount > 0) {
    return { heldOut: { name: 'prior', examples: rows(train, 0, Math.min(priorCount, 5000)), from: 0 } };
  }
  if (heldOut === undefined && (method === 'method2' || method === 'method4')) {
    throw new UsageError(`--method: ${method} needs inputs beside the bound's examples`);
  }
  return heldOut === undefined ? {} : { heldOut };
}

async function startOf(
  file: string,
  network: Network,
  { train, whole, testKind }: BoundData,
): Promise<Pick<BoundPlan, 'start' | 'startFile' | 'seen' | 'notes'>> {
  const named = isOnnx(file) ? undefined : (network.architecture ?? network.name);
  const loaded = await loadModel(file, named, 'float32');
  // a network with running statistics is another function
  if (networkIdentity(loaded.network) !== networkIdentity(network)) refuseStatistics(file);
  const ofSome = seenByWeights(loaded, { train, testKind });
  const seen = ofSome === 'training' ? ofSome : seenByWeights(loaded, { train: whole, testKind });
  return { start: Float32Array.from(loaded.model.params), startFile: file, seen, notes: loaded.notes };
}

/** Which sides of dense layers turn, and where the steps in the means are taken. */
function coordinatesOf(
  { basis, means }: BoundOptions,
  method: BoundMethod,
  dense: boolean,
): Pick<BoundPlan, 'basis' | 'means'> {
  const shaped = shapedMethods.includes(method);
  if (basis !== undefined && basis !== 'directions' && !(dense && shaped))
    throw new UsageError('--basis: goes with method2, method3 and method4; of convolutional networks it is directions');
  if (basis === 'directions') {
    if (means !== undefined) throw new UsageError('--means: goes without --basis directions');
    if (!shaped) throw new UsageError('--basis: directions goes with method2, method3 and method4');
    return { basis: 'input', means: 'weights' };
  }
  if (means !== undefined && !(dense && shaped)) {
    throw new UsageError('--means: goes with method2 and method4 of a network of dense layers');
  }
  if (method !== 'method3' || !dense) return { basis: basis ?? 'input', means: means ?? 'weights' };
  if (basis === 'input') {
    throw new UsageError(
      '--basis: method3 turns all sides; the inputs of the first layer do not move with the weights',
    );
  }
  if (means === 'basis') {
    throw new UsageError("--means: method3's basis moves, so its steps in the means are taken in the weights");
  }
  return { basis: 'full', means: 'weights' };
}

/** @throws UsageError for more leading eigenvectors than there can be, and for deviations that are said in two ways */
function subspaceOf(
  options: BoundOptions,
  settled: Settled<typeof boundOptions>,
  drawn: boolean,
  size: number,
): Pick<BoundPlan, 'subspace'> {
  const table = { ...directionOptions, ...networkOptions };
  if (!drawn) return {};
  if (options.initialStd !== undefined && settled.initialVariances === 'eigenvalues')
    throw new UsageError('--initial-std: goes with --initial-variances factor and analytic, not eigenvalues');
  const most = Math.min(size - 1, settled.curvatureExamples);
  if (options.directions !== undefined && options.directions > most) {
    throw new UsageError(`--directions: must be a whole number from 1 to ${most}, got "${options.directions}"`);
  }
  return { subspace: { ...chosenOf(table, settled), directions: Math.min(settled.directions, most) } };
}

/** Upper end of the grid of variances that a prior starts on. */
const gridEnd = (method: BoundMethod): number => (method === 'method4' ? 1 : 0.1);

function requirePriorOnGrid({ priorScale, priorVariance }: Settled<typeof boundOptions>, method: BoundMethod): void {
  const end = gridEnd(method);
  if (priorScale !== 'grid' || priorVariance <= end) return;
  const instead = method === 'method4' ? '' : ', or keep it where it is: --prior-scale fixed';
  throw new UsageError(
    `--prior-variance: ${priorVariance} is above ${end}, where the grid of variances ends that is chosen from; start at most there${instead}`,
  );
}

/** How the posterior's start is trained. */
function startTraining(
  options: BoundOptions,
  trained: boolean,
  quick: boolean,
): Pick<BoundPlan, 'startEpochs' | 'startRate'> {
  const startEpochs = startEpochsOf(options, trained, quick);
  if (startEpochs === 0 && options.startRate !== undefined)
    throw new UsageError('--start-rate: goes with --start-epochs; without it nothing is trained before the bound');
  return { startEpochs, startRate: options.startRate ?? 2e-3 };
}

/** Method 3 needs trained weights for its Hessian; others start where the prior is unless told. */
function startEpochsOf({ model, startEpochs }: BoundOptions, trained: boolean, quick: boolean): number {
  if (model !== undefined && startEpochs !== undefined) {
    throw new UsageError('--start-epochs: the posterior starts at --model; give one of the two');
  }
  const needed = trained && model === undefined;
  if (needed && startEpochs === 0) throw new UsageError('--start-epochs: must be a whole number at least 1, got "0"');
  return startEpochs ?? (needed ? (quick ? 2 : 10) : 0);
}
