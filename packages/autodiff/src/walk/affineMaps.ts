import type { Equation, Program } from '../program.js';
import { sizeOf } from '../specs.js';
import { type View, asView, axisAfter, inverse, swap } from './views.js';

/**
 * A place where a program multiplies by parameters: Y = X W + b, X (rows, inputs) made from the examples, W (inputs, outputs) a view of
 * a parameter array, b (outputs,) another one added to every row. A convolution is such a place, its rows are patches.
 */
export interface AffineMap {
  /** number of the weights among the program's inputs */
  readonly weight: number;
  /** number of the bias among the program's inputs; absent where none is added */
  readonly bias?: number;
  readonly inputs: number;
  readonly outputs: number;
  /** rows per example: 1 in a dense layer, places of the image in a convolution */
  readonly positions: number;
  /** W and b enter the program here and nowhere else, each entry at one place of the matrix */
  readonly alone: boolean;
  /** from the weights' array to W */
  readonly weightViews: readonly View[];
  /** value that X is a view of */
  readonly input: number;
  readonly inputViews: readonly View[];
  /** value that Y is a view of, bias included */
  readonly output: number;
  readonly outputViews: readonly View[];
}

/** Which of a program's inputs are what. */
export interface InputRoles {
  /** numbers of the inputs that hold parameters */
  readonly parameters: readonly number[];
  /** number of the input that holds examples, along its first axis; rows of examples must not mix */
  readonly examples: number;
}

/**
 * The affine maps of a program, in the order in which they are computed.
 *
 * A map is a product of matrices with a parameter array on one side, through reshapes, transposes and broadcasting, and something on the
 * other side that depends on the examples. Parameters that enter otherwise (scales of a batch norm, weights that are normalised first)
 * belong to no map.
 *
 * Cost: one pass over the equations.
 * @example
 * const f = (W, b, x) => tanh(add(matmul(x, W), b));
 * const { program } = trace(f, [float64(3, 2), float64(2), float64(5, 3)]);
 * affineMaps(program, { parameters: [0, 1], examples: 2 }); // [{ weight: 0, bias: 1, inputs: 3, outputs: 2, positions: 1, … }]
 */
export function affineMaps(program: Program, roles: InputRoles): readonly AffineMap[] {
  const context = contextOf(program, roles);
  return program.equations.flatMap((equation) => {
    if (equation.op !== 'matmul') return [];
    const product = productOf(context, equation);
    return product === undefined ? [] : [withBias(context, product)];
  });
}

interface Context {
  readonly program: Program;
  readonly roles: InputRoles;
  /** value → the equation that makes it */
  readonly makers: ReadonlyMap<number, Equation>;
  /** value → the equations that read it; outputs of the program count as readers without an equation */
  readonly readers: ReadonlyMap<number, readonly (Equation | undefined)[]>;
  /** values that depend on the examples */
  readonly moving: ReadonlySet<number>;
}

function contextOf(program: Program, roles: InputRoles): Context {
  const makers = new Map<number, Equation>();
  const readers = new Map<number, (Equation | undefined)[]>();
  const read = (value: number, reader: Equation | undefined): void => {
    const known = readers.get(value);
    if (known === undefined) readers.set(value, [reader]);
    else known.push(reader);
  };
  const moving = new Set([program.inputs[roles.examples]]);
  for (const equation of program.equations) {
    makers.set(equation.output, equation);
    if (equation.inputs.some((value) => moving.has(value))) moving.add(equation.output);
    for (const value of equation.inputs) read(value, equation);
  }
  for (const value of program.outputs) read(value, undefined);
  return { program, roles, makers, readers, moving };
}

/** A parameter array as some value shows it. */
interface Shown {
  readonly parameter: number;
  readonly views: readonly View[];
  /** nothing else reads the array or a view of it on the way */
  readonly alone: boolean;
}

function shownParameter({ program, roles, makers, readers }: Context, value: number): Shown | undefined {
  const views: View[] = [];
  let alone = true;
  for (let at = value; ; ) {
    alone &&= readers.get(at)!.length === 1;
    const maker = makers.get(at);
    if (maker === undefined) {
      const parameter = roles.parameters.find((number) => program.inputs[number] === at);
      return parameter === undefined ? undefined : { parameter, views, alone };
    }
    const step = asView(program, maker);
    if (step === undefined) return undefined;
    views.unshift(step);
    at = maker.inputs[0];
  }
}

/** The map that a product of matrices is, as yet without its bias. */
function productOf(context: Context, { inputs: [left, right], output, params }: Equation): AffineMap | undefined {
  const { program, roles, moving } = context;
  const { shape } = program.values[output];
  if (shape.length !== 2 || moving.has(left) === moving.has(right)) return undefined;
  const weightsRight = moving.has(left);
  const [input, weights] = weightsRight ? [left, right] : [right, left];
  const shown = shownParameter(context, weights);
  if (shown === undefined) return undefined;
  // X is stored as (rows, inputs) on the left and as its transpose on the right, W the other way round
  const [xFlag, wFlag] = weightsRight ? [params.transA, params.transB] : [params.transB, params.transA];
  const turned = (flag: 0 | 1 | undefined, value: number): readonly View[] =>
    (flag === 1) === weightsRight ? [swap(program.values[value].shape)] : [];
  const [rows, outputs] = weightsRight ? shape : [shape[1], shape[0]];
  const batch = program.values[program.inputs[roles.examples]].shape[0];
  if (rows % batch !== 0) return undefined;
  const weightViews = [...shown.views, ...turned(wFlag, weights)];
  return {
    weight: shown.parameter,
    inputs: sizeOf(program.values[weights].shape) / outputs,
    outputs,
    positions: rows / batch,
    alone: shown.alone && weightViews.every(({ op }) => op !== 'broadcast'),
    weightViews,
    input,
    inputViews: turned(xFlag, input),
    output,
    outputViews: weightsRight ? [] : [swap(shape)],
  };
}

/** The map with the bias that is added to its product, if one is: the product may be reshaped and transposed before. */
function withBias(context: Context, map: AffineMap): AffineMap {
  const { program, readers } = context;
  let channel: number | undefined = map.outputViews.length > 0 ? 0 : 1;
  let { output, outputViews } = map;
  while (channel !== undefined) {
    const reader: Equation | undefined = readers.get(output)?.[0];
    if (readers.get(output)?.length !== 1 || reader === undefined) return map;
    if (reader.op === 'add') {
      const other: number = reader.inputs[0] === output ? reader.inputs[1] : reader.inputs[0];
      const shown = shownParameter(context, other);
      if (shown === undefined || !isRow(context, shown, other, { channel, outputs: map.outputs })) return map;
      return { ...map, bias: shown.parameter, alone: map.alone && shown.alone, output: reader.output, outputViews };
    }
    const step = asView(program, reader);
    if (step === undefined || step.op === 'broadcast') return map;
    outputViews = [inverse(step), ...outputViews];
    channel = axisAfter(channel, step);
    output = reader.output;
  }
  return map;
}

/** Whether a parameter of one number per output is spread along all axes but the channels'. */
function isRow(
  { program }: Context,
  { parameter, views }: Shown,
  value: number,
  { channel, outputs }: { readonly channel: number; readonly outputs: number },
): boolean {
  const { shape } = program.values[program.inputs[parameter]];
  const axis = shape.findIndex((length) => length !== 1);
  if (sizeOf(shape) !== outputs) return false;
  if (outputs === 1) return true;
  const end = views.reduce<number | undefined>((at, step) => (at === undefined ? at : axisAfter(at, step)), axis);
  return end === channel && program.values[value].shape[channel] === outputs;
}
