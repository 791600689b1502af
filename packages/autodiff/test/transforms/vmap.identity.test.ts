// Oracle: one run for each example.
import { describe, expect, it } from 'vitest';
import { evaluate, vmapProgram } from '../everything.js';
import type { Data } from '../plan/plannedRun.js';
import { instances, largest } from './registry.js';

const copies = 3;
const stretched = (x: Data, k: number): Data =>
  x instanceof Int32Array ? x : x.map((value: number) => value * (1 + k / 32));
const stacked = (parts: readonly Data[]): Data => {
  const type = parts[0]!.constructor as new (length: number) => Data;
  const out = new type(parts.length * parts[0]!.length);
  parts.forEach((part, k) => out.set(part, k * part.length));
  return out;
};

describe.each(instances)('%s', (_, { program, data, epsilon }) => {
  const rounds = (got: Data, want: Data): void => {
    expect(got.length).toBe(want.length);
    expect(largest(Float64Array.from(got, (x, i) => x - want[i]!))).toBeLessThanOrEqual(
      64 * epsilon * (1 + largest(want)),
    );
  };

  it('for all inputs together is one run for each', () => {
    const examples = Array.from({ length: copies }, (_value, k) => data.map((x) => stretched(x, k)));
    const [got] = evaluate(
      vmapProgram(program, { size: copies }),
      data.map((_x, i) => stacked(examples.map((example) => example[i]!))),
    );
    rounds(got!, stacked(examples.map((example) => evaluate(program, example)[0]!)));
  });

  it('for each input alone, the others shared, too', () => {
    data.forEach((x, i) => {
      const parts = Array.from({ length: copies }, (_value, k) => stretched(x, k));
      const given = (part: Data): Data[] => data.map((other, j) => (i === j ? part : other));
      const [got] = evaluate(vmapProgram(program, { size: copies, mapped: [i] }), given(stacked(parts)));
      rounds(got!, stacked(parts.map((part) => evaluate(program, given(part))[0]!)));
    });
  });

  it('of one example is the run itself, and of none is empty', () => {
    const [one] = evaluate(vmapProgram(program, { size: 1 }), data);
    rounds(one!, evaluate(program, data)[0]!);
    const [none] = evaluate(
      vmapProgram(program, { size: 0 }),
      data.map((x) => x.slice(0, 0)),
    );
    expect(none!.length).toBe(0);
  });
});
