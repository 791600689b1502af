import { abs, compile, div, float64, max, maximum, mul, reshape, sqrt, sum, type Tensor } from '@hyperribbon/autodiff';
import { tap } from '@hyperribbon/autodiff/walk';
import {
  type Examples,
  refuse,
  requireInteger,
  requireNoOthers,
  requireOneOf,
  watch,
  type WatchOptions,
} from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import {
  type Network,
  networkProgram,
  parameterSpecs,
  type ParameterTensors,
  requireExamples,
  requireWeights,
  rowsWithin,
  unflatten,
  weightsInOrder,
} from '@hyperribbon/nn';
import { chainOf } from './chain.js';
import { hypotenuse, lengthOf } from './hypotenuse.js';
import type { SampleNorms } from './networkNorms.js';

export interface SampleNormsOptions extends WatchOptions {
  /** examples per run of the plan, default 250, or fewer where their patches would take more than 128 MB */
  readonly chunkSize?: number;
  /** as of `networkNorms`: layers of both results are the same; default true */
  readonly merge?: boolean;
  /** as of `networkNorms`: 'homogeneous' counts a constant 1 among the inputs of every layer; default 'left-out' */
  readonly biases?: 'left-out' | 'homogeneous';
}

/**
 * The norms of a sample, and what a network makes of it: margins, and the largest patches that its layers read.
 *
 * Batch norms are folded and layers merged as in `networkNorms`, so that `largestPatches` has an entry for each of its layers.
 *
 * @param params (size,) flat weights
 * @param examples labelled; of a network with one output the label is whether it should be above 0, its margin ± that output
 * @throws ArgumentError for weights and examples that do not fit, targets, tokens, and weights of examples; AbortError
 * Cost: one run of the network in float64 over all examples, and a sum over the patches of each layer
 * @example
 * const two = { inputs: Float64Array.of(3, 4, 0, 1), labels: Int32Array.of(0, 1), count: 2, features: 2, classes: 2 };
 * const linear = mlp([2, 2]); // weights (in, out), then biases
 * const { radius, margins } = await sampleNorms(linear, Float64Array.of(1, 0, 0, 1, 0, 0), two);
 * [radius, margins]; // [5, [-1, 1]]
 */
export async function sampleNorms(
  network: Network,
  params: FloatArray,
  examples: Examples,
  options: SampleNormsOptions = {},
): Promise<SampleNorms> {
  const { chunkSize, merge = true, biases = 'left-out', signal, onProgress, ...others } = options;
  requireNoOthers('sampleNorms', others, 'SampleNormsOptions');
  requireWeights('sampleNorms', 'params', network, params);
  requireExamples('sampleNorms', network, examples);
  requireOneOf('sampleNorms', 'biases', biases, ['left-out', 'homogeneous']);
  if (chunkSize !== undefined) requireInteger('sampleNorms', 'chunkSize', chunkSize, 1);
  if (network.vocabulary !== undefined)
    refuse(
      'sampleNorms',
      `the inputs of ${network.name} are tokens, whose numbers have no norm; take the norms of its layers by networkNorms`,
    );
  const { network: folded, params: weights, layers } = chainOf('sampleNorms', network, params, { merge });
  const firsts = layers.map(({ first }) => first);
  const { layers: maps } = networkProgram(folded, 2);
  const widest = Math.max(...maps.map(({ groups, inputs, positions }) => groups * inputs * positions));
  const size = Math.min(examples.count, chunkSize ?? rowsWithin(250, widest));
  const found = new Collector(examples, layers.length, maps[firsts[0]].positions);
  const values = unflatten(folded, Float64Array.from(weights));
  const between = watch('sampleNorms', examples.count, { signal, onProgress }, () => found.done);
  let run = runFor(folded, firsts, size);
  for (let from = 0; from < examples.count; from += size) {
    await between();
    const rows = Math.min(size, examples.count - from);
    if (rows !== size) run = runFor(folded, firsts, rows);
    found.add(run(values, examples.inputs.subarray(from * examples.features, (from + rows) * examples.features)), rows);
  }
  return biases === 'homogeneous' ? withConstant(found.norms()) : found.norms();
}

/** The same with a 1 beside the features of every example, and beside what every layer reads. */
function withConstant(norms: SampleNorms): SampleNorms {
  const { count, features, radius, frobenius, largestEntry, largestFeature, largestPatches, patchFrobenius } = norms;
  return {
    ...norms,
    features: features + 1,
    radius: hypotenuse(radius, 1),
    frobenius: hypotenuse(frobenius, Math.sqrt(count)),
    largestEntry: Math.max(1, largestEntry),
    largestFeature: Math.max(count, largestFeature),
    largestPatches: largestPatches.map((norm) => hypotenuse(norm, 1)),
    patchFrobenius: hypotenuse(patchFrobenius, Math.sqrt(count)),
  };
}

/**
 * Logits (rows, classes), and of each layer the 2-norms of its patches: (rows · positions,), or (groups · rows · positions,), positions of an example beside
 * each other.
 */
type Run = (values: Readonly<Record<string, Float64Array>>, x: FloatArray) => readonly Float64Array[];

function runFor(network: Network, firsts: readonly number[], rows: number): Run {
  const { program, layers } = networkProgram(network, rows);
  const chosen = firsts.map((first) => layers[first]);
  const forward = (params: ParameterTensors, x: Tensor): Tensor[] => {
    const { outputs, taps } = tap(program, chosen, [...weightsInOrder(network, params), x]);
    return [outputs[0], ...taps.map(({ input }) => rowNorms(input))];
  };
  const specs = [parameterSpecs(network, 'float64'), float64(rows, network.inputs)] as const;
  const compiled = compile(forward, [...specs], { deterministic: true });
  return (values, x) => compiled(values, Float64Array.from(x)) as readonly Float64Array[];
}

/** 2-norms along the last axis, without over- or underflow. */
function rowNorms(x: Tensor): Tensor {
  const last = x.shape.length - 1;
  const largest = maximum(max(abs(x), last, { keepDims: true }), 1e-300);
  const scaled = div(x, largest);
  const norms = mul(sqrt(sum(mul(scaled, scaled), last, { keepDims: true })), largest);
  return reshape(norms, [norms.shape.reduce((product, length) => product * length, 1)]);
}

/** What is summed and maximised over chunks. */
class Collector {
  done = 0;
  private readonly margins: Float64Array;
  private readonly patches: Float64Array;
  /** (positions,) Σ (‖patch_j(x_i)‖ / radius)² */
  private readonly places: Float64Array;
  private readonly examples: Examples;
  private readonly inputs: ReturnType<typeof inputNorms>;
  private largestOutput = 0;

  constructor(examples: Examples, layers: number, positions: number) {
    this.examples = examples;
    this.inputs = inputNorms(examples);
    this.margins = new Float64Array(examples.count);
    this.patches = new Float64Array(layers);
    this.places = new Float64Array(positions);
  }

  add([logits, ...patches]: readonly Float64Array[], rows: number): void {
    const classes = logits.length / rows;
    for (let i = 0; i < rows; i++) {
      const row = logits.subarray(i * classes, (i + 1) * classes);
      this.margins[this.done + i] = marginOf(row, this.examples.labels[this.done + i]);
      this.largestOutput = Math.max(this.largestOutput, lengthOf(row));
    }
    patches.forEach((norms, layer) => {
      for (let k = 0; k < norms.length; k++) if (!(norms[k] <= this.patches[layer])) this.patches[layer] = norms[k];
    });
    const { places } = this;
    const positions = places.length;
    const radius = this.inputs.radius || 1;
    patches[0].forEach((norm, k) => {
      places[k % positions] += (norm / radius) * (norm / radius);
    });
    this.done += rows;
  }

  norms(): SampleNorms {
    const { count, features } = this.examples;
    return {
      count,
      features,
      ...this.inputs,
      margins: this.margins,
      largestOutput: this.largestOutput,
      largestPatches: this.patches,
      patchFrobenius: Math.sqrt(Math.max(...this.places)) * this.inputs.radius,
    };
  }
}

/** f(x)_y − max over j ≠ y of f(x)_j; of a single output ± it. */
function marginOf(row: Float64Array, label: number): number {
  if (row.length === 1) return label === 1 ? row[0] : -row[0];
  let other = -Infinity;
  for (let j = 0; j < row.length; j++) if (j !== label && !(row[j] <= other)) other = row[j];
  return row[label] - other;
}

/** Sums of squares are taken of the numbers over the largest of them: nothing over- or underflows. */
function inputNorms({
  inputs,
  count,
  features,
}: Examples): Pick<SampleNorms, 'radius' | 'frobenius' | 'largestEntry' | 'largestFeature'> {
  let largestEntry = 0;
  for (let i = 0; i < inputs.length; i++) largestEntry = Math.max(largestEntry, Math.abs(inputs[i]));
  const scale = largestEntry || 1;
  const columns = new Float64Array(features);
  let [largest, total] = [0, 0];
  for (let i = 0, k = 0; i < count; i++) {
    let row = 0;
    for (let j = 0; j < features; j++, k++) {
      const x = inputs[k] / scale;
      row += x * x;
      columns[j] += x * x;
    }
    largest = Math.max(largest, row);
    total += row;
  }
  return {
    radius: Math.sqrt(largest) * scale,
    frobenius: Math.sqrt(total) * scale,
    largestEntry,
    largestFeature: columns.reduce((most, x) => Math.max(most, x), 0) * scale * scale,
  };
}
