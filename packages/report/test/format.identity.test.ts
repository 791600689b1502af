// How numbers are written: to the safe side where a side is safe.
import { describe, expect, it } from 'vitest';
import {
  confidence,
  duration,
  integer,
  number,
  percent,
  percentTick,
  percentUp,
  powerOfTen,
} from '../src/page/format.js';
import { html, plain, svgText } from '../src/page/markup.js';

describe('numbers as they are read', () => {
  it('round bounds up and confidence down', () => {
    expect(percentUp(0.08021)).toBe('8.03\u202F%');
    expect(percent(0.08021)).toBe('8.02\u202F%');
    expect(percentUp(0.135)).toBe('13.5\u202F%');
    // one double above a whole step
    expect(percentUp(0.08 + 2 ** -56)).toBe('8.01\u202F%');
    expect(percentUp(0.3 + 2 ** -54)).toBe('30.1\u202F%');
    expect(percentUp(0.3)).toBe('30.0\u202F%');
    expect(confidence(1 - 0.035)).toBe('96.5\u202F%');
    expect(confidence(0.96499)).toBe('96.4\u202F%');
    expect(confidence(0.9999999)).toBe('99.99999\u202F%');
  });
  it('never write a bound smaller than it is, nor a confidence larger', () => {
    for (let i = 1; i < 1000; i++) {
      const x = i / 1009;
      // as the double that the text says
      expect(Math.round(Number.parseFloat(percentUp(x)) * 100) / 1e4).toBeGreaterThanOrEqual(x);
      expect(Number.parseFloat(confidence(x)) / 100).toBeLessThanOrEqual(x + 1e-12);
    }
  });
  it('keep three digits, group thousands, and use powers of ten outside', () => {
    expect([0.028349, 12.345, 0.001234, -0.0115, 0].map((x) => plain(number(x)))).toEqual([
      '0.0283',
      '12.3',
      '0.00123',
      '−0.0115',
      '0',
    ]);
    expect(integer(832802)).toBe('832\u202F802');
    expect(plain(number(1.2345e-7))).toBe('1.23\u202F×\u202F10^−7');
    expect(plain(number(23456.7))).toBe('23\u202F500');
    expect(plain(number(123456.7, 5))).toBe('123\u202F460');
    expect([0.42, 12, 185].map(duration)).toEqual(['0.4\u202Fs', '12\u202Fs', '3\u202Fmin 5\u202Fs']);
    expect(plain(percentTick(0.125))).toBe('12.5\u202F%');
  });
  it('raise exponents in every medium', () => {
    const rich = powerOfTen(-3, -1);
    expect(plain(rich)).toBe('−10^−3');
    expect(html(rich)).toBe('−10<sup>−3</sup>');
    expect(svgText(rich)).toMatch(/^−10<tspan[^>]*>−3<\/tspan>$/u);
    expect(svgText([...rich, ' nats'])).toMatch(/<tspan dy="0.38em"> nats<\/tspan>$/u);
  });
});
