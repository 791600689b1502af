import type { Equation, PrimitiveName, Program } from '@hyperribbon/autodiff';
import { refuse } from '@hyperribbon/contract';
import type { OnnxNode } from '../protobuf/model.js';
import { type Draft, caller, createDraft } from './draft.js';
import { type Held, ownOrder, spread } from './held.js';
import type { Reading } from './patterns/reading.js';
import { patterns } from './patterns/table.js';
import type { WriteRule } from './rule.js';
import { elementwiseRules } from './rules/elementwise.js';
import { indexingRules } from './rules/indexing.js';
import { movementRules } from './rules/movement.js';
import { productRules } from './rules/products.js';
import { reductionRules } from './rules/reductions.js';
import { windowRules } from './rules/windows.js';

const rules: Partial<Record<PrimitiveName, WriteRule>> = {
  ...elementwiseRules,
  ...movementRules,
  ...reductionRules,
  ...productRules,
  ...windowRules,
  ...indexingRules,
};

/** Primitives that only move numbers: whole numbers in an input of tokens may stay what they are. */
const moves: ReadonlySet<PrimitiveName> = new Set([
  'convert',
  'stopGradient',
  'reshape',
  'transpose',
  'broadcast',
  'slice',
]);

/** The input of a graph that holds examples. */
export interface ExamplesInput {
  readonly name: string;
  /** lengths of the graph's input, the batch before them; the program's is (batch, inputs) */
  readonly shape: readonly number[];
  readonly type: Held['type'];
}

/**
 * Nodes that compute a program's output from its inputs.
 *
 * @param program inputs: named arrays, then examples (batch, inputs); its batch marks the lengths that count examples
 * @param names of its inputs but the last
 * @param output name of the graph's output
 * @throws ArgumentError for a primitive that no operator of ONNX says
 */
export function nodesOf(
  program: Program,
  names: readonly string[],
  examples: ExamplesInput,
  output: string,
): readonly OnnxNode[] {
  const rows = program.inputs[names.length];
  const { draft, nodes } = createDraft(examples.name, program.values[rows].shape[0]);
  const makers = new Map(program.equations.map((equation) => [equation.output, equation]));
  const readers = new Map<number, number>();
  for (const value of [...program.outputs, ...program.outputs, ...program.equations.flatMap(({ inputs }) => inputs)])
    readers.set(value, (readers.get(value) ?? 0) + 1);
  const held = new Map(
    program.inputs.slice(0, -1).map((value, i): [number, Held] => {
      const { shape, dtype } = program.values[value];
      return [value, { name: names[i], shape, dtype, axes: ownOrder({ shape }), type: dtype }];
    }),
  );
  const reading: Reading = {
    draft,
    program,
    made: (value, op) => (makers.get(value)?.op === op ? makers.get(value) : undefined),
    readOnce: (value) => readers.get(value) === 1,
    constant: (value) => program.constants.find((constant) => constant.value === value)?.data,
    hold(value) {
      const made = held.get(value) ?? make(value);
      held.set(value, made);
      return made;
    },
  };
  const make = (value: number): Held => {
    const equation = makers.get(value);
    if (equation !== undefined) return written(reading, equation, { rows, examples });
    return value === rows ? rowsOf(draft, program.values[rows], examples) : constantOf(reading, value);
  };
  const [result] = program.outputs;
  const last = spread(draft, reading.hold(result), ownOrder(program.values[result]));
  return named(nodes, last.name, output);
}

function written(
  reading: Reading,
  equation: Equation,
  { rows, examples }: { readonly rows: number; readonly examples: ExamplesInput },
): Held {
  const { draft, program } = reading;
  const { op, inputs, output, params } = equation;
  const out = program.values[output];
  // images enter as images: the flat rows that programs take are never made
  if (op === 'reshape' && inputs[0] === rows && out.shape.join() === examples.shape.join())
    return { name: examples.name, axes: ownOrder(out), ...out, type: examples.type };
  for (const pattern of patterns[op] ?? []) {
    const found = pattern(reading, equation);
    if (found !== undefined) return found;
  }
  const rule = rules[op];
  if (rule === undefined)
    return refuse(caller, `the network computes ${op}, which no operator of ONNX is; train and analyse it here`);
  const operands = inputs.map((value) => reading.hold(value));
  const floats = operands.map((x): Held => {
    if (moves.has(op) || x.dtype === 'int32' || x.type === x.dtype) return x;
    return { ...x, name: draft.cast(x.name, x.dtype), type: x.dtype };
  });
  return rule({ draft, inputs: floats, params, out });
}

/** Examples as rows. */
function rowsOf(
  draft: Draft,
  { shape, dtype }: Pick<Held, 'shape' | 'dtype'>,
  { name, type, ...input }: ExamplesInput,
): Held {
  const flat = input.shape.join() === shape.join() ? name : draft.node('Reshape', [name, draft.shapeOf(shape)]);
  return { name: flat, axes: [0, 1], shape, dtype, type };
}

function constantOf({ draft, program, constant }: Reading, value: number): Held {
  const { shape, dtype } = program.values[value];
  const name = draft.constant({ type: dtype, shape, data: constant(value)! });
  return { name, axes: ownOrder({ shape }), shape, dtype, type: dtype };
}

/** Gives the graph's output its name. */
function named(nodes: readonly OnnxNode[], last: string, output: string): readonly OnnxNode[] {
  const rename = (names: readonly string[]): readonly string[] => names.map((name) => (name === last ? output : name));
  const made = nodes.some(({ outputs, operator }) => outputs.includes(last) && operator !== 'Constant');
  if (made) return nodes.map((node) => ({ ...node, inputs: rename(node.inputs), outputs: rename(node.outputs) }));
  const identity = { name: 'Identity', operator: 'Identity', domain: '', attributes: new Map() };
  return [...nodes, { ...identity, inputs: [last], outputs: [output] }];
}
