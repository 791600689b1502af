import { ArgumentTypeError } from '@hyperribbon/contract';
import type { Program, Spec } from '../../program.js';
import { sameShape, showShape } from '../../specs.js';
import type { Residual } from '../../transforms/linearize.js';
import type { LinearizedPrograms } from './linearizedPlan.js';
import { plan, type Plan } from '../plan.js';
import { cheapRecipes, followRecipes } from './rematerialize.js';

/** The plans for chunks of one size. */
export interface LinearizedParts {
  /** adds the outputs to their sums and stores the residuals */
  readonly primal: Plan;
  /** stores the residuals only, for chunks that recompute them */
  readonly recompute: Plan;
  readonly tangent: Plan;
  /** by first input of the tangent program: a primal input, or a position among the stored residuals */
  readonly residuals: readonly ({ readonly input: number } | { readonly stored: number })[];
  /** specs of the stored residuals, of the sums of the primal part, and of the tangents */
  readonly stored: readonly Spec[];
  readonly sums: readonly Spec[];
  readonly tangents: readonly Spec[];
}

/**
 * Plans one linearised program: sums of outputs apart from residuals, nothing stored that an input holds already.
 * Image patches are made again in every product, where convolutions read them from the images.
 */
export function linearizedParts(
  { primal, tangent, residuals }: LinearizedPrograms,
  { outputs = outputsBefore(primal, residuals) }: { outputs?: number | undefined } = {},
): LinearizedParts {
  const recipeOf = cheapRecipes(primal);
  const recipes = residuals.map((residual) =>
    recipeOf('input' in residual ? primal.inputs[residual.input]! : primal.outputs[residual.output]!),
  );
  const storedValues: number[] = [];
  const known = new Map<number, { readonly input: number } | { readonly stored: number }>(
    primal.inputs.map((value, input) => [value, { input }]),
  );
  const places = recipes.map(({ source }) => {
    const place = known.get(source) ?? { stored: storedValues.push(source) - 1 };
    known.set(source, place);
    return place;
  });
  const following = followRecipes(primal, tangent, recipes);
  const sumValues = primal.outputs.slice(0, outputs);
  const specs = (program: Program, values: readonly number[]): Spec[] => values.map((value) => program.values[value]!);
  const all = (count: number): boolean[] => Array.from({ length: count }, () => true);
  return {
    primal: plan({ ...primal, outputs: [...sumValues, ...storedValues] }, { accumulate: all(outputs) }),
    recompute: plan({ ...primal, outputs: storedValues }),
    tangent: plan(following, { accumulate: all(tangent.outputs.length) }),
    residuals: places,
    stored: specs(primal, storedValues),
    sums: specs(primal, sumValues),
    tangents: specs(tangent, tangent.inputs.slice(residuals.length)),
  };
}

function outputsBefore(primal: Program, residuals: readonly Residual[]): number {
  const taken = new Set(residuals.flatMap((residual) => ('output' in residual ? [residual.output] : [])));
  let wanted = primal.outputs.length;
  while (wanted > 0 && taken.has(wanted - 1)) wanted--;
  return wanted;
}

/** @throws ArgumentTypeError unless the specs are equal in all parts: `what` is shared by programs of every chunk size */
export function assertSameSpecs(
  what: string,
  parts: readonly LinearizedParts[],
  specsOf: (part: LinearizedParts) => readonly Spec[],
): void {
  const lists = parts.map(specsOf);
  const [first] = lists;
  for (const list of lists) {
    const equal = (x: Spec, i: number): boolean => x.dtype === first![i]!.dtype && sameShape(x.shape, first![i]!.shape);
    if (list.length === first!.length && list.every(equal)) continue;
    const show = (specs: readonly Spec[]): string => specs.map((x) => `${x.dtype} ${showShape(x.shape)}`).join(', ');
    throw new ArgumentTypeError(
      `planLinearized: ${what} must agree in all programs, got ${show(first!)} and ${show(list)}`,
    );
  }
}
