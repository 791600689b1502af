import type { Equation, Window } from '@hyperribbon/autodiff';
import { type Held, spread } from '../held.js';
import { reshaped } from '../rules/movement.js';
import { conv } from '../rules/windows.js';
import { type Pattern, type Reading, rowAdded, vector } from './reading.js';

/** A convolution as it is found among equations. */
interface Convolution {
  /** value (batch, height, width, channels) */
  readonly images: number;
  readonly window: Window;
  readonly group: number;
  /** weights (out, channels/group, kh, kw), written when they are asked for */
  weights(): Held;
}

/** Patches and their product, or windows moved under each channel. */
export const convolution: Pattern = (reading, equation) => written(reading, equation);

/** The same with a number added to each channel. */
export const convolutionWithBias: Pattern = (reading, equation) => {
  const added = rowAdded(reading, equation);
  if (added === undefined || !reading.readOnce(added[0])) return undefined;
  const maker = reading.made(added[0], 'reshape') ?? reading.made(added[0], 'depthwise');
  return maker === undefined ? undefined : written(reading, maker, added[1]);
};

function written(reading: Reading, equation: Equation, bias?: number): Held | undefined {
  const found =
    equation.op === 'depthwise'
      ? depthwise(reading, equation)
      : (plain(reading, equation) ?? grouped(reading, equation));
  if (found === undefined) return undefined;
  const { images, window, group } = found;
  const x = reading.hold(images);
  const weights = found.weights();
  const made = conv(reading.draft, x, {
    weights,
    window,
    group,
    bias: bias === undefined ? bias : vector(reading, bias),
  });
  const { shape } = reading.program.values[equation.output];
  return shape.join() === made.shape.join() ? made : reshaped(reading.draft, made, shape);
}

/** Patches times a matrix, as images again. */
function plain(reading: Reading, { inputs, output }: Equation): Convolution | undefined {
  const { program } = reading;
  const product = reading.made(inputs[0], 'matmul');
  const patches = product && reading.made(product.inputs[0], 'im2col');
  if (product === undefined || patches === undefined || !reading.readOnce(product.output)) return undefined;
  const window = patches.params.window!;
  const out = program.values[product.output].shape[1];
  const long = (lengths: readonly number[]): string => lengths.filter((length) => length !== 1).join();
  const images = [window.batch, window.oh, window.ow, out];
  if (product.params.transA === 1 || long(program.values[output].shape) !== long(images)) return undefined;
  return { images: patches.inputs[0], window, group: 1, weights: () => kernelOf(reading, product, window) };
}

/** Weights (out, in, kh, kw) of a product of patches with a matrix whose rows are ordered (kh, kw, in). */
function kernelOf(reading: Reading, { inputs, params }: Equation, { kh, kw, channels }: Window): Held {
  const { draft } = reading;
  const own = params.transB === 1 ? filtersOf(reading, inputs[1]) : undefined;
  if (own !== undefined && reading.program.values[own].shape[1] === channels) return reading.hold(own);
  const held = reading.hold(inputs[1]);
  const [outs, columns] = params.transB === 1 ? [0, 1] : [1, 0];
  const rows = spread(draft, held, [outs, columns]);
  const shape = [held.shape[outs], kh, kw, channels];
  const name = draft.node('Reshape', [rows.name, draft.integers(shape)]);
  return { ...held, name, shape: [shape[0], channels, kh, kw], axes: [0, 2, 3, 1] };
}

/** The value (out, in, kh, kw) that a matrix with rows ordered (kh, kw, in) is made of. */
function filtersOf({ made }: Pick<Reading, 'made'>, matrix: number): number | undefined {
  const lying = made(matrix, 'reshape');
  const turned = lying && made(lying.inputs[0], 'transpose');
  return turned?.params.permutation!.join() === '0,2,3,1' ? turned.inputs[0] : undefined;
}

/** A stack of groups: of images, of patches, of products. */
function grouped({ made, program, hold }: Reading, { inputs: [value] }: Equation): Convolution | undefined {
  const product = made(made(value, 'transpose')?.inputs[0] ?? -1, 'matmul');
  const patches = product && made(made(product.inputs[0], 'reshape')?.inputs[0] ?? -1, 'im2col');
  const stack = patches && made(made(patches.inputs[0], 'reshape')?.inputs[0] ?? -1, 'transpose');
  const images = stack?.params.permutation!.join() === '3,0,1,2,4' ? made(stack.inputs[0], 'reshape') : undefined;
  if (product === undefined || images === undefined) return undefined;
  const filters = filtersOf({ made }, product.inputs[1]);
  const [group, rows] = program.values[product.output].shape;
  const window = patches!.params.window!;
  const fits = made(value, 'transpose')!.params.permutation!.join() === '1,0,2' && window.batch % group === 0;
  if (filters === undefined || !fits || rows * group !== window.batch * window.oh * window.ow) return undefined;
  const whole = { ...window, batch: window.batch / group, channels: window.channels * group };
  return { images: images.inputs[0], window: whole, group, weights: () => hold(filters) };
}

/** Each channel by itself, or several times by itself. */
function depthwise(reading: Reading, { inputs: [each, entries], params }: Equation): Convolution {
  const { made, program, hold, draft } = reading;
  const window = params.window!;
  const times = made(made(each, 'reshape')?.inputs[0] ?? -1, 'broadcast');
  const { shape } = program.values[times?.inputs[0] ?? each];
  const repeated = times !== undefined && shape.length === 4 && times.params.axes!.join() === '0,1,2,3';
  const turned = made(entries, 'transpose');
  const filters =
    turned?.params.permutation!.join() === '1,2,0' ? made(turned.inputs[0], 'reshape')?.inputs[0] : undefined;
  const whole = [window.channels, 1, window.kh, window.kw].join();
  return {
    images: repeated ? times.inputs[0] : each,
    window: { ...window, channels: repeated ? shape[3] : window.channels },
    group: repeated ? shape[3] : window.channels,
    weights() {
      if (filters !== undefined && program.values[filters].shape.join() === whole) return hold(filters);
      const held = spread(draft, hold(entries), [2, 0, 1]);
      const name = draft.node('Unsqueeze', [held.name, draft.integers([1])]);
      return { ...held, name, shape: [window.channels, 1, window.kh, window.kw], axes: [0, 1, 2, 3] };
    },
  };
}
