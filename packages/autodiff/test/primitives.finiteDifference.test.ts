import { describe, expect, it } from 'vitest';
import { checkGrads } from './everything.js';
import { primitiveNames } from './primitiveNames.js';
import { primitiveCases } from './primitiveCases.js';

describe('every primitive', () => {
  it('stands in the table of cases', () => {
    const covered = new Set(primitiveCases.flatMap(({ covers }) => covers));
    // a primitive whose derivative is zero by definition has nothing to compare: see identity.test.ts
    expect(primitiveNames.filter((name) => !covered.has(name))).toEqual(['stopGradient']);
  });
});

describe.each(primitiveCases)('$name', ({ f, args, order = 2 }) => {
  it('has derivatives that agree with central differences in float64, both modes', () => {
    const report = checkGrads(f, args, { order, seed: 3 });
    expect(report.checks.filter(({ passed }) => !passed)).toEqual([]);
  });

  it('has derivatives that agree with central differences in float32', () => {
    const single = args.map(({ data, shape }) => ({
      data: data instanceof Float64Array ? Float32Array.from(data) : data,
      shape,
    }));
    const report = checkGrads(f, single, { order: 1, seed: 4 });
    expect(report.checks.filter(({ passed }) => !passed)).toEqual([]);
  });
});
