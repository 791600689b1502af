import { type Tensor, div, logSoftmax, mul, neg, reshape, select, sub, sum, zerosLike } from '@hyperribbon/autodiff';
import { equal } from '@hyperribbon/autodiff/array';
import { type Call, type Operator } from '../../values/call.js';
import { plain } from '../../values/value.js';
import { unitVectors } from '../indexing/unitVectors.js';

/** −weight·x at the target's channel, summed, averaged by weight, or for each place; ignored targets weigh nothing */
export const NegativeLogLikelihoodLoss: Operator = (call) =>
  plain(call.input(0).type, likelihoodLoss(call, call.tensor(0)));

/** The same of ln softmax over the channels, which is the second output */
export const SoftmaxCrossEntropyLoss: Operator = (call) => {
  const { type } = call.input(0);
  const logs = logSoftmax(call.tensor(0), 1);
  return [plain(type, likelihoodLoss(call, logs)), plain(type, logs)];
};

function likelihoodLoss(call: Call, logs: Tensor): Tensor {
  const targets = call.tensor(1);
  const channels = logs.shape[1];
  const seen = unitVectors(targets, channels, 1, logs.dtype);
  const picked = sum(select(seen, logs, zerosLike(logs)), 1);
  const weights = call.has(2) ? reshape(call.tensor(2), [1, channels, ...logs.shape.slice(2).map(() => 1)]) : undefined;
  const weight = sum(weights === undefined ? seen : mul(seen, weights), 1);
  const ignored =
    call.attribute('ignore_index') === undefined ? undefined : equal(targets, call.int('ignore_index', 0));
  const counted = ignored === undefined ? weight : mul(weight, sub(1, ignored));
  const losses = neg(mul(counted, picked));
  const reduction = call.text('reduction', 'mean');
  if (reduction === 'none') return losses;
  if (reduction === 'sum') return sum(losses);
  if (reduction !== 'mean') return call.refuse(`reduces by ${reduction}, which is not computed`);
  return div(sum(losses), sum(counted));
}
