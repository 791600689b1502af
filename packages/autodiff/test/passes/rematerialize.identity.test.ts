// Oracle: the program before the pass. What is made again has the same bits, and less is kept.
import { describe, expect, it } from 'vitest';
import {
  add,
  conv2d,
  evaluate,
  float64,
  grad,
  jvpProgram,
  linearizeProgram,
  mul,
  relu,
  reshape,
  sin,
  square,
  sub,
  sum,
  tanh,
  trace,
  type Program,
  type Tensor,
} from '../everything.js';
import { cheapRecipes, followRecipes } from '../../src/plan/chunked/rematerialize.js';
import { gatherFactors } from '../../src/simplify/gatherFactors.js';
import { accumulate } from '../../src/transforms/accumulate.js';
import { collect } from '../../src/trace/collect.js';
import { input } from '../../src/trace/tensor.js';
import { apply } from '../../src/trace/apply.js';
import { wave } from '../transforms/registry.js';

const images = (w: Tensor, x: Tensor): Tensor =>
  sum(square(tanh(conv2d(tanh(reshape(x, [1, 5, 5, 1])), w, { padding: 'valid' }))));

describe('recipes', () => {
  const { program } = trace(grad(images as never) as never, [float64(2, 1, 3, 3), float64(25)]);
  const split = linearizeProgram(program, { wrt: [0] });
  const { primal, tangent, residuals } = split;
  const values = residuals.map((r) => ('input' in r ? primal.inputs[r.input]! : primal.outputs[r.output]!));
  const recipes = values.map(cheapRecipes(primal));

  it('lead from image patches to the image, by moves alone', () => {
    const followed = recipes.filter(({ equations }) => equations.length > 0);
    expect(followed.length).toBeGreaterThan(0);
    for (const { source, equations } of followed) {
      expect(equations.some(({ op }) => op === 'im2col')).toBe(true);
      expect(equations.every(({ op }) => op === 'im2col' || op === 'reshape')).toBe(true);
      expect(equations[0]!.inputs).toEqual([source]);
    }
  });

  it('are empty where there is arithmetic on the way', () => {
    recipes.forEach((recipe, i) => {
      const maker = primal.equations.find(({ output }) => output === values[i]);
      if (maker !== undefined && maker.op !== 'im2col' && maker.op !== 'reshape')
        expect(recipe).toEqual({ source: values[i], equations: [] });
    });
  });

  it('followed first give the tangent program its old results, bit for bit', () => {
    const following = followRecipes(primal, tangent, recipes);
    expect(following.inputs.length).toBe(tangent.inputs.length);
    const data = [wave(18, 1, 'float64'), wave(25, 2, 'float64')];
    const everyValue = evaluate({ ...primal, outputs: [...values, ...recipes.map(({ source }) => source)] }, data);
    const [held, sources] = [everyValue.slice(0, values.length), everyValue.slice(values.length)];
    const v = wave(18, 3, 'float64');
    expect(evaluate(following, [...sources, v])).toEqual(evaluate(tangent, [...held, v]));
    const kept = (list: readonly ArrayLike<number>[]): number => list.reduce((sum_, { length }) => sum_ + length, 0);
    expect(kept(sources)).toBeLessThan(kept(held));
  });
});

describe('factors of linear parts', () => {
  const products = ({ equations }: Program, linear: readonly number[], { inputs }: Program): number => {
    const hot = new Set(linear.map((i) => inputs[i]!));
    let count = 0;
    for (const { op, inputs: from, output } of equations) {
      if (!from.some((value) => hot.has(value))) continue;
      hot.add(output);
      if (op === 'mul' || op === 'div') count++;
    }
    return count;
  };

  it.each([
    ['a product of three functions', (x: Tensor) => mul(mul(tanh(x), sin(x)), x)],
    ['a chain', (x: Tensor) => tanh(sin(tanh(x)))],
    ['sums and differences', (x: Tensor) => sub(add(mul(x, sin(x)), mul(x, tanh(x))), square(x))],
    ['with a kink', (x: Tensor) => mul(relu(x), square(x))],
  ] as const)('%s: one product with a vector at the most, the same derivative', (_, f) => {
    const { program } = trace(f, [float64(6)]);
    const { primal, tangent, residuals } = linearizeProgram(program);
    const linear = [residuals.length];
    const gathered = gatherFactors(tangent, linear);
    expect(products(gathered, linear, gathered)).toBeLessThanOrEqual(Math.max(1, products(tangent, linear, tangent)));
    const [x, v] = [wave(6, 1, 'float64'), wave(6, 2, 'float64')];
    const kept = evaluate(primal, [x]);
    const held = residuals.map((r) => ('input' in r ? x : kept[r.output]!));
    const [, along] = evaluate(jvpProgram(program), [x, v]);
    const [got] = evaluate(gathered, [...held, v]);
    along!.forEach((want: number, i: number) =>
      expect(Math.abs(got![i]! - want)).toBeLessThanOrEqual(16 * 2 ** -53 * (4 + Math.abs(want))),
    );
  });
});

describe('cotangents of one value', () => {
  const spec = { shape: [6], dtype: 'float64' } as const;
  const clock = { now: 0 };
  const sum6 = (
    terms: readonly Tensor[],
    inputs: readonly Tensor[],
    data: readonly Float64Array[],
  ): { ops: string; value: number[] } => {
    const { program } = collect(inputs, [accumulate(terms)!], false);
    return { ops: program.equations.map(({ op }) => op).join(' '), value: Array.from(evaluate(program, data)[0]!) };
  };
  const pieces = (...at: readonly number[]): { inputs: Tensor[]; terms: Tensor[] } => {
    const inputs = at.map(() => input({ shape: [2], dtype: 'float64' }, clock));
    return { inputs, terms: inputs.map((x, i) => apply('pad', [x], { low: [at[i]!], high: [4 - at[i]!] })) };
  };
  const data = [Float64Array.of(1, 2), Float64Array.of(3, 4), Float64Array.of(5, 6)];

  it('of disjoint slices are their concatenation, in any order, with zeros between', () => {
    const all = pieces(4, 0, 2);
    expect(sum6(all.terms, all.inputs, data)).toEqual({ ops: 'concatenate', value: [3, 4, 5, 6, 1, 2] });
    const gap = pieces(4, 0);
    expect(sum6(gap.terms, gap.inputs, data.slice(0, 2))).toEqual({
      ops: 'full concatenate',
      value: [3, 4, 0, 0, 1, 2],
    });
  });

  it('of slices that overlap are added', () => {
    const { terms, inputs } = pieces(0, 1);
    expect(sum6(terms, inputs, data.slice(0, 2)).value).toEqual([1, 5, 4, 0, 0, 0]);
  });

  it('are nothing for no term, and the term itself for one', () => {
    const x = input(spec, clock);
    expect(accumulate([])).toBeUndefined();
    expect(accumulate([x])).toBe(x);
  });
});
