import { float32, float64, grad, int32, type Spec, type Tensor, vjp } from '@hyperribbon/autodiff';
import { type AnyExamples, floatArray, isArgumentError, refuse } from '@hyperribbon/contract';
import type { DataArray } from '@hyperribbon/autodiff';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { isTargeted } from '../examples.js';
import type { BufferSpec, Network, ParameterSpec, ParameterTensors } from '../network.js';
import { sizeOf, weightsByName } from '../parameterLayout.js';

/** A function of logits (batch, outputs), of labels (batch,) or targets (batch, outputs), and of example weights (batch,) if there are any. */
export type OfLogits = (logits: Tensor, answers: Tensor, weights?: Tensor) => Tensor;

/** What goes into a gradient's program and comes out of it, as plain data. */
export interface GradientLayout {
  readonly rows: number;
  readonly inputs: number;
  readonly dtype: Dtype;
  readonly parameters: readonly Pick<ParameterSpec, 'name' | 'shape'>[];
  /** numbers per target; undefined for labels */
  readonly outputs?: number;
  /** whether examples have weights */
  readonly weighted: boolean;
  /** of training mode; none in evaluation mode */
  readonly buffers: readonly Pick<BufferSpec, 'name' | 'shape'>[];
  /** uniform numbers per example, 0 in evaluation mode */
  readonly draws: number;
}

/** @param training whether the network runs in training mode, if it has one */
export function gradientLayout(
  network: Network,
  rows: number,
  { dtype, training = false }: { readonly dtype: Dtype; readonly training?: boolean },
  like?: AnyExamples,
): GradientLayout {
  const { inputs, parameters, buffers = [], draws = 0 } = network;
  const mode = training && network.applyTraining !== undefined;
  const named = ({ name, shape }: Pick<BufferSpec, 'name' | 'shape'>): Pick<BufferSpec, 'name' | 'shape'> => ({
    name,
    shape,
  });
  return {
    rows,
    inputs,
    dtype,
    parameters: parameters.map(named),
    ...(like !== undefined && isTargeted(like) && { outputs: like.outputs }),
    weighted: like?.weights !== undefined,
    buffers: mode ? buffers.map(named) : [],
    draws: mode ? draws : 0,
  };
}

/**
 * Plans for batches of so many rows; what a network refuses of so few says where they come from.
 *
 * @throws ArgumentError naming batchSize and microBatch: batch norm has no variance of one example
 */
export function planRows<T>(rows: number, { batchSize, microBatch = batchSize }: RowSizes, plan: () => T): T {
  try {
    return plan();
  } catch (error) {
    if (!isArgumentError(error) || rows === microBatch) throw error;
    const cut = microBatch < batchSize ? `a batch that is cut into micro-batches of ${microBatch}` : 'an epoch';
    return refuse(
      'train',
      `${rows} example${rows === 1 ? ' is' : 's are'} left at the end of ${cut}, too few for this network: choose another ` +
        `${microBatch < batchSize ? 'microBatch or batchSize' : 'batchSize'} (${error.message})`,
    );
  }
}

interface RowSizes {
  readonly batchSize: number;
  readonly microBatch?: number;
}

/** Arrays in the order of a program's inputs: weights, inputs, answers, then what else there is. */
interface Ordered<T> {
  readonly weights: readonly T[];
  readonly x: T;
  readonly answers: T;
  readonly exampleWeights: T | undefined;
  readonly buffers: readonly T[];
  readonly uniforms: T | undefined;
}

function ordered<T>({ parameters, buffers, weighted, draws }: GradientLayout, leaves: readonly T[]): Ordered<T> {
  let at = parameters.length;
  const [x, answers] = [leaves[at++], leaves[at++]];
  const exampleWeights = weighted ? leaves[at++] : undefined;
  const ownBuffers = leaves.slice(at, at + buffers.length);
  const uniforms = draws > 0 ? leaves[at + buffers.length] : undefined;
  return { weights: leaves.slice(0, parameters.length), x, answers, exampleWeights, buffers: ownBuffers, uniforms };
}

/** Specs of a program's inputs, in their order. */
export function gradientSpecs({
  rows,
  inputs,
  dtype,
  parameters,
  outputs,
  weighted,
  buffers,
  draws,
}: GradientLayout): Spec[] {
  const spec = dtype === 'float64' ? float64 : float32;
  return [
    ...parameters.map(({ shape }) => spec(...shape)),
    spec(rows, inputs),
    outputs === undefined ? int32(rows) : spec(rows, outputs),
    ...(weighted ? [spec(rows)] : []),
    ...buffers.map(({ shape }) => spec(...shape)),
    ...(draws > 0 ? [spec(rows, draws)] : []),
  ];
}

/**
 * The gradient of a function of a batch's logits by the network's weights, as a function of a program's inputs.
 *
 * @param options.risk scalar, differentiated
 * @returns what is told, logits (rows, outputs), the gradient by every array of weights, and in training mode the buffers after the step
 */
export function gradientFunction(
  network: Network,
  layout: GradientLayout,
  { risk, told }: { readonly risk: OfLogits; readonly told: OfLogits },
): (leaves: readonly Tensor[]) => Tensor[] {
  const inTraining = layout.buffers.length + layout.draws > 0;
  return (leaves) => {
    const { weights, x, answers, exampleWeights, buffers, uniforms } = ordered(layout, leaves);
    const known = Object.fromEntries(layout.buffers.map(({ name }, i) => [name, buffers[i]]));
    const train = (params: ParameterTensors) =>
      network.applyTraining!(params, x, { buffers: known, ...(uniforms && { uniforms }) });
    // the network's forward pass is written twice and shared by the planner: the cotangent of the logits needs the logits
    const forward = (given: readonly Tensor[]): Tensor => {
      const params = weightsByName(layout, given);
      return inTraining ? train(params).logits : network.apply(params, x);
    };
    const logits = forward(weights);
    const cotangent = grad((z: Tensor) => risk(z, answers, exampleWeights))(logits);
    const [, [gradient]] = vjp(forward)([weights], cotangent);
    const after = inTraining ? train(weightsByName(layout, weights)).buffers : {};
    return [
      told(logits, answers, exampleWeights),
      logits,
      ...gradient,
      ...layout.buffers.map(({ name }) => after[name]),
    ];
  };
}

/** Typed arrays for a program's inputs but the weights: to be written before a run. */
export interface GradientInputs {
  /** (rows, features) */
  readonly inputs: FloatArray;
  /** (rows,) */
  readonly labels?: Int32Array;
  /** (rows, outputs) */
  readonly targets?: FloatArray;
  /** (rows,) */
  readonly weights?: FloatArray;
  /** before the step, one after the other */
  readonly buffers: FloatArray;
  /** (rows, draws) */
  readonly uniforms?: FloatArray;
}

/** Numbers in all buffers of training mode. */
export function bufferSize({ buffers }: Pick<GradientLayout, 'buffers'>): number {
  return buffers.reduce((total, { shape }) => total + sizeOf(shape), 0);
}

/** Memory for a program's inputs, and the list of them that its call takes after the weights. */
export function gradientInputs(layout: GradientLayout): { readonly own: GradientInputs; readonly list: DataArray[] } {
  const { rows, inputs, dtype, outputs, weighted, draws } = layout;
  const x = floatArray(dtype, rows * inputs);
  const answers = outputs === undefined ? new Int32Array(rows) : floatArray(dtype, rows * outputs);
  const weights = weighted ? floatArray(dtype, rows) : undefined;
  const buffers = floatArray(dtype, bufferSize(layout));
  const uniforms = draws > 0 ? floatArray(dtype, rows * draws) : undefined;
  const own: GradientInputs = {
    inputs: x,
    ...(outputs === undefined ? { labels: answers as Int32Array } : { targets: answers as FloatArray }),
    ...(weights && { weights }),
    buffers,
    ...(uniforms && { uniforms }),
  };
  const views = pieces(layout.buffers, buffers);
  return {
    own,
    list: [x, answers, ...(weights ? [weights] : []), ...views, ...(uniforms ? [uniforms] : [])] as DataArray[],
  };
}

/** Views of consecutive arrays in one. */
export function pieces<A extends FloatArray>(specs: readonly { readonly shape: readonly number[] }[], flat: A): A[] {
  let at = 0;
  return specs.map(({ shape }) => {
    const view = flat.subarray(at, at + sizeOf(shape)) as A;
    at += view.length;
    return view;
  });
}
