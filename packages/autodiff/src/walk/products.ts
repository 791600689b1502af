import type { Equation } from '../program.js';
import { sizeOf } from '../specs.js';
import type { AffineMap } from './affineMap.js';
import { type Context, shownParameter } from './context.js';
import { productGeometry, windowGeometry } from './convolutionGeometry.js';
import { type View, swapLast } from './views.js';

/** A map as yet without its bias, and where its outputs are among the axes of its output: [outputs], or [groups, outputs]. */
export interface Product {
  readonly map: AffineMap;
  readonly channels: readonly number[];
}

/** The map that a product of matrices is, or a stack of products, with a parameter on one side and examples on the other. */
export function productOf(context: Context, equation: Equation): Product | undefined {
  if (equation.op === 'depthwise') return depthwiseOf(context, equation);
  if (equation.op !== 'matmul') return undefined;
  const { program, roles, moving } = context;
  const [left, right] = equation.inputs;
  const { output, params } = equation;
  if (moving.has(left) === moving.has(right)) return undefined;
  const weightsRight = moving.has(left);
  const [input, weights] = weightsRight ? [left, right] : [right, left];
  const shown = shownParameter(context, weights);
  if (shown === undefined) return undefined;
  const { shape } = program.values[output];
  const rank = shape.length;
  const last = shown.views.at(-1);
  // one matrix repeated along all leading axes is one matrix, and the leading axes are more rows
  const repeated = rank > 2 && last?.op === 'broadcast' && isMatrix(last, rank);
  const leading = sizeOf(shape.slice(0, -2));
  const groups = repeated ? 1 : leading;
  if (rank > 3 && groups > 1) return undefined;
  const [m, n] = shape.slice(-2);
  const [pixels, outputs] = weightsRight ? [m, n] : [n, m];
  const rows = (leading / groups) * pixels;
  const batch = program.values[program.inputs[roles.examples]].shape[0];
  if (rows % batch !== 0) return undefined;
  // X is stored as (rows, inputs) on the left and as its transpose on the right, W the other way round
  const [xFlag, wFlag] = weightsRight ? [params.transA, params.transB] : [params.transB, params.transA];
  const stack = groups === 1 ? [] : [groups];
  /** from a stored matrix, or stack, to one that is turned upright, its leading axes joined */
  const upright = (from: readonly number[], turned: boolean, last: readonly number[]): readonly View[] => {
    const turns = turned ? [swapLast(from)] : [];
    const shape = turned ? [...from.slice(0, -2), from.at(-1)!, from.at(-2)!] : from;
    const to = [...stack, ...last];
    return shape.length === to.length ? turns : [...turns, { op: 'reshape', params: { shape: to }, from: shape }];
  };
  const matrix = repeated ? last.from : program.values[weights].shape;
  const inputs = sizeOf(matrix) / (groups * outputs);
  const xTurned = (xFlag === 1) === weightsRight;
  const weightViews = [
    ...(repeated ? shown.views.slice(0, -1) : shown.views),
    ...upright(matrix, (wFlag === 1) === weightsRight, [inputs, outputs]),
  ];
  const ends = { input, output, inputs, outputs, groups };
  const geometry = weightsRight && !xTurned ? productGeometry(context, ends) : undefined;
  const map: AffineMap = {
    weight: shown.parameter,
    inputs,
    outputs,
    groups,
    positions: rows / batch,
    ...(geometry === undefined ? {} : { convolution: geometry }),
    alone: shown.alone && weightViews.every(({ op }) => op !== 'broadcast'),
    weightViews,
    input,
    inputViews: upright(program.values[input].shape, xTurned, [rows, inputs]),
    output,
    outputViews: upright(shape, !weightsRight, [rows, outputs]),
  };
  const channel = weightsRight ? rank - 1 : rank - 2;
  return { map, channels: groups === 1 ? [channel] : [0, channel] };
}

/** Whether a broadcast repeats a matrix along new leading axes. */
function isMatrix({ from, params }: View, rank: number): boolean {
  return from.length === 2 && params.axes![0] === rank - 2 && params.axes![1] === rank - 1;
}

/** Each channel is a group of its own, with one output. */
function depthwiseOf(context: Context, { inputs: [input, weights], output, params }: Equation): Product | undefined {
  const { program, roles, moving } = context;
  const shown = shownParameter(context, weights);
  if (shown === undefined || !moving.has(input) || moving.has(weights)) return undefined;
  const window = params.window!;
  const { batch, kh, kw, channels, oh, ow } = window;
  const [rows, inputs] = [batch * oh * ow, kh * kw];
  const patches = [rows, inputs * channels];
  const turn = (from: readonly number[]): View => ({ op: 'transpose', params: { permutation: [2, 0, 1] }, from });
  const reshape = (from: readonly number[], shape: readonly number[]): View => ({
    op: 'reshape',
    params: { shape },
    from,
  });
  const map: AffineMap = {
    weight: shown.parameter,
    inputs,
    outputs: 1,
    groups: channels,
    positions: rows / program.values[program.inputs[roles.examples]].shape[0],
    convolution: windowGeometry(window, 1, channels, false),
    alone: shown.alone && shown.views.every(({ op }) => op !== 'broadcast'),
    weightViews: [...shown.views, reshape([kh, kw, channels], [inputs, 1, channels]), turn([inputs, 1, channels])],
    input,
    inputViews: [
      { op: 'im2col', params: { window }, from: program.values[input].shape },
      reshape(patches, [rows, inputs, channels]),
      turn([rows, inputs, channels]),
    ],
    output,
    outputViews: [reshape([batch, oh, ow, channels], [rows, 1, channels]), turn([rows, 1, channels])],
  };
  return { map, channels: [3] };
}
