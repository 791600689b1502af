import { type Tensor, slice } from '@hyperribbon/autodiff';
import { refuse } from '@hyperribbon/contract';
import { type Decoder, Mismatch, arrayOf, decode, maybe, object, text } from '@hyperribbon/contract/decode';
import { defineNetwork } from '../defineNetwork.js';
import type { Network } from '../network.js';
import { sizeOf, totalSize } from '../parameterLayout.js';
import { longest, size } from './fields.js';
import { flattened, unflattened } from './flatten.js';
import type { Pass } from './module.js';
import { type Module, buildModules, readModules } from './table.js';

/** A network as plain data: modules one after the other. */
export interface Stack {
  /** a label for people, default `stack` */
  readonly name?: string;
  /** lengths of one example: [features], [positions, features] or [channels, height, width] */
  readonly input: readonly number[];
  /** where inputs are tokens, [positions], how many there are */
  readonly vocabulary?: number;
  readonly layers: readonly Module[];
}

/** A gigabyte of weights, four of which an optimiser needs. */
const mostWeights = 2 ** 28;

const lengthsOfExample: Decoder<readonly number[]> = (value, path) => {
  const found = arrayOf(size)(value, path);
  if (found.length < 1 || found.length > 3 || sizeOf(found) > longest)
    throw new Mismatch(path, 'one to three lengths with a product of at most 2^24', value);
  return found;
};

const fields = { name: maybe(text), input: lengthsOfExample, vocabulary: maybe(size), layers: readModules };

const readStack: Decoder<Stack> = (value, path) => {
  const found = object(fields)(value, path);
  const strange = Object.keys(value as object).find((key) => !Object.hasOwn(fields, key));
  if (strange === undefined) return found;
  throw new Mismatch(strange, `absent (a stack has ${Object.keys(fields).join(', ')})`, (value as never)[strange]);
};

/**
 * A network of modules one after the other. What leaves the last one, row by row, are the logits.
 *
 * Arrays are called as in PyTorch: a module's name, or else its number, before those of its own (`0.weight`, `bn1.running_mean`);
 * convolutions are (out, in, kh, kw), dense weights (in, out). Everything starts as in PyTorch unless a module says otherwise. The
 * description is data, which JSON keeps: see {@link parseStack}.
 *
 * @throws RecordFormatError for a description that is none, ArgumentError where modules do not fit one another; both begin with the place
 * Cost: that of tracing the network once
 * @example
 * const net = stack({
 *   input: [1, 28, 28],
 *   layers: [
 *     { kind: 'conv2d', out: 8, kernel: 3, stride: 2, padding: 1 },
 *     { kind: 'relu' },
 *     { kind: 'globalAveragePool' },
 *     { kind: 'linear', out: 10 },
 *   ],
 * });
 * net.parameters.map(({ name }) => name); // ['0.weight', '0.bias', '3.weight', '3.bias']
 */
export function stack(description: Stack): Network {
  return stackFrom('stack', description);
}

/**
 * A network from the JSON of a stack, as a file holds it.
 *
 *     { "input": [1, 28, 28],
 *       "layers": [
 *         { "kind": "conv2d", "name": "conv1", "out": 8, "kernel": 3, "padding": 1, "bias": false },
 *         { "kind": "batchNorm", "name": "bn1" },
 *         { "kind": "relu" },
 *         { "kind": "residual", "branch": [{ "kind": "conv2d", "out": 8, "kernel": 3, "padding": 1 }, { "kind": "relu" }] },
 *         { "kind": "globalAveragePool" },
 *         { "kind": "linear", "name": "fc", "out": 10 } ] }
 *
 * Kinds and their properties are those of {@link Module}. What is not known is refused, and so is what would be too large, before anything is
 * allocated: lengths above 2^24, more than 2^26 numbers per example between two modules, or more than 2^28 weights.
 *
 * @param json text, or what JSON.parse made of it
 * @throws RecordFormatError that names the place, such as `layers[3].kernel`, and what was expected there; ArgumentError where modules do not
 * fit one another
 * @example
 * parseStack('{ "input": [4], "layers": [{ "kind": "linear", "out": 3 }] }').size; // 15
 */
export function parseStack(json: unknown): Network {
  return stackFrom('parseStack', json);
}

/**
 * The modules that a network is made of: what {@link stack} makes it of, for models too. JSON keeps it. Values of buffers are not in it.
 *
 * @returns undefined for networks that are functions of tensors: mlp, lenet, those of defineNetwork
 * @example
 * const colours = stack({ ...stackOf(resnet(8, { image: [1, 28, 28] })), input: [3, 32, 32] });
 */
export function stackOf({ description }: Network): Stack | undefined {
  return description === undefined ? undefined : decode('stackOf', readStack, description);
}

/**
 * The same for a caller that reads descriptions of others, or makes them of a short text.
 *
 * @param architecture the text, default the description itself
 */
export function stackFrom(caller: string, description: unknown, architecture?: string): Network {
  const found = decode(caller, readStack, description);
  const { input, layers, vocabulary, name = 'stack' } = found;
  const built = buildModules(
    layers,
    { caller, place: '', name: '', shape: input, vocabulary, before: new Map() },
    'layers',
  );
  const { shape, parameters = [], buffers = [], draws = 0 } = built;
  if (totalSize(parameters) > mostWeights) refuse(caller, `${totalSize(parameters)} weights are more than 2^28`);
  const run = (x: Tensor, pass: Pass): Tensor => flattened(built.apply(unflattened(x, input), pass), shape);
  const applyTraining: NonNullable<Network['applyTraining']> = (params, x, { buffers: known, uniforms }) => {
    const renewed: Record<string, Tensor> = { ...known };
    let taken = 0;
    const training: Pass['training'] = {
      renew: (buffer, value) => void (renewed[buffer] = value),
      uniforms(count) {
        if (uniforms === undefined) return refuse(caller, `${name} draws ${draws} numbers per example, got none`);
        taken += count;
        return slice(uniforms, [0, taken - count], [x.shape[0], taken]);
      },
    };
    return { logits: run(x, { params, buffers: known, training }), buffers: renewed };
  };
  return defineNetwork({
    name,
    architecture: architecture ?? JSON.stringify(found),
    description: found,
    inputs: sizeOf(input),
    inputShape: input,
    classes: sizeOf(shape),
    parameters,
    buffers,
    draws,
    ...(vocabulary !== undefined && { vocabulary }),
    apply: (params, x, known) => run(x, { params, buffers: known }),
    ...(buffers.length + draws > 0 && { applyTraining }),
  });
}
