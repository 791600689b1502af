// Digests and texts of programs: equal for equal programs, different for any difference; both the same after a journey as JSON or a clone.
import { describe, expect, it } from 'vitest';
import {
  add,
  constant,
  float32,
  float64,
  hash,
  mul,
  print,
  reshape,
  simplify,
  sum,
  tanh,
  trace,
  type Equation,
  type Program,
  type Tensor,
} from './everything.js';
import { instances } from './transforms/registry.js';

const numbers = Float64Array.of(1, 2, -0, NaN);
const f = (x: Tensor, y: Tensor): Tensor => sum(mul(tanh(add(x, constant(numbers))), reshape(y, [4])));
const { program } = trace(f, [float64(4), float64(2, 2)]);
const changed = (change: Partial<Program>): Program => ({ ...program, ...change });
const withEquation = (i: number, change: Partial<Equation>): Program =>
  changed({ equations: program.equations.map((equation, j) => (i === j ? { ...equation, ...change } : equation)) });

describe('the digest of a program', () => {
  it('has the form of a SHA-256', () => {
    expect(hash(program)).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('survives structuredClone, and does not ask in which order keys were written', () => {
    expect(hash(structuredClone(program))).toBe(hash(program));
    const { outputs, equations, constants, inputs, values } = program;
    expect(hash({ outputs, equations, constants, inputs, values })).toBe(hash(program));
  });

  const bits = (x: Float64Array, i: number, value: number): Float64Array => x.map((old, j) => (i === j ? value : old));
  it.each([
    [
      'a number of a constant',
      changed({ constants: [{ ...program.constants[0]!, data: bits(numbers, 1, 2 + 2 ** -51) }] }),
    ],
    ['the sign of its zero', changed({ constants: [{ ...program.constants[0]!, data: bits(numbers, 2, 0) }] })],
    [
      'the precision of a constant',
      changed({ constants: [{ ...program.constants[0]!, data: Float32Array.from(numbers) }] }),
    ],
    ['one number fewer', changed({ constants: [{ ...program.constants[0]!, data: numbers.slice(0, 3) }] })],
    ['an operation', withEquation(1, { op: 'sin' })],
    ['the order of operands', withEquation(0, { inputs: program.equations[0]!.inputs.toReversed() })],
    ['a parameter', withEquation(program.equations.length - 1, { params: { axes: [] } })],
    ['one equation fewer', changed({ equations: program.equations.slice(1) })],
    ['the order of inputs', changed({ inputs: program.inputs.toReversed() })],
    ['an output twice', changed({ outputs: [...program.outputs, ...program.outputs] })],
    ['a shape', changed({ values: program.values.map((spec, i) => (i === 1 ? { ...spec, shape: [4] } : spec)) })],
    [
      'a dtype',
      changed({ values: program.values.map((spec, i) => (i === 0 ? { ...spec, dtype: 'float32' as const } : spec)) }),
    ],
  ])('sees %s', (_, other) => {
    expect(hash(other)).not.toBe(hash(program));
  });

  it('tells all programs of the table apart, and each from its other precision', () => {
    const digests = instances.map(([, c]) => hash(simplify(c.program)));
    const texts = instances.map(([, c]) =>
      JSON.stringify(simplify(c.program), (_key, value: unknown) =>
        ArrayBuffer.isView(value) ? Array.from(value as never) : value,
      ),
    );
    expect(new Set(digests).size).toBe(new Set(texts).size);
    expect(new Set(digests).size).toBeGreaterThan(instances.length / 2);
  });

  it('takes a constant that is a part of a larger array for what it shows of it', () => {
    const large = Float64Array.of(9, 1, 2, -0, NaN, 9);
    const view = changed({ constants: [{ ...program.constants[0]!, data: large.subarray(1, 5) }] });
    expect(hash(view)).toBe(hash(program));
  });
});

describe('the text of a program', () => {
  it.each(instances)('%s has a line for every value and one for what is returned', (_, c) => {
    const lines = print(c.program).split('\n');
    expect(lines.length).toBe(c.program.values.length + 1);
    expect(lines.at(-1)).toBe(`return ${c.program.outputs.map((value) => `%${value}`).join(', ')}`);
    c.program.equations.forEach(({ op, output }) => {
      const [line] = lines.filter((text) => text.startsWith(`%${output} : `));
      expect(line).toContain(`= ${op}`);
    });
  });

  it('is short where there is nothing to compute', () => {
    const nothing = trace((x: Tensor) => x, [float32()]).program;
    expect(print(nothing)).toBe('%0 : float32[] = input\nreturn %0');
  });
});
