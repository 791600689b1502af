import { matmul, transpose } from '@hyperribbon/autodiff';
import { embedding as look } from '@hyperribbon/autodiff/layers';
import { maybe, text } from '@hyperribbon/contract/decode';
import type { Start } from '../network.js';
import { size, start } from './fields.js';
import { type Rule, lengths, refuseAt, within } from './module.js';

/** A row of numbers for each token: the first module of a network whose inputs are tokens. */
export interface Embedding {
  readonly kind: 'embedding';
  readonly name?: string;
  /** features of a token */
  readonly width: number;
  /** default normal with deviation 1 */
  readonly start?: Start;
}

/** weight (vocabulary, width), PyTorch's Embedding. */
export const embedding: Rule<Embedding> = {
  options: { width: size, start: maybe(start) },
  build({ width, start = { normal: 1 } }, site) {
    const { vocabulary, shape, name } = site;
    if (vocabulary === undefined || shape.length !== 1)
      return refuseAt(
        site,
        `takes tokens [positions], got ${lengths(shape)}${vocabulary === undefined ? ' without a vocabulary' : ''}`,
      );
    const weight = within(name, 'weight');
    return {
      shape: [shape[0], width],
      parameters: [{ name: weight, shape: [vocabulary, width], start }],
      apply: (h, { params }) => look(params[weight], h),
    };
  },
};

/** The table of an embedding once more, as the last layer: weights are tied. */
export interface Unembedding {
  readonly kind: 'unembedding';
  readonly name?: string;
  /** name of the embedding, such as `transformer.wte` */
  readonly table: string;
}

/** h times the transposed weight of the embedding; no arrays of its own. */
export const unembedding: Rule<Unembedding> = {
  options: { table: text },
  build({ table }, site) {
    const { shape, before } = site;
    const weight = within(table, 'weight');
    const found = before.get(weight);
    const width = shape[shape.length - 1];
    if (shape.length > 2 || found?.length !== 2 || found[1] !== width)
      return refuseAt(
        site,
        `table must name an embedding before it with ${width} features, got ${JSON.stringify(table)}${found === undefined ? '' : ` of ${lengths(found)}`}`,
      );
    return { shape: [...shape.slice(0, -1), found[0]], apply: (h, { params }) => matmul(h, transpose(params[weight])) };
  },
};
