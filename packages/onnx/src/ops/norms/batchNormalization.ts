import { type Tensor, add, batchNorm, mean, mul, reshape, square, sub } from '@hyperribbon/autodiff';
import { type Call, type Operator } from '../../values/call.js';
import { range, sizeOf } from '../../values/shapes.js';
import { type Value, plain } from '../../values/value.js';

/**
 * (x − mean)/√(variance + epsilon)·scale + shift by channel.
 *
 * In training mode mean and variance are those of the batch. The running ones take in the batch's by momentum: with the biased variance where
 * the graph computes it as its file says, with the unbiased one in a step of training, as PyTorch does.
 */
export const BatchNormalization: Operator = (call) => {
  const x = call.input(0);
  const axis = x.channelsLast ? x.shape.length - 1 : 1;
  const epsilon = call.float('epsilon', 1e-5);
  const [scale, shift] = [call.tensor(1), call.tensor(2)];
  const result = (mean: Tensor, variance: Tensor): Value => ({
    ...x,
    tensor: batchNorm(x.tensor, { mean, variance, scale, shift, epsilon, axis }),
  });
  if (!usesBatch(call)) return [result(call.tensor(3), call.tensor(4))];
  const others = range(x.shape.length).filter((i) => i !== axis);
  const center = mean(x.tensor, others);
  const spread = x.shape.map((length, i) => (i === 1 ? length : 1));
  const centred = sub(x.tensor, reshape(center, x.channelsLast ? [...spread.toSpliced(1, 1), spread[1]] : spread));
  const variance = mean(square(centred), others);
  const count = sizeOf(others.map((i) => x.tensor.shape[i]));
  const unbiased = call.mode === 'training' && count > 1 ? mul(variance, count / (count - 1)) : variance;
  const kept = [moved(call, 3, center), moved(call, 4, unbiased)];
  call.keep?.({ [call.names[3]]: kept[0], [call.names[4]]: kept[1] });
  return [result(center, variance), ...kept.map((tensor) => plain(x.type, tensor))];
};

/** Whether the statistics are those of the batch: the graph says so, and it is not evaluated. */
export function usesBatch(call: Pick<Call, 'mode' | 'int' | 'opset' | 'outputs'>): boolean {
  if (call.mode === 'evaluation') return false;
  return call.opset >= 14 ? call.int('training_mode', 0) === 1 : call.outputs > 1;
}

function moved(call: Call, input: number, batch: Tensor): Tensor {
  const momentum = call.float('momentum', 0.9);
  return add(mul(call.tensor(input), momentum), mul(batch, 1 - momentum));
}
