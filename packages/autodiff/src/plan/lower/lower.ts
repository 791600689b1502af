import { isBinary, isUnary } from '../../primitives/names.js';
import type { Equation, PrimitiveName, Program } from '../../program.js';
import { sizeOf } from '../../specs.js';
import { Emitter } from './emitter.js';
import type { IndexCheck } from './indexCheck.js';
import { elementBytes } from '../instruction.js';
import { type Indices, lowerCall } from './lowerCall.js';
import { lowerBinary, lowerSelect, lowerUnary } from './lowerElementwise.js';
import { isDense, lowerFold, lowerPatches } from './lowerConvolution.js';
import { lowerMatmul } from './lowerMatmul.js';
import {
  lowerBroadcast,
  lowerConcatenate,
  lowerPad,
  lowerReshape,
  lowerSlice,
  lowerTranspose,
} from './lowerMovement.js';
import { lowerReduction } from './lowerReduction.js';
import { materialize } from './materialize.js';
import type { Node } from './node.js';
import { storeOutput } from './storeOutput.js';
import { nodeFor, type Target } from './target.js';

export interface Lowered {
  readonly emitter: Emitter;
  readonly checks: readonly IndexCheck[];
}

/** Values that are being lowered, and what is known about their use. */
interface Lowering extends Indices {
  readonly e: Emitter;
  readonly nodes: Node[];
}

/** Promises made of promises are kept at this depth, or programs of thousands of layers would be deeper than the call stack. */
const deepestPromise = 100;

/**
 * Program → kernel calls on buffers without addresses. Consumers fold what they can into themselves: transpositions,
 * signs, bias and activation into matrix products, broadcasts and constants into elementwise kernels.
 *
 * @param accumulate for every output: true where the result is added to what the output already holds
 */
export function lower(program: Program, accumulate: readonly boolean[] = []): Lowered {
  const e = new Emitter();
  const live = liveEquations(program);
  const consumers = consumersOf(program, live);
  const target = (value: number): Target => {
    const { shape, dtype } = program.values[value]!;
    const ops = consumers[value]!;
    return { shape, dtype, exclusive: ops.length === 1, consumers: ops.filter((op) => op !== undefined) };
  };
  const context: Lowering = { e, nodes: [], checks: [], trusted: new Map() };
  program.inputs.forEach((value, index) => {
    const { shape, dtype } = program.values[value]!;
    const place = e.buffer(sizeOf(shape) * elementBytes(dtype), 'input', index);
    context.nodes[value] = nodeFor(target(value), { kind: 'stored', place });
  });
  for (const { value, data } of program.constants) {
    if (consumers[value]!.length > 0) {
      context.nodes[value] = nodeFor(target(value), { kind: 'stored', place: e.constant(data) });
    }
  }
  const depths: number[] = [];
  for (const equation of live) {
    const { inputs, output } = equation;
    const node = lowerEquation(context, equation, target(output));
    context.nodes[output] = node;
    depths[output] =
      1 + inputs.reduce((most, value) => Math.max(most, promised(context, value) ? depths[value]! : 0), 0);
    if (depths[output]! >= deepestPromise && promised(context, output)) materialize(e, node);
  }
  program.outputs.forEach((value, index) => storeOutput(e, context.nodes[value]!, index, accumulate[index] ?? false));
  return { emitter: e, checks: context.checks };
}

function promised({ nodes }: Lowering, value: number): boolean {
  const { kind } = nodes[value]!.form;
  return kind !== 'stored' && kind !== 'constant';
}

function lowerEquation(context: Lowering, equation: Equation, target: Target): Node {
  const { e, nodes } = context;
  const { op, params } = equation;
  const inputs = equation.inputs.map((value) => nodes[value]!);
  const [x, y, z] = inputs as [Node, Node, Node];
  if (isUnary(op)) return lowerUnary(e, op, x, target);
  if (isBinary(op)) return lowerBinary(e, op, x, y, target);
  switch (op) {
    case 'select':
      return lowerSelect(e, x, y, z, target);
    case 'full':
      return nodeFor(target, { kind: 'constant', value: params.value! });
    case 'broadcast':
      return lowerBroadcast(e, x, params.axes!, target);
    case 'reshape':
    case 'stopGradient':
      return lowerReshape(e, x, target);
    case 'transpose':
      return lowerTranspose(e, x, params.permutation!, target);
    case 'slice':
      return lowerSlice(e, x, params, target);
    case 'pad':
      return lowerPad(e, x, params, target);
    case 'concatenate':
      return lowerConcatenate(e, inputs, params.axis!, target);
    case 'reduceSum':
    case 'reduceMax':
      return lowerReduction(e, op, x, params.axes!, target);
    case 'im2col':
      if (!isDense(params.window!)) break;
      return lowerPatches(materialize(e, x), params.window!, target);
    case 'col2im': {
      if (!isDense(params.window!)) break;
      const folded = lowerFold(e, x, params.window!, target, (node) => materialize(e, node));
      if (folded !== undefined) return folded;
      break;
    }
    case 'matmul':
      return lowerMatmul(x, y, params, target);
    case 'convert':
      if (x.form.kind === 'constant') return nodeFor(target, x.form);
  }
  return nodeFor(target, { kind: 'stored', place: lowerCall(e, context, op, inputs, params, target) });
}

/** Equations that some output needs, in program order. */
function liveEquations(program: Program): Equation[] {
  const needed = new Set(program.outputs);
  return program.equations
    .toReversed()
    .filter(({ output, inputs }) => {
      if (!needed.has(output)) return false;
      for (const value of inputs) needed.add(value);
      return true;
    })
    .toReversed();
}

/** For every value the primitives that take it, undefined standing for the program's output. */
function consumersOf(program: Program, live: readonly Equation[]): (PrimitiveName | undefined)[][] {
  const consumers: (PrimitiveName | undefined)[][] = program.values.map(() => []);
  for (const { op, inputs } of live) for (const value of inputs) consumers[value]!.push(op);
  for (const value of program.outputs) consumers[value]!.push(undefined);
  return consumers;
}
