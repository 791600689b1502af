import { constantSchedule, sgd, train } from '@hyperribbon/nn';
import { stack } from '@hyperribbon/nn/models';

/**
 * Networks and examples of the questions about two classes.
 *
 * @param own `binary` of the settings
 */
export function pairOfDigits(whole, own) {
  const data = digitsOf(whole.train, own.digits, own.examplesPerDigit);
  const held = digitsOf(whole.test, own.digits, Infinity);
  const dense = (kind, bias) =>
    stack({
      input: [784],
      layers: [
        ...Array.from({ length: own.layers - 1 }, () => [{ kind: 'linear', out: own.width, bias }, { kind }]).flat(),
        { kind: 'linear', out: 2, bias },
      ],
    });
  const networks = {
    'rectifiers, no biases': dense('relu', false),
    'rectifiers, biases that do not decay': dense('relu', true),
    'tanh, no biases': dense('tanh', false),
  };
  return { networks, data, held };
}

/** Trained by gradient descent with weight decay. */
export function trainedPair(network, data, own, seed) {
  return train(network, data, {
    epochs: own.epochs,
    batchSize: own.batchSize,
    optimizer: sgd({ weightDecay: own.weightDecay, decayOf: own.decayOf }),
    schedule: constantSchedule(own.learningRate),
    seed,
  });
}

/** The first examples of each of some digits, numbered in their order. */
function digitsOf({ inputs, labels, features }, digits, most) {
  const counts = digits.map(() => 0);
  const rows = [...labels.keys()].filter((i) => {
    const c = digits.indexOf(labels[i]);
    return c >= 0 && counts[c]++ < most;
  });
  const chosen = new Float32Array(rows.length * features);
  rows.forEach((i, row) => chosen.set(inputs.subarray(i * features, (i + 1) * features), row * features));
  return {
    inputs: chosen,
    labels: Int32Array.from(rows, (i) => digits.indexOf(labels[i])),
    count: rows.length,
    features,
    classes: digits.length,
  };
}
