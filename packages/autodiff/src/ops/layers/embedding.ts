import { refuse } from '@hyperribbon/contract';
import * as p from '../../primitives/emit.js';
import { showShape } from '../../specs.js';
import type { Tensor } from '../../trace/tensor.js';
import { requireTensor } from '../broadcasting.js';
import { take } from '../take.js';

/**
 * Rows of a table by their numbers: result[…, :] = table[tokens[…], :].
 *
 * @param table (vocabulary, width)
 * @param tokens int32, or whole numbers in a float array, any shape; a fraction would be cut off
 * @returns (…, width)
 * @throws ArgumentError when called, for a token outside [0, vocabulary)
 * @example evaluateFunction((t, i) => embedding(reshape(t, [3, 2]), i), [[1, 2, 3, 4, 5, 6], [2, 0]]); // [5, 6, 1, 2]
 */
export function embedding(table: Tensor, tokens: Tensor): Tensor {
  if (requireTensor('embedding', table).shape.length !== 2)
    refuse('embedding', `table must be (vocabulary, width), got ${showShape(table.shape)}`);
  return take(table, p.convert(p.stop(requireTensor('embedding', tokens)), 'int32'));
}
