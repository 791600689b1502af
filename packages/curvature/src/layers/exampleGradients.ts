import { compile, float32, float64, programCost, type Tensor, trace } from '@hyperribbon/autodiff';
import { floatArray, MemoryLimitError, requireInteger } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import {
  type AnyExamples,
  type Answers,
  answersOf,
  type Loss,
  type Network,
  parameterSpecs,
  type ParameterTensors,
  planBatches,
  softmaxCrossEntropy,
  unflatten,
} from '@hyperribbon/nn';
import { resolveOptions } from '../curvatureOptions.js';
import { scoped } from '../operators/scoped.js';
import type { ExampleJacobianOptions } from './exampleJacobian.js';
import { gradientRows } from './gradientRows.js';
import { numberPerExample } from './numberPerExample.js';

/** The gradient of a number of each example, as a matrix. */
export interface ExampleGradients {
  /** number of examples */
  readonly rows: number;
  /** number of weights, of those that were chosen */
  readonly columns: number;
  /** (rows, columns) row-major, of the dtype */
  readonly matrix: FloatArray;
  /** bytes of the matrix and of the plan that filled it */
  readonly bytes: number;
}

/**
 * The gradients by the weights of a number of every example, formed: for statistics that need each of them. {@link exampleJacobian} is the same matrix as
 * an operator that is never formed, {@link gramMatrix} the matrix of their products.
 *
 * @param params flat weights (size,)
 * @param options `of` which number, a loss (default softmaxCrossEntropy) or a logit; `parameters` which columns; `chunkSize` examples at a time, default as
 * many as fill 64 MB with gradients
 * @throws ArgumentError for weights, examples or options that do not fit; MemoryLimitError before anything runs where `bytes` would be above memoryLimit
 * Cost: that of one gradient for each example; `bytes` = count · columns numbers, and about three times a chunk's rows
 * @example
 * const { matrix, rows, columns } = exampleGradients(net, run.params, digits.test, { parameters: /^W2$/ });
 */
export function exampleGradients(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  options: ExampleJacobianOptions = {},
): ExampleGradients {
  const caller = 'exampleGradients';
  const found = rowsOf(caller, network, params, examples, options, true);
  const { columns, dtype, bytes } = found;
  const matrix = floatArray(dtype, examples.count * columns);
  found.each((parts, first, rows) => {
    let offset = 0;
    for (const part of parts) {
      const length = part.length / rows;
      for (let i = 0; i < rows; i++)
        matrix.set(part.subarray(i * length, (i + 1) * length), (first + i) * columns + offset);
      offset += length;
    }
  });
  return { rows: examples.count, columns, matrix, bytes };
}

/**
 * ‖g_i‖ of the gradient g_i by the weights of a number of every example; no more than a chunk of gradients is formed at a time.
 *
 * @returns (count,) float64
 * @throws as {@link exampleGradients}
 * @example
 * const norms = exampleGradientNorms(net, run.params, digits.train);
 */
export function exampleGradientNorms(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  options: ExampleJacobianOptions = {},
): Float64Array {
  const norms = new Float64Array(examples.count);
  rowsOf('exampleGradientNorms', network, params, examples, options, false).each((parts, first, rows) => {
    for (const part of parts) {
      const length = part.length / rows;
      for (let i = 0; i < part.length; i++) norms[first + Math.floor(i / length)] += part[i] * part[i];
    }
  });
  return norms.map(Math.sqrt);
}

/** bytes of gradients in one chunk where nobody says how many examples it has */
const CHUNK = 2 ** 26;

interface GradientChunks {
  readonly columns: number;
  readonly dtype: Dtype;
  readonly bytes: number;
  /** Gradients of chunks, one array (rows, length) for each parameter; valid until the next. */
  each(take: (parts: readonly FloatArray[], first: number, rows: number) => void): void;
}

function rowsOf(
  caller: string,
  whole: Network,
  wholeParams: FloatArray,
  examples: AnyExamples,
  { of = softmaxCrossEntropy, ...options }: ExampleJacobianOptions,
  kept: boolean,
): GradientChunks {
  const { dtype, deterministic, memoryLimit } = resolveOptions(caller, options);
  const { network, params } = scoped(caller, whole, wholeParams, { dtype, parameters: options.parameters });
  const scalar = numberPerExample(caller, network, examples, of, { dtype, deterministic });
  const { count, features } = examples;
  const width = dtype === 'float64' ? 8 : 4;
  const { size } = network;
  const chunkSize = Math.min(count, options.chunkSize ?? Math.max(1, Math.floor(CHUNK / (width * size))));
  requireInteger(caller, 'chunkSize', chunkSize, 1);
  const answers = answersOf(examples, dtype);
  const { specs, f } = chunkFunction(network, scalar, answers, dtype);
  const bytes = (kept ? count * size * width : 0) + programCost(trace(f, specs(chunkSize) as never).program).bytes;
  if (bytes > memoryLimit)
    throw new MemoryLimitError(
      `${caller}: needs ${bytes} bytes for ${kept ? count : chunkSize} gradients of ${size} numbers, but memoryLimit is ${memoryLimit}; choose ` +
        `parameters${kept ? ', fewer examples, or exampleJacobian, which forms none of them' : ', or a smaller chunkSize'}`,
      bytes,
      memoryLimit,
    );
  return {
    columns: size,
    dtype,
    bytes,
    each(take) {
      const plans = planBatches(count, chunkSize, (rows) =>
        compile(f, specs(rows) as never, { deterministic, memoryLimit }),
      );
      const weights = unflatten(network, floatArray(dtype, params));
      for (let batch = 0; batch < plans.batches; batch++) {
        const [from, to] = [batch * chunkSize, Math.min(count, (batch + 1) * chunkSize)];
        const x = floatArray(dtype, examples.inputs.subarray(from * features, to * features));
        const parts = plans.of(batch)(weights as never, x as never, answers.of(from, to) as never);
        take(parts as unknown as readonly FloatArray[], from, to - from);
      }
    },
  };
}

function chunkFunction(network: Network, scalar: Loss, answers: Answers, dtype: Dtype) {
  const spec = dtype === 'float64' ? float64 : float32;
  const names = network.parameters.map(({ name }) => name);
  return {
    specs: (rows: number) => [parameterSpecs(network, dtype), spec(rows, network.inputs), answers.spec(rows)] as const,
    f: (weights: ParameterTensors, x: Tensor, given: Tensor): readonly Tensor[] =>
      gradientRows(network, scalar, weights, names, x, given),
  };
}
