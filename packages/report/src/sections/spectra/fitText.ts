import { number } from '../../page/format.js';
import type { Rich } from '../../page/markup.js';
import type { Note } from '../notes/shape.js';
import type { SlopeFit } from './fit.js';

export function fitText({ slope, rSquared, from, to }: SlopeFit): Rich {
  return [...number(slope, 3), ` per index over ${from} to ${to}, R² `, ...number(rSquared, 4)];
}

export const slopeNote: Note = {
  title: 'Slope and noise floor',
  text:
    'The slope is that of ln λ against the index, by least squares over the window given; minus the slope is the sloppiness of the ' +
    'spectrum. Below the noise floor an eigenvalue cannot be told from the rounding of the operator: such values are counted, not drawn.',
};
