import { binaryNames, unaryNames } from '@hyperribbon/kernels';
import type { PrimitiveName, PrimitiveParams, Window } from '../program.js';
import { range, sizeOf } from '../specs.js';
import { apply } from '../trace/apply.js';
import { type Tensor, constant } from '../trace/tensor.js';
import * as p from './emit.js';
import { depthwiseNames, forEachName, windowNames } from './names.js';

/** One equation with some inputs stacked along a new first axis of length `size`; at least one is. */
export interface VmapSite {
  readonly op: PrimitiveName;
  readonly params: PrimitiveParams;
  readonly inputs: readonly Tensor[];
  readonly batched: readonly boolean[];
  readonly size: number;
}

/** The stacked output. */
export type VmapRule = (site: VmapSite) => Tensor;

/** All inputs stacked, the unbatched ones by repetition. */
function stacked({ inputs, batched, size }: VmapSite): Tensor[] {
  return inputs.map((x, i) => (batched[i] ? x : p.repeat(x, size)));
}

const elementwise: VmapRule = (site) => apply(site.op, stacked(site), site.params);
const shifted = (axes: readonly number[]): number[] => axes.map((axis) => axis + 1);

/** For primitives that treat images one by one: the stack becomes part of the image batch. */
const images: VmapRule = ({ op, params, inputs: [x], size }) => {
  const window: Window = { ...params.window!, batch: params.window!.batch * size };
  const flat = p.reshape(x, [x.shape[0] * x.shape[1], ...x.shape.slice(2)]);
  const out = apply(op, [flat], { window });
  const { batch, oh, ow } = params.window!;
  return p.reshape(out, [size, op === 'im2col' ? batch * oh * ow : batch, ...out.shape.slice(1)]);
};

/** Channels never meet: a stack with one window becomes more images, one with a window for each becomes more channels. */
const channelsApart: VmapRule = (site) => {
  const { op, params, inputs, batched, size } = site;
  const window = params.window!;
  if (op !== 'depthwiseWeights' && !batched[1]) {
    const [x, w] = inputs;
    const more = { ...window, batch: window.batch * size };
    const out = apply(op, [p.reshape(x, [x.shape[0] * x.shape[1], ...x.shape.slice(2)]), w], { window: more });
    return p.reshape(out, [size, window.batch, ...out.shape.slice(1)]);
  }
  const channels = window.channels;
  const joined = stacked(site).map((x) => {
    const last = x.shape.length - 1;
    const beside = p.transpose(x, [...range(last - 1, 1), 0, last]);
    return p.reshape(beside, [...x.shape.slice(1, -1), size * channels]);
  });
  const out = apply(op, joined, { window: { ...window, channels: size * channels } });
  const last = out.shape.length - 1;
  const parted = p.reshape(out, [...out.shape.slice(0, -1), size, channels]);
  return p.transpose(parted, [last, ...range(last), last + 1]);
};

const impossible: VmapRule = ({ op }) => {
  throw new TypeError(`vmap: ${op} has no inputs to map over`);
};

export const vmapRules: Readonly<Record<PrimitiveName, VmapRule>> = {
  ...forEachName([...unaryNames, ...binaryNames], () => elementwise),
  ...forEachName(windowNames, () => images),
  ...forEachName(depthwiseNames, () => channelsApart),
  select: elementwise,
  full: impossible,
  broadcast: ({ params: { axes, shape }, inputs: [x], size }) =>
    p.broadcast(x, [0, ...shifted(axes!)], [size, ...shape!]),
  reshape: ({ params: { shape }, inputs: [x], size }) => p.reshape(x, [size, ...shape!]),
  transpose: ({ params: { permutation }, inputs: [x] }) => p.transpose(x, [0, ...shifted(permutation!)]),
  slice: ({ params: { start, limit }, inputs: [x], size }) =>
    apply('slice', [x], { start: [0, ...start!], limit: [size, ...limit!] }),
  pad: ({ params: { low, high }, inputs: [x] }) => apply('pad', [x], { low: [0, ...low!], high: [0, ...high!] }),
  concatenate: (site) => apply('concatenate', stacked(site), { axis: site.params.axis! + 1 }),
  reduceSum: ({ params, inputs: [x] }) => p.reduceSum(x, shifted(params.axes!)),
  reduceMax: ({ params, inputs: [x] }) => apply('reduceMax', [x], { axes: shifted(params.axes!) }),
  matmul: (site) => {
    const { params, inputs, batched, size } = site;
    const [a, b] = inputs;
    // a stack of row blocks against one matrix is one tall product
    if (batched[0] && !batched[1] && b.shape.length === 2 && params.transA !== 1) {
      const tall = p.reshape(a, [a.shape[0] * a.shape[1], a.shape[2]]);
      const out = apply('matmul', [tall, b], params);
      return p.reshape(out, [size, a.shape[1], out.shape[1]]);
    }
    return apply('matmul', stacked(site), params);
  },
  argsort: elementwise,
  logSumExp: elementwise,
  softmax: elementwise,
  gatherRows: (site) => {
    const [x, index] = stacked(site);
    const [, m, n] = x.shape;
    const out = apply('gatherRows', [p.reshape(x, [site.size * m, n]), p.reshape(index, [site.size * m])]);
    return p.reshape(out, [site.size, m]);
  },
  scatterRows: (site) => {
    const [x, index] = stacked(site);
    const m = x.shape[1];
    const rows = [site.size * m];
    const out = apply('scatterRows', [p.reshape(x, rows), p.reshape(index, rows)], site.params);
    return p.reshape(out, [site.size, m, site.params.columns!]);
  },
  gatherFlat: (site) => {
    const { inputs, batched, size } = site;
    if (!batched[0]) return apply('gatherFlat', [inputs[0], inputs[1]]);
    const [x, index] = stacked(site);
    return apply('gatherFlat', [x, shiftedPositions(index, sizeOf(x.shape) / size)]);
  },
  scatterFlat: (site) => {
    const [x, index] = stacked(site);
    const shape = site.params.shape!;
    return apply('scatterFlat', [x, shiftedPositions(index, sizeOf(shape))], { shape: [site.size, ...shape] });
  },
  // positions count from the start of each example's own array
  argmaxPool: (site) => shiftedPositions(images(site), -sizeOf(site.inputs[0].shape.slice(1))),
  convert: elementwise,
  stopGradient: elementwise,
};

/** index[i] + i·step for each i along the first axis; by way of float64, exact below 2^53, as arithmetic is for floats only. */
function shiftedPositions(index: Tensor, step: number): Tensor {
  const offsets = constant(Float64Array.from({ length: index.shape[0] }, (_, i) => i * step));
  const others = range(index.shape.length - 1, 1);
  return p.convert(p.add(p.convert(index, 'float64'), p.spread(offsets, others, index.shape)), 'int32');
}
