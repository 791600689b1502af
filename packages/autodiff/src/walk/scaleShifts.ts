import { broadcast, mul, add, sub, div, neg, reshape, full } from '../primitives/emit.js';
import type { Equation, Program } from '../program.js';
import { sizeOf } from '../specs.js';
import { apply } from '../trace/apply.js';
import { environment } from '../trace/replay.js';
import type { Tensor } from '../trace/tensor.js';
import type { AffineMap } from './affineMap.js';
import { affineMaps } from './affineMaps.js';
import { type Context, type InputRoles, contextOf, onlyReader } from './context.js';
import { type View, asView, axesAfter, inverse, unview, view } from './views.js';

/** A map whose outputs are scaled and shifted, each by numbers that do not depend on the examples: Z = Y s + t. */
export interface ScaleShift {
  readonly map: AffineMap;
  /** value that Z is a view of */
  readonly output: number;
  readonly outputViews: readonly View[];
  /** from Y to Z */
  readonly steps: readonly ScaleStep[];
}

/** One step: the outputs so far with a number for each of them, or one for all. */
export interface ScaleStep {
  readonly op: 'add' | 'sub' | 'mul' | 'div';
  /** value that holds the numbers, (outputs,) or one; or the one number itself */
  readonly operand: { readonly value: number } | { readonly number: number };
  /** the outputs are the second operand: t − y */
  readonly reversed: boolean;
}

/**
 * The affine maps whose outputs are scaled and shifted by constants or parameters before anything else reads them: batch norms with known
 * statistics, scales that are learnt. Scaling W and b instead gives the same function.
 *
 * Cost: one pass over the equations.
 * @example
 * const f = (W, g, x) => tanh(mul(matmul(x, W), g));
 * scaleShifts(trace(f, [float64(3, 2), float64(2), float64(5, 3)]).program, { parameters: [0, 1], examples: 2 }).length; // 1
 */
export function scaleShifts(program: Program, roles: InputRoles): readonly ScaleShift[] {
  const context = contextOf(program, roles);
  return affineMaps(program, roles).flatMap((map) => {
    const found = followed(context, map);
    return found.steps.some(({ op }) => op === 'mul' || op === 'div') ? [found] : [];
  });
}

/** As far as the outputs of a map are only scaled, shifted and rearranged. */
function followed(context: Context, map: AffineMap): ScaleShift {
  const { program } = context;
  const steps: ScaleStep[] = [];
  let [at, atViews] = [map.output, map.outputViews];
  let [output, outputViews] = [at, atViews];
  let axes: readonly number[] | undefined = channelsOf(map);
  for (;;) {
    const reader = onlyReader(context, at);
    if (reader === undefined || axes === undefined) break;
    const step = asView(program, reader);
    if (step !== undefined && step.op !== 'broadcast') {
      atViews = [inverse(step), ...atViews];
      axes = axesAfter(axes, step);
      at = reader.output;
      continue;
    }
    const scaled = axes.length === 1 ? scaleStep(context, reader, at, axes[0]) : undefined;
    if (scaled === undefined) break;
    steps.push(scaled);
    at = reader.output;
    [output, outputViews] = [at, atViews];
  }
  return { map, output, outputViews, steps };
}

/** Axes of the map's output value that hold the outputs, or groups and outputs. */
function channelsOf({ outputViews, groups, outputs }: AffineMap): readonly number[] | undefined {
  const ofView = groups === 1 ? [1] : outputs === 1 ? [0] : [0, 2];
  return outputViews.reduceRight<readonly number[] | undefined>(
    (axes, step) => axes && axesAfter(axes, inverse(step)),
    ofView,
  );
}

function scaleStep(context: Context, { op, inputs }: Equation, at: number, channel: number): ScaleStep | undefined {
  if ((op !== 'add' && op !== 'sub' && op !== 'mul' && op !== 'div') || inputs[0] === inputs[1]) return undefined;
  const reversed = inputs[1] === at;
  const other = reversed ? inputs[0] : inputs[1];
  if (context.moving.has(other) || (reversed && op === 'div')) return undefined;
  const maker = context.makers.get(other);
  if (maker?.op === 'full') return { op, operand: { number: maker.params.value! }, reversed };
  if (maker?.op !== 'broadcast') return undefined;
  const [value] = maker.inputs;
  const { shape } = context.program.values[value];
  const along = shape.every((length, i) => length === 1 || maker.params.axes![i] === channel);
  return along ? { op, operand: { value }, reversed } : undefined;
}

/**
 * Scale s and shift t of each map, (groups · outputs,), as tensors.
 *
 * @param args tensors for the program's parameters; examples may be left out
 */
export function scalesOf(
  program: Program,
  found: readonly ScaleShift[],
  args: readonly (Tensor | undefined)[],
): readonly { readonly scale: Tensor; readonly shift: Tensor }[] {
  const env = environment(program, args);
  for (const { op, inputs, output, params } of program.equations) {
    const values = inputs.map((value) => env[value]);
    if (values.every((value) => value !== undefined)) env[output] = apply(op, values, params);
  }
  return found.map(({ map, steps, output }) => {
    const like = { shape: [map.groups * map.outputs], dtype: program.values[output].dtype };
    const numbers = ({ operand }: ScaleStep): Tensor => {
      if ('number' in operand) return full(operand.number, like);
      const x = env[operand.value]!;
      return sizeOf(x.shape) === like.shape[0] ? reshape(x, like.shape) : broadcast(reshape(x, []), [], like.shape);
    };
    let [scale, shift] = [full(1, like), full(0, like)];
    for (const step of steps) {
      const o = numbers(step);
      if (step.op === 'mul') [scale, shift] = [mul(scale, o), mul(shift, o)];
      else if (step.op === 'div') [scale, shift] = [div(scale, o), div(shift, o)];
      else if (step.op === 'add') shift = add(shift, o);
      else if (step.reversed) [scale, shift] = [neg(scale), sub(o, shift)];
      else shift = sub(shift, o);
    }
    return { scale, shift };
  });
}

/**
 * Runs a program without its scales and shifts: what reads Z gets Y, and where one is given Y + bias.
 *
 * @param args tensors for the program's inputs, the weights scaled already
 * @param biases for each of `found` (groups · outputs,), where a map had none of its own
 * @returns the program's outputs
 */
export function withoutScales(
  program: Program,
  found: readonly ScaleShift[],
  args: readonly Tensor[],
  biases: readonly (Tensor | undefined)[],
): readonly Tensor[] {
  const env = environment(program, args);
  const ends = new Map(found.map(({ output }, i) => [output, i]));
  for (const { op, inputs, output, params } of program.equations) {
    const i = ends.get(output);
    if (i === undefined) {
      env[output] = apply(
        op,
        inputs.map((value) => env[value]!),
        params,
      );
      continue;
    }
    const { map, outputViews } = found[i];
    const y = view(env[map.output]!, map.outputViews);
    const bias = biases[i];
    const { groups, outputs } = map;
    const rows =
      bias === undefined
        ? y
        : add(
            y,
            groups === 1 ? broadcast(bias, [1], y.shape) : broadcast(reshape(bias, [groups, outputs]), [0, 2], y.shape),
          );
    env[output] = unview(rows, outputViews);
  }
  return program.outputs.map((value) => env[value]!);
}
