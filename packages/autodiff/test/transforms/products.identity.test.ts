// Oracle: one derivative against the other ways to it. Jacobians by columns and by rows, products with vectors, split and transposed programs.
import { describe, expect, it } from 'vitest';
import { evaluate, jacfwd, jacrev, jvpProgram, linearizeProgram, transposeProgram, vjpProgram } from '../everything.js';
import { floatInputs } from '../../src/transforms/jvp.js';
import { call, directions, inner, instances, largest, wave } from './registry.js';

describe.each(instances)('%s', (_, c) => {
  const { program, specs, data, dtype, epsilon, f } = c;
  const wrt = floatInputs(program);
  const v = directions(c, 5);
  const tangents = wrt.map((i) => v[i]!);
  const [y] = evaluate(program, data);
  const [, dy] = evaluate(jvpProgram(program), [...data, ...tangents]);
  const w = wave(y!.length, 11, dtype);
  const pulled = evaluate(vjpProgram(program), [...data, w]).slice(1);
  const size = 1 + largest(dy!, ...pulled);

  it('⟨w, J v⟩ = ⟨Jᵀ w, v⟩', () => {
    const [left, right] = [inner(w, dy!), tangents.reduce((sum, x, i) => sum + inner(pulled[i]!, x), 0)];
    expect(Math.abs(left - right)).toBeLessThanOrEqual(64 * epsilon * size * (1 + y!.length + tangents.length * 16));
  });

  it('Jacobians by columns and by rows are one matrix, and J v is its product with v', () => {
    const x = wrt[0]!;
    const byFirst = (...args: never[]): unknown =>
      jacfwd((first: never) => f(...(Object.assign([...args], { [x]: first }) as never[])))(args[x]!);
    const byRows = (...args: never[]): unknown =>
      jacrev((first: never) => f(...(Object.assign([...args], { [x]: first }) as never[])))(args[x]!);
    const [columns, rows] = [call(byFirst, specs, data)[0]!, call(byRows, specs, data)[0]!];
    const scale = 1 + largest(columns);
    expect(largest(Float64Array.from(columns, (value, i) => value - rows[i]!))).toBeLessThanOrEqual(
      64 * epsilon * scale,
    );
    const only = v.map((d, i) => (i === x ? d : new Float64Array(d.length)));
    const [, along] = evaluate(jvpProgram(program, { wrt: [x] }), [...data, only[x]!]);
    const n = data[x]!.length;
    const product = Float64Array.from(y!, (_value, i) => inner(columns.slice(i * n, (i + 1) * n), only[x]!));
    expect(largest(Float64Array.from(along!, (value, i) => value - product[i]!))).toBeLessThanOrEqual(
      128 * epsilon * scale * (1 + n),
    );
  });

  it('split by linearizeProgram is the same derivative, linear in its tangents, with the value as its first output', () => {
    const { primal, tangent, residuals } = linearizeProgram(program);
    const kept = evaluate(primal, data);
    expect(kept[0]).toEqual(y);
    const held = residuals.map((r) => ('input' in r ? data[r.input]! : kept[r.output]!));
    const [split] = evaluate(tangent, [...held, ...tangents]);
    const [twice] = evaluate(tangent, [...held, ...tangents.map((t) => t.map((x: number) => 2 * x))]);
    expect(largest(Float64Array.from(split!, (value, i) => value - dy![i]!))).toBeLessThanOrEqual(64 * epsilon * size);
    expect(twice).toEqual(split!.map((x: number) => 2 * x));
    const back = evaluate(transposeProgram(tangent, { linear: tangents.map((_t, i) => residuals.length + i) }), [
      ...held,
      w,
    ]);
    const worst = largest(...back.map((g, i) => Float64Array.from(g, (value, j) => value - pulled[i]![j]!)));
    expect(worst).toBeLessThanOrEqual(64 * epsilon * size);
  });
});
