import { type Spec, type Tensor, compile, float64, trace } from '@hyperribbon/autodiff';
import { isArgumentError } from '@hyperribbon/contract';
import type { ParameterTensors } from '@hyperribbon/nn';
import { sizeOf } from '../values/shapes.js';
import { type Batching, forward, rawOutput, requireRows } from './forward.js';
import type { Imported } from './imported.js';

/** How a graph takes many examples, and what to say of it. */
export interface Found {
  readonly batching: Batching;
  readonly classes: number;
  readonly notes: readonly string[];
}

/**
 * How a graph takes many examples.
 *
 * One whose batch axis is open takes them together, or one by one if it cannot: its axis is open in name only. One that was exported for a
 * batch of one takes them together if that gives the same numbers on two random examples, else one by one.
 *
 * @throws FormatError if it takes them neither way
 * Cost: one trace; for a batch of one, three more and four examples computed
 */
export function batchingOf(graph: Imported): Found {
  const { batch } = graph.input;
  let shape: readonly number[];
  try {
    ({ shape } = traced(graph, (params, x, buffers) => rawOutput(graph, params, x, buffers)));
  } catch (error) {
    if (!isArgumentError(error) || (batch !== 'open' && batch > 1)) throw error;
    return oneByOne(graph, error);
  }
  if (batch === 1 && (shape[0] !== 2 || !keepsApart(graph))) return oneByOne(graph);
  requireRows(graph, shape, 2);
  const notes = batch === 'open' ? [] : [`exported for a batch of ${batch}; it takes any number of examples`];
  return { batching: 'together', classes: sizeOf(shape.slice(1)), notes };
}

/** @param error what was wrong with taking them together: where one by one is no better, it is thrown */
function oneByOne(graph: Imported, error?: unknown): Found {
  const written =
    graph.input.batch === 1 ? 'exported for a batch of one example' : 'its batch axis is open in name only';
  try {
    const [, classes] = traced(graph, (params, x, buffers) => forward(graph, 'one-by-one', params, x, buffers)).shape;
    return { batching: 'one-by-one', classes, notes: [`${written}: its examples are computed one by one`] };
  } catch (own) {
    throw error ?? own;
  }
}

/** Traces a function of the network's tensors for two examples; gives the spec of its result. */
export function traced(graph: Imported, f: (...tensors: GraphTensors) => Tensor): Spec {
  const { program } = trace(ofLists(graph, f), specsOf(graph, 2) as never);
  return program.values[program.outputs[0]];
}

type GraphTensors = [params: ParameterTensors, x: Tensor, buffers: ParameterTensors];
type GraphLists = [params: readonly Tensor[], x: Tensor, buffers: readonly Tensor[]];

function ofLists(
  { parameters, buffers }: Imported,
  f: (...tensors: GraphTensors) => Tensor,
): (...lists: GraphLists) => Tensor {
  const named = (list: readonly { readonly name: string }[], tensors: readonly Tensor[]): ParameterTensors =>
    Object.fromEntries(list.map(({ name }, i) => [name, tensors[i]]));
  return (params, x, values) => f(named(parameters, params), x, named(buffers, values));
}

function specsOf({ parameters, buffers, input }: Imported, batch: number): readonly unknown[] {
  const specs = (list: readonly { readonly shape: readonly number[] }[]): Spec[] =>
    list.map(({ shape }) => float64(...shape));
  return [specs(parameters.map(({ tensor }) => tensor)), float64(batch, sizeOf(input.shape)), specs(buffers)];
}

/** Whether two examples together give what each gives alone, as the file says. */
function keepsApart(graph: Imported): boolean {
  const { parameters, buffers, input } = graph;
  const features = sizeOf(input.shape);
  const x = Float64Array.from({ length: 2 * features }, (_, i) => {
    const draw = (Math.imul(i + 1, 0x9e3779b1) >>> 0) / 2 ** 32;
    return input.vocabulary === undefined ? 2 * draw - 1 : Math.floor(draw * input.vocabulary);
  });
  const weights = parameters.map(({ tensor }) => Float64Array.from(tensor.data));
  const values = buffers.map(({ shape, value }) =>
    typeof value === 'number' ? new Float64Array(sizeOf(shape)).fill(value) : Float64Array.from(value),
  );
  const logits = (rows: Float64Array): Float64Array => {
    const together = ofLists(graph, (params, inputs, given) => forward(graph, 'together', params, inputs, given));
    const run = compile(together, specsOf(graph, rows.length / features) as never);
    return (run as (...args: unknown[]) => Float64Array)(weights, rows, values).slice();
  };
  const both = logits(x);
  const alone = [...logits(x.subarray(0, features)), ...logits(x.subarray(features))];
  const scale = both.reduce((most, z) => Math.max(most, Math.abs(z)), 0);
  return alone.every((z, i) => Math.abs(z - both[i]) <= 1e-9 * scale);
}
