import {
  type AnyExamples,
  type Examples,
  refuse,
  refuseType,
  type TargetExamples,
  typedArrayName,
} from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { requireExampleShape } from './exampleShape.js';
import type { Loss, TokenAnswers } from './losses.js';
import type { Network } from './network.js';
import { totalSize } from './parameterLayout.js';

export type { AnyExamples, Examples, TargetExamples };

/** @throws RangeError for parameters of the same name, and a size that is not that of their shapes */
function requireLayout(caller: string, { name, parameters, size }: Network): void {
  const names = parameters.map((parameter) => parameter.name);
  const twice = names.find((other, i) => names.indexOf(other) < i);
  if (twice !== undefined) refuse(caller, `${name} has two parameters called ${twice}`);
  const total = totalSize(parameters);
  if (size !== total) refuse(caller, `${name} says size ${size}, but its parameters hold ${total} numbers`);
}

/**
 * Checks that labelled examples are what they say and fit a network; every function that takes examples calls it once, or
 * {@link requireAnyExamples} if it can do with targets and example weights.
 *
 * @param dtype what they are computed in, default float64: numbers beyond its range count as infinite
 * @throws RangeError naming the argument, the index and the value. Cost: one pass over the inputs.
 */
export function requireExamples(caller: string, network: Network, examples: Examples, dtype: Dtype = 'float64'): void {
  if (isTargeted(examples))
    refuse(caller, 'examples must have labels, got targets: what is asked for is about classes');
  requireAnyExamples(caller, network, examples, dtype);
  if (examples.weights !== undefined)
    refuse(caller, 'examples must not have weights: all of them count the same in what is asked for');
}

/**
 * Checks examples of either kind: labels or targets, with or without weights.
 *
 * A network of one logit takes labels 0 and 1: which class it means is up to the loss, such as binaryCrossEntropy.
 *
 * @param loss what the targets are for: token numbers where it asks for tokens, else as many numbers as the network has outputs; 'any' where
 * nothing is asked of them
 * @throws RangeError naming the argument, the index and the value. Cost: one pass over the inputs.
 */
export function requireAnyExamples(
  caller: string,
  network: Network,
  examples: AnyExamples,
  dtype: Dtype = 'float64',
  loss?: Loss | 'any',
): void {
  requireLayout(caller, network);
  const { inputs, count, features } = examples;
  if (!(count >= 1) || !Number.isInteger(count)) {
    refuse(caller, `examples must hold at least one example, got count=${count}`);
  }
  requireExampleShape(caller, network, examples);
  if (inputs.length !== count * features) {
    refuse(
      caller,
      `inputs must hold count × features = ${count} × ${features} = ${count * features} numbers, got ${inputs.length}`,
    );
  }
  if (isTargeted(examples)) requireTargets(caller, network, examples, dtype, loss);
  else requireLabels(caller, network, examples);
  requireExampleWeights(caller, examples, dtype);
  if (network.vocabulary !== undefined) requireTokens(caller, network.vocabulary, examples);
  const bad = firstNonFinite(inputs, dtype);
  if (bad >= 0) {
    const [row, column] = [Math.floor(bad / features), bad % features];
    refuse(
      caller,
      `inputs must be finite${within(dtype, inputs[bad])}, got ${inputs[bad]} in example ${row}, feature ${column}`,
    );
  }
}

function requireTokens(caller: string, vocabulary: number, { inputs, features }: AnyExamples): void {
  for (let i = 0; i < inputs.length; i++) {
    const token = inputs[i];
    if (!(token >= 0 && token < vocabulary && Number.isInteger(token)))
      refuse(
        caller,
        `inputs must be tokens, whole numbers in [0, ${vocabulary}), got ${token} in example ${Math.floor(i / features)}, place ${i % features}`,
      );
  }
}

/** Whether examples have targets and not labels. */
export function isTargeted(examples: AnyExamples): examples is TargetExamples {
  return 'targets' in examples && examples.targets !== undefined;
}

function requireLabels(caller: string, network: Network, { labels, count }: Examples): void {
  if (typedArrayName(labels) !== 'Int32Array')
    refuseType(caller, 'labels', 'an Int32Array (Int32Array.from(labels))', labels);
  if (labels.length !== count) {
    refuse(caller, `labels must hold count = ${count} class numbers, got ${labels.length}`);
  }
  const classes = Math.max(2, network.classes);
  for (let i = 0; i < count; i++) {
    const label = labels[i];
    if (!(label >= 0 && label < classes)) {
      refuse(caller, `labels[${i}] must be in [0, ${classes}), the classes of ${network.name}, got ${label}`);
    }
  }
}

function requireTargets(
  caller: string,
  network: Network,
  examples: TargetExamples,
  dtype: Dtype,
  loss: Loss | 'any' | undefined,
): void {
  const { targets, outputs, count } = examples;
  if ('labels' in examples) refuse(caller, 'examples must have labels or targets, got both');
  const tokens = loss === 'any' ? undefined : loss?.tokens;
  const positions = tokens?.positions;
  if (positions !== undefined && outputs !== positions) {
    refuse(caller, `loss asks for ${positions} tokens of every example, got targets with ${outputs}`);
  }
  if (tokens === undefined && loss !== 'any' && outputs !== network.classes) {
    refuse(caller, `${network.name} has ${network.classes} outputs, got targets with ${outputs}`);
  }
  if (targets.length !== count * outputs) {
    refuse(caller, `targets must hold count × outputs = ${count * outputs} numbers, got ${targets.length}`);
  }
  const bad = firstNonFinite(targets, dtype);
  if (bad >= 0) refuse(caller, `targets must be finite${within(dtype, targets[bad])}, got ${targets[bad]} at ${bad}`);
  if (tokens !== undefined) requireTokenTargets(caller, network, examples, tokens);
}

function requireTokenTargets(
  caller: string,
  { classes }: Network,
  { targets }: TargetExamples,
  { positions, ignore }: TokenAnswers,
): void {
  const vocabulary = classes / positions;
  let asked = 0;
  for (let i = 0; i < targets.length; i++) {
    const token = targets[i];
    if (token !== ignore) {
      asked++;
      if (!(token >= 0 && token < vocabulary && Number.isInteger(token)))
        refuse(
          caller,
          `targets must be tokens, whole numbers in [0, ${vocabulary}) or ${ignore} where none is asked for, got ${token} in example ` +
            `${Math.floor(i / positions)}, place ${i % positions}`,
        );
    }
    if ((i + 1) % positions === 0) {
      if (asked === 0)
        refuse(
          caller,
          `every example must ask for a token, example ${Math.floor(i / positions)} has ${ignore} everywhere`,
        );
      asked = 0;
    }
  }
}

function requireExampleWeights(caller: string, { weights, count }: AnyExamples, dtype: Dtype): void {
  if (weights === undefined) return;
  if (weights.length !== count) refuse(caller, `weights must hold count = ${count} numbers, got ${weights.length}`);
  const finite = firstNonFinite(weights, dtype);
  const bad = finite >= 0 ? finite : weights.findIndex((weight) => weight < 0);
  if (bad >= 0) refuse(caller, `weights must be finite and ≥ 0, got ${weights[bad]} for example ${bad}`);
  if (!(totalWeight({ weights, count }) > 0)) refuse(caller, 'weights must not all be 0');
}

/** Σ wᵢ: what means over examples are divided by. */
export function totalWeight({ weights, count }: Pick<AnyExamples, 'weights' | 'count'>): number {
  if (weights === undefined) return count;
  let total = 0;
  for (const weight of weights) total += weight;
  return total;
}

/**
 * Checks flat weights against a network.
 *
 * @throws RangeError naming the array, the index in it, and the value
 */
export function requireWeights(
  caller: string,
  argument: string,
  network: Network,
  weights: FloatArray,
  dtype: Dtype = 'float64',
): void {
  requireLayout(caller, network);
  if (weights.length !== network.size) {
    refuse(caller, `${argument} must hold the ${network.size} weights of ${network.name}, got ${weights.length}`);
  }
  const bad = firstNonFinite(weights, dtype);
  if (bad < 0) return;
  let offset = 0;
  for (const { name, shape } of network.parameters) {
    const length = shape.reduce((product, extent) => product * extent, 1);
    if (bad < offset + length) {
      refuse(
        caller,
        `${argument} must be finite${within(dtype, weights[bad])}, got ${weights[bad]} at index ${bad} (${name}[${bad - offset}])`,
      );
    }
    offset += length;
  }
}

function within(dtype: Dtype, value: number): string {
  return Number.isFinite(value) ? ` in ${dtype}` : '';
}

/** Index of the first number that is NaN or infinite in the dtype, −1 if there is none. */
export function firstNonFinite(values: FloatArray, dtype: Dtype = 'float64'): number {
  const single = dtype === 'float32';
  for (let i = 0; i < values.length; i++) {
    const value = single ? Math.fround(values[i]) : values[i];
    // x − x is 0 for finite x only: one comparison without a call
    if (value - value !== 0) return i;
  }
  return -1;
}
