import { createWorkspace } from '@hyperribbon/kernels';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, type Program } from '../everything.js';
import { differences, run, type Data } from './plannedRun.js';
import { randomProgram, type Dtype, type Pick } from './randomPrograms.js';

const choices = fc.array(fc.nat(10_000), { minLength: 10, maxLength: 120 });
const picker = (list: readonly number[]): Pick => {
  let next = 0;
  return (n) => (n <= 0 ? 0 : list[next++ % list.length]! % n);
};
const inputsOf = (program: Program): Data[] =>
  program.inputs.map((value, k) => {
    const { shape, dtype } = program.values[value]!;
    const length = shape.reduce((a, b) => a * b, 1);
    const numbers = Array.from({ length }, (_, i) => Math.sin(2.3 * i + k) + 0.2);
    return dtype === 'float32' ? Float32Array.from(numbers) : Float64Array.from(numbers);
  });
const kinds = ['value', 'gradient', 'tangent'] as const;
const programs = fc.record({
  list: choices,
  steps: fc.integer({ min: 1, max: 30 }),
  dtype: fc.constantFrom<Dtype>('float32', 'float64'),
  kind: fc.constantFrom(...kinds),
});
const hasWasm = createWorkspace({ bytes: 0, deterministic: true, engine: 'wasm' }).info.engine === 'wasm';

describe('random programs', () => {
  it('run as the interpreter runs them, in any order of execution', () => {
    const agree = fc.property(programs, ({ list, steps, dtype, kind }) => {
      const program = randomProgram(picker(list), steps, dtype, kind);
      const inputs = inputsOf(program);
      const expected = evaluate(program, inputs);
      // rounding grows along 30 operations; a wrong one is wrong in the first digits
      const ulps = dtype === 'float32' ? 3000 : 1e6;
      for (const options of [{}, { blockBytes: 16 }, { fused: false }])
        expect(differences(run(program, inputs, options), expected, ulps)).toEqual([]);
    });
    fc.assert(agree, { seed: 20240607, numRuns: 250 });
  });

  it('are not trivial: most have outputs that are not zero, and one moved number is seen', () => {
    const nonzero = fc.sample(programs, { seed: 3, numRuns: 100 }).filter(({ list, steps, dtype, kind }) => {
      const program = randomProgram(picker(list), steps, dtype, kind);
      const expected = evaluate(program, inputsOf(program));
      const scale = Array.from(expected[0]!).reduce((m, x) => Math.max(m, Math.abs(x)), 0);
      if (!(scale > 0)) return false;
      const ulps = dtype === 'float32' ? 3000 : 1e6;
      const moved = expected.map((x) => x.slice());
      moved[0]![0]! += 10 * ulps * (dtype === 'float32' ? 2 ** -23 : 2 ** -52) * scale;
      expect(differences(moved, expected, ulps)).toHaveLength(1);
      return true;
    });
    expect(nonzero.length).toBeGreaterThan(60);
  });

  it('add to their outputs when asked to', () => {
    const agree = fc.property(programs, ({ list, steps, dtype, kind }) => {
      const program = randomProgram(picker(list), steps, dtype, kind);
      const inputs = inputsOf(program);
      const accumulate = program.outputs.map(() => true);
      const ulps = dtype === 'float32' ? 3000 : 1e6;
      expect(differences(run(program, inputs, { accumulate }), evaluate(program, inputs), ulps)).toEqual([]);
    });
    fc.assert(agree, { seed: 7, numRuns: 100 });
  });

  it.skipIf(!hasWasm)('give the same bits with WebAssembly and TypeScript kernels', () => {
    const agree = fc.property(programs, ({ list, steps, dtype, kind }) => {
      const program = randomProgram(picker(list), steps, dtype, kind);
      const inputs = inputsOf(program);
      const [wasm, twin] = (['wasm', 'typescript'] as const).map((engine) => run(program, inputs, { engine }));
      expect(wasm).toEqual(twin);
    });
    fc.assert(agree, { seed: 11, numRuns: 120 });
  });
});
