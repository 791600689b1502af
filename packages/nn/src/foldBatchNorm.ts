import { add, compile, full, mul, type Program, reshape, type Tensor, trace } from '@hyperribbon/autodiff';
import { type ScaleShift, scalesOf, scaleShifts, unview, view, withoutScales } from '@hyperribbon/autodiff/walk';
import { floatArray } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { requireWeights } from './examples.js';
import type { Network, ParameterSpec } from './network.js';
import { networkProgram } from './networkProgram.js';
import { flatten, parameterSpecs, totalSize, unflatten, weightsInOrder } from './parameterLayout.js';

/** A network in evaluation mode whose weights hold what batch norms did behind them. */
export interface FoldedNetwork {
  readonly network: Network;
  /** (network.size,), of the dtype of the weights that were given */
  readonly params: FloatArray;
  /** names of the weights that were scaled */
  readonly folded: readonly string[];
}

/**
 * The same function without the batch norms that follow dense layers and convolutions: y = (W x + b − mean)/√(variance + ε) · γ + β is the layer with
 * weights W s and bias (b − mean) s + β, s = γ/√(variance + ε). So is any scale and shift by constants or parameters. A layer that had no bias
 * gets one, called after its weights (`conv1.weight`: `conv1.bias`); γ and β go where nothing else reads them.
 *
 * Norms, margins and spectra of weights say something of the function only then. The result is for evaluation: its statistics are constants.
 *
 * @param params flat weights (size,)
 * @returns the network itself, and a copy of its weights, where nothing follows a layer that could be folded. Not folded are: weights that are used
 *   twice, outputs that are read before the norm, norms before a layer
 * @throws ArgumentError for weights that do not fit
 * Cost: traces the network for each batch size; equal outputs but for rounding
 * @example
 * foldBatchNorm(net, params).folded; // []: no batch norm follows a layer of this one
 */
export function foldBatchNorm(network: Network, params: FloatArray): FoldedNetwork {
  requireWeights('foldBatchNorm', 'params', network, params);
  const scales = scalesIn(network, 2, 'float64');
  const { found } = scales;
  if (found.length === 0) return { network, params: params.slice(), folded: [] };
  const names = network.parameters.map(({ name }) => name);
  const biases = found.map(({ map }) => (map.bias === undefined ? biasName(names[map.weight], names) : undefined));
  const gone = parametersGone(network, scales, biases);
  const parameters = network.parameters.flatMap(({ name, shape }, i): readonly ParameterSpec[] => {
    const own = found.findIndex(({ map }) => map.weight === i);
    const bias = biases[own];
    const added = bias === undefined ? [] : [{ name: bias, shape: [outputsOf(found[own])] }];
    return gone.has(i) ? [] : [{ name, shape }, ...added];
  });
  const narrower = { name: `${network.name}, batch norms folded`, parameters, size: totalSize(parameters) };
  const scaled = scaler(network, scales, biases);
  const numbers = (whole: FloatArray, dtype: Dtype): FloatArray =>
    flatten(narrower, scaled(floatArray('float64', whole)), floatArray(dtype, narrower.size));
  const { inputs, classes, inputShape, vocabulary } = network;
  return {
    network: {
      ...narrower,
      inputs,
      classes,
      ...(inputShape && { inputShape }),
      ...(vocabulary !== undefined && { vocabulary }),
      init: (seed, dtype = 'float32') => numbers(network.init(seed, 'float64'), dtype),
      apply: (given, x) => {
        const here = scalesIn(network, x.shape[0], x.dtype as Dtype);
        const rows = biases.map((name) => (name === undefined ? undefined : given[name]));
        // what is made of parameters that are gone is read by nothing: any numbers do
        const whole = network.parameters.map(({ name, shape }) => given[name] ?? full(shape, 0, x.dtype));
        return withoutScales(here.program, here.found, [...whole, x], rows)[0];
      },
    },
    params: numbers(params, params.BYTES_PER_ELEMENT === 8 ? 'float64' : 'float32'),
    folded: found.map(({ map }) => names[map.weight]),
  };
}

/** A network's program, and what scales and shifts the outputs of layers whose weights enter nowhere else. */
interface Scales {
  readonly program: Program;
  readonly found: readonly ScaleShift[];
}

function scalesIn(network: Network, batch: number, dtype: Dtype): Scales {
  const { program } = networkProgram(network, batch, dtype);
  const roles = { parameters: network.parameters.map((_, i) => i), examples: network.parameters.length };
  return { program, found: scaleShifts(program, roles).filter(({ map }) => map.alone) };
}

function outputsOf({ map }: ScaleShift): number {
  return map.groups * map.outputs;
}

/** `conv1.bias` for `conv1.weight`; `W1.bias` for `W1`, and for weights whose bias is another one. */
function biasName(weight: string, taken: readonly string[]): string {
  const beside = weight.replace(/(^|\.)weight$/, '$1bias');
  return beside !== weight && !taken.includes(beside) ? beside : `${weight}.bias`;
}

/** Parameters that a network reads only where the scales are that are left out. */
function parametersGone(
  network: Network,
  scales: Scales,
  biases: readonly (string | undefined)[],
): ReadonlySet<number> {
  const { program, found } = scales;
  const specs = program.inputs.map((value) => program.values[value]);
  const rows = found.map((scale) => ({ shape: [outputsOf(scale)], dtype: 'float64' as const }));
  const run = (args: readonly Tensor[], added: readonly Tensor[]): Tensor =>
    withoutScales(
      program,
      found,
      args,
      added.map((row, i) => (biases[i] === undefined ? undefined : row)),
    )[0];
  const after = readInputs(trace(run, [specs, rows]).program);
  const before = readInputs(program);
  return new Set(network.parameters.flatMap((_, i) => (before.has(i) && !after.has(i) ? [i] : [])));
}

/** Numbers of a program's inputs that an equation reads. */
function readInputs({ inputs, equations }: Program): ReadonlySet<number> {
  const read = new Set(equations.flatMap((equation) => equation.inputs));
  return new Set(inputs.flatMap((value, i) => (read.has(value) ? [i] : [])));
}

/** From a network's weights to those of the folded network, by name, in float64; parameters that are gone may be among them. */
function scaler(
  network: Network,
  { program, found }: Scales,
  biases: readonly (string | undefined)[],
): (whole: FloatArray) => Record<string, FloatArray> {
  const names = network.parameters.map(({ name }) => name);
  const scaled = (params: Readonly<Record<string, Tensor>>): Record<string, Tensor> => {
    const rows = scalesOf(program, found, weightsInOrder(network, params));
    const out: Record<string, Tensor> = { ...params };
    found.forEach(({ map }, i) => {
      const { scale, shift } = rows[i];
      const { groups, outputs, weightViews } = map;
      const matrix = view(params[names[map.weight]], weightViews);
      const factors = reshape(scale, groups === 1 ? [outputs] : [groups, 1, outputs]);
      out[names[map.weight]] = unview(mul(matrix, factors), weightViews);
      if (map.bias === undefined) out[biases[i]!] = shift;
      else {
        const bias = params[names[map.bias]];
        out[names[map.bias]] = reshape(add(mul(reshape(bias, scale.shape), scale), shift), bias.shape);
      }
    });
    return out;
  };
  const run = compile(scaled, [parameterSpecs(network, 'float64')], { deterministic: true });
  return (whole) => run(unflatten(network, whole)) as Record<string, FloatArray>;
}
