import { refuseType } from '@hyperribbon/contract';
import { binaryCrossEntropy, type Loss, softmaxCrossEntropy, squaredError } from './losses.js';
import { tokenCrossEntropy, type TokenCrossEntropyOptions } from './tokenCrossEntropy.js';

/** A loss as plain data, so that it can be stored and sent; {@link lossFromData} makes it run. */
export type LossData =
  | { readonly kind: 'softmax-cross-entropy' | 'binary-cross-entropy' | 'squared-error' }
  | (TokenCrossEntropyOptions & { readonly kind: 'token-cross-entropy' });

const functions: Readonly<Record<Exclude<LossData['kind'], 'token-cross-entropy'>, Loss>> = {
  'softmax-cross-entropy': softmaxCrossEntropy,
  'binary-cross-entropy': binaryCrossEntropy,
  'squared-error': squaredError,
};

/**
 * The loss that plain data name.
 *
 * @throws ArgumentTypeError for another kind; as tokenCrossEntropy for its options
 * @example lossFromData({ kind: 'squared-error' }) === squaredError; // true
 */
export function lossFromData(data: LossData): Loss {
  if (data.kind === 'token-cross-entropy') {
    const { kind: _kind, ...options } = data;
    return tokenCrossEntropy(options);
  }
  if (!Object.hasOwn(functions, data.kind))
    refuseType('lossFromData', 'kind', [...Object.keys(functions), 'token-cross-entropy'].join(', '), data.kind);
  return functions[data.kind];
}
