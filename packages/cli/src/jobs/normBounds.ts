import {
  type AllBounds,
  allBounds,
  type Cushions,
  cushions,
  logValueOf,
  type NetworkNorms,
  networkNorms,
  pathNorm,
  rankNotions,
  type RankNotions,
  type SampleNorms,
  sampleNorms,
} from '@hyperribbon/complexity';
import { isArgumentError, sentenceOf } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { type Examples, type Network, networkFromData } from '@hyperribbon/nn';
import type { JobContext } from '@hyperribbon/study';
import type { Model } from '../input/model.js';

/** Norms of a network and its sample, and every bound that is made of them. */
export interface NormBoundsJob {
  readonly model: Model;
  /** (size,) weights that changes are taken from */
  readonly reference?: FloatArray;
  readonly examples: Examples;
  readonly delta: number;
  readonly c1: number;
  readonly c2: number;
}

export interface NormBoundsResult {
  /** biases are weights of a constant input where that makes theorems hold */
  readonly network: NetworkNorms;
  readonly sample: SampleNorms;
  /** matrices of filters as they are, without biases */
  readonly filters: readonly NetworkNorms['layers'][number][];
  /** of each layer's matrix of filters */
  readonly ranks: readonly RankNotions[];
  readonly bounds: AllBounds;
  /** sentences: bounds that were not taken, and why */
  readonly leftOut: readonly string[];
}

export async function runNormBounds(
  { model, reference, examples, ...limits }: NormBoundsJob,
  { signal, report }: JobContext,
): Promise<NormBoundsResult> {
  const network = networkFromData(model.network);
  const { params } = model;
  const options = { ...(reference && { reference }), signal };
  const plain = await networkNorms(network, params, options);
  const constant = onlyBiasesAreOutside(plain);
  const norms = constant ? await networkNorms(network, params, { ...options, biases: 'homogeneous' }) : plain;
  const sample = await sampleNorms(network, params, examples, {
    signal,
    ...(constant ? { biases: 'homogeneous' } : {}),
    onProgress: ({ done, of }) => report({ done, of, detail: `margins of ${done} of ${of} examples` }),
  });
  const { logPathNorm, found, leftOut } = byRunning(network, params, examples, plain);
  const all = allBounds(norms, sample, { ...limits, ...logPathNorm, ...(constant ? {} : found) });
  return {
    network: norms,
    sample,
    filters: plain.layers,
    ranks: plain.layers.map(({ filters: { singularValues = new Float64Array(0), rows, columns } }) =>
      rankNotions(singularValues, { rows, columns }),
    ),
    bounds: constant
      ? together(all, allBounds(plain, { ...sample, features: plain.inputs }, { ...limits, ...found }))
      : all,
    leftOut,
  };
}

/** Whether the theorems hold as soon as biases are weights. */
function onlyBiasesAreOutside({ layers, outside }: NetworkNorms): boolean {
  return outside.length === 1 && layers.some(({ biases }) => biases > 0);
}

/** Multiplications that cushions may take: some ten seconds. */
const cushionWork = 4e9;

/** What needs the network itself: the limit on its path norms, and cushions on as many examples as there is time for. */
function byRunning(
  network: Network,
  params: FloatArray,
  examples: Examples,
  { layers, parameters }: NetworkNorms,
): { readonly logPathNorm?: object; readonly found?: { readonly cushions: Cushions }; readonly leftOut: string[] } {
  const leftOut: string[] = [];
  // the sum over outputs limits the largest of them
  const { logNorm, undefinedBecause } = pathNorm(network, params, { power: 1 });
  if (undefinedBecause !== undefined) leftOut.push(`The bound by path norms is left out: ${undefinedBecause}.`);
  const path = undefinedBecause === undefined ? { logPathNorm: { logPathNorm: logNorm } } : {};
  const rows = layers.slice(1).reduce((sum, { map }) => sum + map.rows, 0);
  const places = Math.max(...layers.map(({ positions }) => positions));
  const limit = Math.min(16, Math.floor(cushionWork / Math.max(1, rows * parameters * Math.sqrt(places))));
  if (limit === 0) {
    leftOut.push(
      `The bound by compression is left out: its Jacobians of ${rows} rows are too much work for this network.`,
    );
    return { ...path, leftOut };
  }
  try {
    return { ...path, found: { cushions: cushions(network, params, examples, { limit }) }, leftOut };
  } catch (error) {
    if (!isArgumentError(error)) throw error;
    leftOut.push(`The bound by compression is left out: ${sentenceOf(error)}`);
    return { ...path, leftOut };
  }
}

/** Where biases count as weights, but not in bounds that know layers without them: numbers of published code, cushions. */
function together(withConstant: AllBounds, plain: AllBounds): AllBounds {
  const ofLayers = plain.bounds.filter(({ name }) => /^(?:neyshabur-code|arora-2018)-/u.test(name));
  const others = withConstant.bounds
    .filter(({ name }) => ofLayers.every((bound) => bound.name !== name))
    .map((bound) => ({ ...bound, assumptions: [...bound.assumptions, constantInput] }));
  const keys = new Map([...others, ...ofLayers].map((bound) => [bound, logValueOf(bound)]));
  const key = (bound: AllBounds['bounds'][number]): number => {
    const value = keys.get(bound)!;
    return Number.isNaN(value) ? Infinity : value;
  };
  const bounds = [...keys.keys()].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  return { ...withConstant, bounds };
}

const constantInput =
  'Biases are weights of a constant input 1 that every layer hands on: norms are those of matrices with a row and a column more.';
