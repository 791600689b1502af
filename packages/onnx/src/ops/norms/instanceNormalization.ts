import { type Tensor, add, mul, reshape } from '@hyperribbon/autodiff';
import { type Call, type Operator, requireRank } from '../../values/call.js';
import { range, sizeOf } from '../../values/shapes.js';
import { channelsLast, lastTensor, plain } from '../../values/value.js';
import { normalize } from './normalize.js';

/** Normalises each channel of each example, then scales and shifts by channel */
export const InstanceNormalization: Operator = (call) => {
  const x = call.input(0);
  requireRank(call, x.shape, 3, 4, 5);
  const { normal } = normalize(lastTensor(x), range(x.shape.length - 2, 1), call.float('epsilon', 1e-5));
  return channelsLast(x.type, add(mul(normal, call.tensor(1)), call.tensor(2)));
};

/** Normalises groups of channels of each example; scale and shift are by group before opset 21, by channel since */
export const GroupNormalization: Operator = (call) => {
  const [x, { type }] = [call.tensor(0), call.input(0)];
  const groups = call.int('num_groups', 0);
  const [batch, channels, ...places] = x.shape;
  if (!(groups >= 1) || channels % groups !== 0) call.refuse(`${groups} groups do not divide ${channels} channels`);
  const rows = reshape(x, [batch, groups, (channels / groups) * sizeOf(places)]);
  const { normal } = normalize(rows, [2], call.float('epsilon', 1e-5));
  const [scale, shift] = [perChannel(call, 1, groups, channels), perChannel(call, 2, groups, channels)];
  const spread = (t: Tensor): Tensor => reshape(t, [1, t.shape[0], ...places.map(() => 1)]);
  if (scale.shape[0] === groups && groups !== channels) {
    const scaled = add(mul(normal, reshape(scale, [1, groups, 1])), reshape(shift, [1, groups, 1]));
    return plain(type, reshape(scaled, x.shape));
  }
  return plain(type, add(mul(reshape(normal, x.shape), spread(scale)), spread(shift)));
};

function perChannel(call: Call, input: number, groups: number, channels: number): Tensor {
  const t = call.tensor(input);
  if (t.shape.length !== 1 || (t.shape[0] !== groups && t.shape[0] !== channels))
    call.refuse(`input ${input} must hold one number for each of ${groups} groups or ${channels} channels`);
  return t;
}
