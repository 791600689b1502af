import { number } from '../../page/format.js';
import type { Rich } from '../../page/markup.js';
import type { Note } from '../notes/shape.js';
import type { SlopeFit } from './fit.js';

export function fitText({ slope, rSquared, from, to }: SlopeFit): Rich {
  const change = slope > 0 ? ': ln λ rises' : ': ln λ falls';
  return [
    ...number(slope, 3),
    `${change} by so much from one eigenvalue to the next, over indices ${from} to ${to}, R² `,
    ...number(rSquared, 4),
  ];
}

export const slopeNote: Note = {
  title: 'Slope and noise floor',
  text:
    'The slope is that of ln λ against the index, by least squares over the window given; how far a straight line fits is R². Indices start at 0. ' +
    'Below the noise floor an eigenvalue cannot be told from the rounding of the operator: such values are counted, not drawn.',
};
