import { type Tensor, full, reshape, slice, transpose, vmap } from '@hyperribbon/autodiff';
import { FormatError } from '@hyperribbon/data';
import type { Dtype } from '@hyperribbon/kernels';
import type { ParameterTensors, TrainingMode, TrainingOutputs } from '@hyperribbon/nn';
import { type Setting, budgetOf, fed, runGraph } from '../graph/runGraph.js';
import { showShape, sizeOf } from '../values/shapes.js';
import { type Value, plain, plainTensor } from '../values/value.js';
import type { Imported } from './imported.js';

/**
 * How a graph takes many examples: all at once, or, where it was written for one, one by one, which vmap makes one program again.
 */
export type Batching = 'together' | 'one-by-one';

/** Logits (batch, classes) of rows x (batch, inputs). @throws FormatError if the graph mixes examples */
export function forward(
  graph: Imported,
  batching: Batching,
  params: ParameterTensors,
  x: Tensor,
  buffers: ParameterTensors,
): Tensor {
  const setting: Setting = settingOf(graph, x, 'evaluation');
  if (batching === 'one-by-one')
    return vmap((row: Tensor) => {
      const result = outputOf(graph, params, reshape(row, [1, ...graph.input.shape]), buffers, setting);
      return reshape(result, [sizeOf(result.shape)]);
    })(x);
  return rowsOf(graph, rawOutput(graph, params, x, buffers), x.shape[0]);
}

/** The output of a graph as it is for two examples together; logits are its rows. */
export function rawOutput(graph: Imported, params: ParameterTensors, x: Tensor, buffers: ParameterTensors): Tensor {
  const rows = reshape(x, [x.shape[0], ...graph.input.shape]);
  return outputOf(graph, params, rows, buffers, settingOf(graph, x, 'evaluation'));
}

/** The same in training mode: batch norms use their batch, dropout draws. Not for graphs that take examples one by one. */
export function forwardTraining(
  graph: Imported,
  params: ParameterTensors,
  x: Tensor,
  { buffers, uniforms }: TrainingMode,
): TrainingOutputs {
  const after: Record<string, Tensor> = { ...buffers };
  const [batch] = x.shape;
  let drawn = 0;
  const setting: Setting = {
    ...settingOf(graph, x, 'training'),
    keep(values) {
      for (const [name, tensor] of Object.entries(values)) {
        const own = graph.origins.get(name);
        if (own !== undefined && own in after) after[own] = tensor;
      }
    },
    draw(shape) {
      const first = drawn;
      drawn += sizeOf(shape);
      if (uniforms === undefined) throw new FormatError('onnx', 'dropout needs uniforms, which training gives');
      return reshape(slice(uniforms, [0, first], [batch, drawn]), [batch, ...shape]);
    },
  };
  const result = outputOf(graph, params, reshape(x, [batch, ...graph.input.shape]), buffers, setting);
  return { logits: rowsOf(graph, result, batch), buffers: after };
}

/** Uniform numbers per example that the graph draws in training. */
export function drawsOf(graph: Imported, params: ParameterTensors, x: Tensor, buffers: ParameterTensors): number {
  let drawn = 0;
  const setting: Setting = {
    ...settingOf(graph, x, 'training'),
    draw(shape) {
      drawn += sizeOf(shape);
      return full([x.shape[0], ...shape], 0.5, x.dtype);
    },
  };
  outputOf(graph, params, reshape(x, [x.shape[0], ...graph.input.shape]), buffers, setting);
  return drawn;
}

function settingOf({ graph, opset, arrays }: Imported, { dtype }: Tensor, mode: Setting['mode']): Setting {
  return { opset, arrays, mode, dtype: dtype as Dtype, budget: budgetOf(graph) };
}

function outputOf(
  { graph, constants, parameters, ties, buffers: specs, input, fixed, output }: Imported,
  params: ParameterTensors,
  x: Tensor,
  buffers: ParameterTensors,
  setting: Setting,
): Tensor {
  const bound = new Map<string, Value>([[input.name, fed(input.type, x)]]);
  for (const { name, type, value, shape, batched } of fixed)
    bound.set(name, plain(type, full(batched ? [x.shape[0], ...shape] : shape, value, x.dtype)));
  for (const { name, tensor } of parameters) bound.set(name, plain(tensor.type, params[name]));
  for (const [name, { to, transposed }] of ties)
    bound.set(name, plain('float32', transposed ? transpose(params[to]) : params[to]));
  for (const { name } of specs) bound.set(name, plain('float32', buffers[name]));
  const [value] = runGraph(graph, (name) => bound.get(name) ?? constants.get(name), [output], setting).outputs;
  if (value.kind !== 'traced')
    throw new FormatError('onnx', `output ${JSON.stringify(output.slice(0, 60))} does not depend on the input`, {
      unsupported: true,
    });
  return plainTensor(value);
}

/** @throws FormatError unless the first axis of an output counts examples */
export function requireRows({ output }: Imported, shape: readonly number[], batch: number): void {
  if (shape[0] === batch) return;
  throw new FormatError(
    'onnx',
    `output ${JSON.stringify(output.slice(0, 60))} is ${showShape(shape)} for ${batch} examples: its first axis must count them; export with a dynamic batch axis`,
    { unsupported: true },
  );
}

function rowsOf(graph: Imported, result: Tensor, batch: number): Tensor {
  requireRows(graph, result.shape, batch);
  return reshape(result, [batch, sizeOf(result.shape.slice(1))]);
}
