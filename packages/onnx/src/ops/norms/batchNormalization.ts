import { type Tensor, add, batchNorm, mul } from '@hyperribbon/autodiff';
import { batchNormTraining } from '@hyperribbon/autodiff/layers';
import { type Call, type Operator } from '../../values/call.js';
import { plain } from '../../values/value.js';

/**
 * (x − mean)/√(variance + epsilon)·scale + shift by channel.
 *
 * In training mode mean and variance are those of the batch. The running ones take in the batch's by momentum: with the biased variance where
 * the graph computes it as its file says, with the unbiased one in a step of training, as PyTorch does.
 */
export const BatchNormalization: Operator = (call) => {
  const x = call.input(0);
  const axis = x.channelsLast ? x.shape.length - 1 : 1;
  const options = { scale: call.tensor(1), shift: call.tensor(2), epsilon: call.float('epsilon', 1e-5), axis };
  if (!usesBatch(call)) {
    const [mean, variance] = [call.tensor(3), call.tensor(4)];
    // a node that was exported for training gives statistics too, which stay what they are
    const still = [mean, variance, mean, variance].slice(0, call.outputs - 1).map((tensor) => plain(x.type, tensor));
    return [{ ...x, tensor: batchNorm(x.tensor, { ...options, mean, variance }) }, ...still];
  }
  const { output, mean, variance, unbiasedVariance } = batchNormTraining(x.tensor, options);
  const kept = [moved(call, 3, mean), moved(call, 4, call.mode === 'training' ? unbiasedVariance : variance)];
  call.keep?.({ [call.names[3]]: kept[0], [call.names[4]]: kept[1] });
  return [{ ...x, tensor: output }, ...kept.map((tensor) => plain(x.type, tensor))];
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
