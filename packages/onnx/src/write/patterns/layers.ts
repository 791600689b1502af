import { shortest } from '../../protobuf/shortest.js';
import { ownOrder, spread } from '../held.js';
import { gemm } from '../rules/products.js';
import { type Pattern, rowAdded, vector } from './reading.js';

/** A product of matrices with a row added to all of its rows. */
export const productWithBias: Pattern = (reading, equation) => {
  const added = rowAdded(reading, equation);
  const product = added && reading.made(added[0], 'matmul');
  if (added === undefined || product === undefined || !reading.readOnce(product.output)) return undefined;
  const out = reading.program.values[product.output];
  if (out.shape.length !== 2 || reading.made(product.inputs[0], 'im2col') !== undefined) return undefined;
  const inputs = product.inputs.map((value) => reading.hold(value));
  return gemm({ draft: reading.draft, inputs, params: product.params, out }, vector(reading, added[1]));
};

/** (x − mean) · (1/√(variance + ε) · scale) + shift along one axis, as batchNorm writes it. */
export const normalization: Pattern = (reading, { inputs: [normal, shift], output }) => {
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
};
