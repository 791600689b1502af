import { mean, type Program, reshape, type Tensor } from '@hyperribbon/autodiff';
import { type AffineMap, tap } from '@hyperribbon/autodiff/walk';
import { type FloatArray, floatArray, requireInteger, requireNoOthers, requireOneOf } from '@hyperribbon/contract';
import type { Dtype } from '@hyperribbon/kernels';
import {
  type Examples,
  type Network,
  type ParameterTensors,
  networkProgram,
  requireExamples,
  requireWeights,
  runInBatches,
  weightsInOrder,
} from '@hyperribbon/nn';
import type { FeatureRows } from './labelledFeatures.js';

/** How a network is run over examples. */
export interface FeatureOptions {
  /** default float64 */
  readonly dtype?: Dtype;
  /** default true: the same bits in every runtime */
  readonly deterministic?: boolean;
  /** examples that run at once, default 200 */
  readonly chunkSize?: number;
}

/** A network at some weights with what it is asked about, checked. */
export interface Run {
  readonly network: Network;
  readonly params: FloatArray;
  readonly examples: Examples;
  readonly settings: { readonly dtype: Dtype; readonly deterministic: boolean; readonly batchSize: number };
  /** classes of the labels: a network of one output has two */
  readonly classes: number;
}

export function settledRun(
  caller: string,
  network: Network,
  params: FloatArray,
  examples: Examples,
  { dtype = 'float64', deterministic = true, chunkSize = 200, ...others }: FeatureOptions,
  type: string,
): Run {
  requireNoOthers(caller, others, type);
  requireOneOf(caller, 'dtype', dtype, ['float32', 'float64']);
  requireInteger(caller, 'chunkSize', chunkSize, 1);
  requireWeights(caller, 'params', network, params, dtype);
  requireExamples(caller, network, examples, dtype);
  const settings = { dtype, deterministic, batchSize: chunkSize };
  return { network, params, examples, settings, classes: Math.max(2, network.classes) };
}

/** Something that a network makes of every example: the input of an affine map, or its outputs. */
export interface Representation {
  /** the affine maps that the network has done by then */
  readonly depth: number;
  /** name of the weights that read it; 'outputs' of what the network gives */
  readonly into: string;
  /** numbers per example */
  readonly width: number;
  /** place among all that the network has */
  readonly index: number;
}

/** A program of the values that enter affine maps, each once, and of the outputs; and how deep each lies. */
interface Taps {
  readonly program: Program;
  readonly names: readonly string[];
  readonly depths: readonly number[];
}

function tapsOf(network: Network, batch: number, dtype: Dtype): Taps {
  const { program, layers } = networkProgram(network, batch, dtype);
  const makers = new Map(program.equations.map((equation) => [equation.output, equation]));
  const values: number[] = [];
  const names: string[] = [];
  const depths: number[] = [];
  layers.forEach(({ input, weight }, i) => {
    // the patches that a convolution reads hold every number of the image many times
    const maker = makers.get(input);
    const value = maker?.op === 'im2col' ? maker.inputs[0] : input;
    if (values.includes(value)) return;
    values.push(value);
    names.push(network.parameters[weight].name);
    depths.push(i);
  });
  const outputs = [...values, ...program.outputs.slice(0, 1)];
  return { program: { ...program, outputs }, names: [...names, 'outputs'], depths: [...depths, layers.length] };
}

/** What a network makes of examples, from its inputs to its outputs. */
export function representations({ network, settings: { dtype } }: Run): readonly Representation[] {
  const { program, names, depths } = tapsOf(network, 1, dtype);
  return program.outputs.map((value, index) => ({
    index,
    depth: depths[index],
    into: names[index],
    width: program.values[value].shape.reduce((size, extent) => size * extent, 1),
  }));
}

/** Runs the network over all examples and gives some of its representations, (rows, width) each, part by part. */
function eachRepresentation(
  { network, params, examples, settings }: Run,
  chosen: readonly Representation[],
  take: (features: readonly FloatArray[], first: number) => void,
): void {
  runInBatches(
    network,
    params,
    examples,
    settings,
    (rows) => {
      const { program } = tapsOf(network, rows, settings.dtype);
      const outputs = chosen.map(({ index }) => program.outputs[index]);
      return (weights: ParameterTensors, x: Tensor): readonly Tensor[] =>
        tap({ ...program, outputs }, [], [...weightsInOrder(network, weights), x]).outputs.map((value, i) =>
          reshape(value, [rows, chosen[i].width]),
        );
    },
    (features, first) => take(features as readonly FloatArray[], first),
  );
}

/**
 * Representations as rows of features. As many of them as fit in memory together come out of one run of the network; one that does not fit alone makes it
 * run whenever it is read.
 *
 * @param memoryLimit bytes
 */
export function* representationRows(
  run: Run,
  memoryLimit: number,
): Generator<{ readonly representation: Representation; readonly rows: FeatureRows }> {
  const { examples, classes, settings } = run;
  const { count, labels } = examples;
  const bytes = ({ width }: Representation): number => count * width * (settings.dtype === 'float64' ? 8 : 4);
  const all = representations(run);
  for (let from = 0; from < all.length; ) {
    let to = from;
    let total = 0;
    while (to < all.length && total + bytes(all[to]) <= memoryLimit) total += bytes(all[to++]);
    const group = all.slice(from, to);
    const kept = group.map(({ width }) => floatArray(settings.dtype, count * width));
    if (group.length > 0)
      eachRepresentation(run, group, (features, first) =>
        features.forEach((rows, i) => kept[i].set(rows, first * group[i].width)),
      );
    for (const [i, representation] of group.entries()) {
      const { width } = representation;
      yield { representation, rows: { labels, count, width, classes, each: (take) => take(kept[i], 0) } };
    }
    if (to === from) {
      const representation = all[to++];
      const { width } = representation;
      const each: FeatureRows['each'] = (take) =>
        eachRepresentation(run, [representation], ([features], first) => take(features, first));
      yield { representation, rows: { labels, count, width, classes, each } };
    }
    from = to;
  }
}

/** What enters a network's last affine map, and what the network makes of it. */
export interface LastFeatures {
  readonly map: AffineMap;
  /** (count, width) mean over the places where the map is applied */
  readonly features: FloatArray;
  /** (count, outputs) */
  readonly logits: FloatArray;
}

/** One run over all examples. */
export function lastFeatures({ network, params, examples, settings }: Run, map: AffineMap): LastFeatures {
  const { dtype } = settings;
  const { count } = examples;
  const { inputs: width, positions } = map;
  const features = floatArray(dtype, count * width);
  const logits = floatArray(dtype, count * network.classes);
  runInBatches(
    network,
    params,
    examples,
    settings,
    (rows) => {
      const { program, maps } = networkProgram(network, rows, dtype);
      return (weights: ParameterTensors, x: Tensor) => {
        const { outputs, taps } = tap(program, [maps[maps.length - 1]], [...weightsInOrder(network, weights), x]);
        const [{ input }] = taps;
        return [positions === 1 ? input : mean(reshape(input, [rows, positions, width]), [1]), outputs[0]] as const;
      };
    },
    ([h, z], first) => {
      features.set(h as FloatArray, first * width);
      logits.set(z as FloatArray, first * network.classes);
    },
  );
  return { map, features, logits };
}
