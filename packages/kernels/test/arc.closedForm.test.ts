// Oracle: closed forms of arc sines, and the series near 0.
import { expect, test } from 'vitest';
import { arc } from '../src/scalar/arc.js';

const EPS = 2 ** -52;

test('angles whose chords are known', () => {
  for (const [q, angle] of [
    [2, Math.PI / 2],
    [1, Math.PI / 3],
    [2 - Math.sqrt(3), Math.PI / 6],
    [2 - Math.SQRT2, Math.PI / 4],
    [(3 - Math.sqrt(5)) / 2, Math.PI / 5],
  ] as const) {
    expect(Math.abs(arc(q) - angle)).toBeLessThan(2 * EPS * angle);
    expect(Math.abs(arc(q) - angle * (1 + 20 * EPS))).toBeGreaterThan(2 * EPS * angle);
  }
  expect(arc(0)).toBe(0);
});

test('near 0 the angle is the chord (1 + q/24 + 3 q²/640), to the last digits', () => {
  for (let q = 1e-6; q > 1e-300; q /= 7) {
    const expected = Math.sqrt(q) * (1 + q / 24 + (3 * q * q) / 640);
    expect(Math.abs(arc(q) - expected)).toBeLessThanOrEqual(2 * EPS * expected);
  }
});

test('grows with the chord', () => {
  for (let q = 0.001; q <= 2; q += 0.001) expect(arc(q)).toBeGreaterThan(arc(q - 0.001));
});
