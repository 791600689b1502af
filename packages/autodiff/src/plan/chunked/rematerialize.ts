import { isDense } from '../lower/lowerConvolution.js';
import type { Equation, Program } from '../../program.js';

/** A primal value as a few cheap equations on another one that is smaller to keep. */
export interface Recipe {
  /** value of the primal program to keep instead */
  readonly source: number;
  /** equations from the source to the value, in order */
  readonly equations: readonly Equation[];
}

/**
 * How to make values again from smaller ones without arithmetic, the cheapest case of [griewank2000]: image patches (im2col) are kh·kw times as large as the
 * image they come from, and convolutions read them there. For a value that is not of that kind the value itself, with no equations.
 */
export function cheapRecipes(primal: Program): (value: number) => Recipe {
  const makers = new Map(primal.equations.map((equation) => [equation.output, equation]));
  return (value) => {
    const equations: Equation[] = [];
    let source = value;
    for (;;) {
      const maker = makers.get(source);
      if (maker === undefined || (maker.op !== 'im2col' && maker.op !== 'reshape')) break;
      equations.unshift(maker);
      source = maker.inputs[0]!;
    }
    const last = equations.at(-1);
    const read = last?.op === 'im2col' && isDense(last.params.window!);
    return read ? { source, equations } : { source: value, equations: [] };
  };
}

/** The tangent program with its first inputs replaced by the sources of recipes, which it follows before anything else. */
export function followRecipes(primal: Program, tangent: Program, recipes: readonly Recipe[]): Program {
  const values = [...tangent.values];
  const inputs = [...tangent.inputs];
  const first: Equation[] = [];
  recipes.forEach(({ source, equations }, i) => {
    if (equations.length === 0) return;
    const result = inputs[i]!;
    let from = values.push(primal.values[source]!) - 1;
    inputs[i] = from;
    equations.forEach((equation, step) => {
      const last = step === equations.length - 1;
      const output = last ? result : values.push(primal.values[equation.output]!) - 1;
      first.push({ ...equation, inputs: [from], output });
      from = output;
    });
  });
  return { ...tangent, values, inputs, equations: [...first, ...tangent.equations] };
}
