import { broadcastTo, concatenate, reshape, slice, transpose } from '@hyperribbon/autodiff';
import { type Decoder, count, maybe } from '@hyperribbon/contract/decode';
import type { Start } from '../network.js';
import { start } from './fields.js';
import { type Rule, lengths, refuseAt, requireImage, requireSequence } from './module.js';

/** The places of an image as positions, row by row; their channels as features. */
export interface Places {
  readonly kind: 'places';
  readonly name?: string;
}

export const places: Rule<Places> = {
  options: {},
  build(_, site) {
    const [channels, height, width] = requireImage(site);
    return {
      shape: [height * width, channels],
      apply: (h) => reshape(h, [h.shape[0], height * width, channels]),
    };
  },
};

/** A learnt position before all others. The array is called as the module. */
export interface ClassToken {
  readonly kind: 'classToken';
  readonly name?: string;
  /** default 0 */
  readonly start?: Start;
}

/** (1, 1, features), as torchvision's vision transformers have it. */
export const classToken: Rule<ClassToken> = {
  options: { start: maybe(start) },
  build({ start = 0 }, site) {
    const [positions, features] = requireSequence(site);
    const { name } = site;
    return {
      shape: [positions + 1, features],
      parameters: [{ name, shape: [1, 1, features], start }],
      apply: (h, { params }) => concatenate([broadcastTo(params[name], [h.shape[0], 1, features]), h], 1),
    };
  },
};

/** One position of a sequence. */
export interface Position {
  readonly kind: 'position';
  readonly name?: string;
  /** its number from 0, or 'last' */
  readonly at: number | 'last';
}

const place: Decoder<number | 'last'> = (value, path) => (value === 'last' ? value : count(value, path));

export const position: Rule<Position> = {
  options: { at: place },
  build({ at }, site) {
    const [positions, features] = requireSequence(site);
    const chosen = at === 'last' ? positions - 1 : at;
    if (chosen >= positions) refuseAt(site, `at must be below the ${positions} positions, got ${at}`);
    return {
      shape: [features],
      apply: (h) => reshape(slice(h, [0, chosen, 0], [h.shape[0], chosen + 1, features]), [h.shape[0], features]),
    };
  },
};

/** [a, b] to [b, a]: what PyTorch's Conv1d takes is [channels, positions], ours [positions, features]. */
export interface Transpose {
  readonly kind: 'transpose';
  readonly name?: string;
}

export const transposed: Rule<Transpose> = {
  options: {},
  build(_, site) {
    const { shape } = site;
    if (shape.length !== 2) refuseAt(site, `takes sequences, got ${lengths(shape)}`);
    return { shape: [shape[1], shape[0]], apply: (h) => transpose(h, [0, 2, 1]) };
  },
};
