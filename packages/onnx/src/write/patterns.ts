import type { Equation, PrimitiveName, Program } from '@hyperribbon/autodiff';
import { shortest } from '../protobuf/shortest.js';
import type { Draft } from './draft.js';
import { type Held, ownOrder, spread } from './held.js';
import { gather } from './rules/indexing.js';
import { gemm } from './rules/products.js';
import { conv, maxPool } from './rules/windows.js';

/** A program that is written, as patterns read it. */
export interface Reading {
  readonly draft: Draft;
  readonly program: Program;
  /** the equation that makes a value, if it is this primitive */
  made(value: number, op: PrimitiveName): Equation | undefined;
  /** whether one equation reads the value, and no output is it */
  readOnce(value: number): boolean;
  /** numbers of a value that is a constant of the program */
  constant(value: number): ArrayLike<number> | undefined;
  /** the value in the graph; what it needs is written before */
  hold(value: number): Held;
}

type Pattern = (reading: Reading, equation: Equation) => Held | undefined;

/**
 * What several equations compute and ONNX has one operator for, by the primitive of the last of them; undefined where the equation is
 * something else. Convolutions, pooling and embeddings come back as such, and not as patches and positions.
 */
export const patterns: Partial<Record<PrimitiveName, readonly Pattern[]>> = {
  reshape: [convolution],
  add: [convolutionWithBias, productWithBias, normalization],
  gatherFlat: [pooling, embedding],
};

function convolution(reading: Reading, equation: Equation, bias?: string): Held | undefined {
  const { program, draft } = reading;
  const product = reading.made(equation.inputs[0], 'matmul');
  const patches = product && reading.made(product.inputs[0], 'im2col');
  if (product === undefined || patches === undefined || !reading.readOnce(product.output)) return undefined;
  const window = patches.params.window!;
  const out = program.values[product.output].shape[1];
  const { shape } = program.values[equation.output];
  if (product.params.transA === 1 || shape.join() !== [window.batch, window.oh, window.ow, out].join())
    return undefined;
  return conv(draft, reading.hold(patches.inputs[0]), kernelOf(reading, product), window, bias);
}

/** Weights (out, in, kh, kw) of a product of patches with a matrix whose rows are ordered (kh, kw, in). */
function kernelOf(reading: Reading, { inputs: [patches, matrix], params }: Equation): Held {
  const { draft, program } = reading;
  const { kh, kw, channels } = reading.made(patches, 'im2col')!.params.window!;
  const lying = params.transB === 1 ? reading.made(matrix, 'reshape') : undefined;
  const turned = lying && reading.made(lying.inputs[0], 'transpose');
  if (turned?.params.permutation!.join() === '0,2,3,1' && program.values[turned.output].shape[3] === channels)
    return reading.hold(turned.inputs[0]);
  const held = reading.hold(matrix);
  const [outs, columns] = params.transB === 1 ? [0, 1] : [1, 0];
  const rows = spread(draft, held, [outs, columns]);
  const shape = [held.shape[outs], kh, kw, channels];
  const name = draft.node('Reshape', [rows.name, draft.integers(shape)]);
  return { ...held, name, shape: [shape[0], channels, kh, kw], axes: [0, 2, 3, 1] };
}

/** What is added to every row of a value, and the other operand: a vector along the last axis. */
function rowAdded({ program, made }: Reading, { inputs, output }: Equation): readonly [number, number] | undefined {
  const last = program.values[output].shape.length - 1;
  for (const [term, other] of [inputs, inputs.toReversed()]) {
    const row = made(other, 'broadcast');
    if (row?.params.axes!.join() === String(last)) return [term, row.inputs[0]];
  }
  return undefined;
}

function convolutionWithBias(reading: Reading, equation: Equation): Held | undefined {
  const added = rowAdded(reading, equation);
  const images = added && reading.made(added[0], 'reshape');
  if (added === undefined || images === undefined || !reading.readOnce(images.output)) return undefined;
  const product = reading.made(images.inputs[0], 'matmul');
  if (product === undefined || reading.made(product.inputs[0], 'im2col') === undefined) return undefined;
  return convolution(reading, images, vector(reading, added[1]));
}

function productWithBias(reading: Reading, equation: Equation): Held | undefined {
  const added = rowAdded(reading, equation);
  const product = added && reading.made(added[0], 'matmul');
  if (added === undefined || product === undefined || !reading.readOnce(product.output)) return undefined;
  const out = reading.program.values[product.output];
  if (out.shape.length !== 2 || reading.made(product.inputs[0], 'im2col') !== undefined) return undefined;
  const inputs = product.inputs.map((value) => reading.hold(value));
  return gemm({ draft: reading.draft, inputs, params: product.params, out }, vector(reading, added[1]));
}

function vector(reading: Reading, value: number): string {
  return spread(reading.draft, reading.hold(value), [0]).name;
}

/** (x − mean) · (1/√(variance + ε) · scale) + shift along one axis, as batchNorm writes it. */
function normalization(reading: Reading, { inputs: [normal, shift], output }: Equation): Held | undefined {
  const { made, program, draft } = reading;
  const product = made(normal, 'mul');
  const [difference, spreadGain] = [
    product && made(product.inputs[0], 'sub'),
    product && made(product.inputs[1], 'broadcast'),
  ];
  const [mean, bias] = [difference && made(difference.inputs[1], 'broadcast'), made(shift, 'broadcast')];
  const gain = spreadGain && made(spreadGain.inputs[0], 'mul');
  const inverse = gain && made(gain.inputs[0], 'rsqrt');
  const raised = inverse && made(inverse.inputs[0], 'add');
  const epsilon = raised && made(raised.inputs[1], 'full')?.params.value;
  if (!difference || !gain || !raised || !mean || !bias || epsilon === undefined) return undefined;
  const axes = [mean, bias, spreadGain].map((spreading) => spreading.params.axes!);
  const [[channel]] = axes;
  const { shape, dtype } = program.values[output];
  if (shape.length < 2 || axes.some((own) => own.length !== 1 || own[0] !== channel) || channel === 0) return undefined;
  // an attribute is a float32, and read as the decimal that was meant
  const stored = Math.fround(epsilon);
  if (stored !== epsilon && shortest(stored) !== epsilon) return undefined;
  const order = [0, channel, ...ownOrder({ shape }).filter((axis) => axis !== 0 && axis !== channel)];
  const x = spread(draft, reading.hold(difference.inputs[0]), order);
  const rows = [gain.inputs[1], bias.inputs[0], mean.inputs[0], raised.inputs[0]].map((value) =>
    vector(reading, value),
  );
  const name = draft.node('BatchNormalization', [x.name, ...rows], { epsilon: { float: epsilon } });
  return { name, axes: order, shape, dtype, type: dtype };
}

/** Maxima of windows: the images at the places of the maxima; where they are padded, −∞ stands around them. */
function pooling(reading: Reading, { inputs: [images, places] }: Equation): Held | undefined {
  const { draft, made } = reading;
  const maxima = made(places, 'argmaxPool');
  if (maxima?.inputs[0] !== images) return undefined;
  const window = maxima.params.window!;
  const padded = made(images, 'select');
  const inner = padded && made(padded.inputs[1], 'pad');
  const inside = padded && made(padded.inputs[0], 'pad');
  const plain = inner === undefined || inside === undefined || made(inside.inputs[0], 'full')?.params.value !== 1;
  if (plain || uniform(reading, padded!.inputs[2]) !== -Infinity)
    return maxPool(draft, reading.hold(images), window, [0, 0, 0, 0]);
  const { low, high } = inner.params as { low: readonly number[]; high: readonly number[] };
  return maxPool(draft, reading.hold(inner.inputs[0]), window, [low[1], low[2], high[1], high[2]]);
}

/** The number that every entry of a constant is. */
function uniform({ made, constant }: Reading, value: number): number | undefined {
  const spreading = made(value, 'broadcast');
  const numbers = constant(spreading?.inputs[0] ?? value);
  return numbers !== undefined && numbers.length === 1 ? numbers[0] : made(value, 'full')?.params.value;
}

/** Rows or columns of a matrix by their numbers, as take writes it: number · stride + the place within the row. */
function embedding(reading: Reading, { inputs: [table, places] }: Equation): Held | undefined {
  const { program, made, draft } = reading;
  const { shape } = program.values[table];
  const total = made(places, 'convert');
  const sum = total && made(total.inputs[0], 'add');
  const [first, rest] = [sum && made(sum.inputs[0], 'broadcast'), sum && made(sum.inputs[1], 'broadcast')];
  if (shape.length !== 2 || first === undefined || rest === undefined) return undefined;
  const axis = first.params.axes![0] === 0 && rest.params.axes!.join() !== '0' ? 0 : 1;
  const scaled = made(first.inputs[0], 'mul');
  const stride = scaled === undefined ? 1 : made(scaled.inputs[1], 'full')?.params.value;
  const whole = made(scaled === undefined ? first.inputs[0] : scaled.inputs[0], 'convert');
  const checked = whole && made(whole.inputs[0], 'gatherFlat');
  const offsets = reading.constant(rest.inputs[0]);
  if (checked === undefined || offsets === undefined || stride !== (axis === 0 ? shape[1] : 1)) return undefined;
  const steps = axis === 0 ? 1 : shape[1];
  const numbers = reading.constant(checked.inputs[0]);
  const fits =
    numbers?.length === shape[axis] &&
    offsets.length === shape[1 - axis] &&
    Array.from(numbers).every((number, i) => number === i) &&
    Array.from(offsets).every((place, i) => place === i * steps);
  return fits ? gather(draft, reading.hold(table), reading.hold(checked.inputs[1]), axis) : undefined;
}
