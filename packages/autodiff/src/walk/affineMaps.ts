import type { Equation, Program } from '../program.js';
import { sizeOf } from '../specs.js';
import { type Context, type InputRoles, type Shown, contextOf, shownParameter } from './context.js';
import type { AffineMap } from './affineMap.js';
import { type Product, productOf } from './products.js';
import { asView, axesAfter, axisAfter, inverse } from './views.js';

/**
 * The affine maps of a program, in the order in which they are computed.
 *
 * A map is a product of matrices (or a stack of them, or a depthwise convolution) with a parameter array on one side, through reshapes,
 * transposes and broadcasting, and something on the other side that depends on the examples. Parameters that enter otherwise (scales of a
 * batch norm, weights that are normalised first) belong to no map.
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
    const product = productOf(context, equation);
    return product === undefined ? [] : [withBias(context, product)];
  });
}

/** The map with the bias that is added to its product, if one is: the product may be reshaped and transposed before. */
function withBias(context: Context, { map, channels }: Product): AffineMap {
  const { program, readers } = context;
  const outputs = map.groups * map.outputs;
  let axes: readonly number[] | undefined = channels;
  let { output, outputViews } = map;
  while (axes !== undefined) {
    const reader: Equation | undefined = readers.get(output)?.[0];
    if (readers.get(output)?.length !== 1 || reader === undefined) return map;
    if (reader.op === 'add') {
      const other: number = reader.inputs[0] === output ? reader.inputs[1] : reader.inputs[0];
      const shown = shownParameter(context, other);
      const [channel] = axes;
      if (axes.length > 1 || shown === undefined || !isRow(context, shown, other, { channel, outputs })) return map;
      return { ...map, bias: shown.parameter, alone: map.alone && shown.alone, output: reader.output, outputViews };
    }
    const step = asView(program, reader);
    if (step === undefined || step.op === 'broadcast') return map;
    outputViews = [inverse(step), ...outputViews];
    axes = axesAfter(axes, step);
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
