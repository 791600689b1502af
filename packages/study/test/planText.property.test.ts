// Oracle: equal plans have equal texts, and only those.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planDifferences, planDigest, planText } from '../src/index.js';

const plan = {
  epochs: 5,
  rate: 0.1,
  name: 'a',
  list: [3, 1, 2],
  nested: { b: true, a: null },
  weights: Float32Array.of(1, 2),
};

describe('planText', () => {
  it('does not depend on the order in which a plan was written', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(fc.integer(), fc.string()), { maxKeys: 6 }), (record) => {
        const reversed = Object.fromEntries(Object.entries(record).toReversed());
        expect(planText(reversed)).toBe(planText(record));
        expect(JSON.parse(planText(record))).toEqual(record);
      }),
      { seed: 2, numRuns: 200 },
    );
  });

  it.each([
    ['a number', { ...plan, epochs: 6 }],
    ['a list in another order', { ...plan, list: [1, 2, 3] }],
    ['one weight', { ...plan, weights: Float32Array.of(1, 3) }],
    ['the precision of the weights', { ...plan, weights: Float64Array.of(1, 2) }],
    ['a nested value', { ...plan, nested: { b: true, a: 0 } }],
    ['an option more', { ...plan, seed: 0 }],
    ['NaN in place of a number', { ...plan, rate: NaN }],
  ])('differs by %s', (_, other) => {
    expect(planText(other)).not.toBe(planText(plan));
    expect(planDigest(other)).not.toBe(planDigest(plan));
  });

  it('leaves out what is undefined, and tells infinities apart', () => {
    expect(planText({ ...plan, seed: undefined })).toBe(planText(plan));
    expect(planText({ at: Infinity })).not.toBe(planText({ at: -Infinity }));
    expect(planText({ at: Infinity })).not.toBe(planText({ at: null }));
  });

  it.each([() => 1, Symbol('x')])('refuses %s', (value) => {
    expect(() => planText({ value })).toThrow(/planText: value must be plain data/);
  });

  it('has a digest of 256 bits', () => {
    expect(planDigest({})).toBe('sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
  });
});

describe('planDifferences', () => {
  it('names every setting that differs, with both values', () => {
    const [found, wanted] = [
      { ...plan, epochs: 6, old: 1 },
      { ...plan, nested: { b: false, a: null }, name: 'b' },
    ];
    expect(planDifferences(planText(found), planText(wanted))).toEqual([
      'epochs: 6, not 5',
      'name: "a", not "b"',
      'nested.b: true, not false',
      'old: 1, not given',
    ]);
    expect(planDifferences(planText(plan), planText(plan))).toEqual([]);
  });

  it('says so where what was found is no plan', () => {
    expect(planDifferences('hello', '{"a":1}')).toEqual(['the plan: hello, not given', 'a: missing, not 1']);
  });
});
