import { type Equation, type PrimitiveName, type Program, simplify } from '@hyperribbon/autodiff';
import type { Linearized, Residual } from '@hyperribbon/autodiff/programs';
import { sizeOf } from '@hyperribbon/nn';

/** What costs no more to compute again, beside what else a product does with a number, than to fetch from memory. */
const cheap: ReadonlySet<PrimitiveName> = new Set<PrimitiveName>([
  ...(['add', 'sub', 'mul', 'neg', 'greater', 'step', 'select'] as const),
  ...(['full', 'broadcast', 'reshape', 'scatterRows'] as const),
]);

/** A value counts as small beside one that is so many times as long. */
const smaller = 16;

/**
 * A linearised program that keeps of what a softmax gave the probabilities alone: masks, differences from unit vectors and the like are made of them again in
 * every product. With a vocabulary a residual of the logits' shape is larger than all else that is kept; the second derivative of a cross-entropy,
 * diag p − p pᵀ, needs one.
 *
 * A residual goes if it is made by cheap elementwise arithmetic from probabilities that are kept, primal inputs and values of a 16th of its length, which
 * are kept in its place; or from such small values alone, as unit vectors of labels are. The arithmetic is the same, and so are the bits.
 *
 * @param once how many of the primal program's first outputs are wanted for themselves
 */
export function remadeResiduals(linearized: Linearized, once: number): Linearized {
  const { primal, tangent, residuals } = linearized;
  const makers = new Map(primal.equations.map((equation) => [equation.output, equation]));
  const constants = new Set(primal.constants.map(({ value }) => value));
  const own = residuals.map((residual) =>
    'input' in residual ? primal.inputs[residual.input] : primal.outputs[residual.output],
  );
  const held = new Set(own.filter((value) => !makers.has(value) || makers.get(value)!.op === 'softmax'));
  const size = (value: number): number => sizeOf(primal.values[value].shape);
  const recipes = new Map<number, Recipe>();
  for (const value of own) {
    const recipe = held.has(value) ? undefined : recipeOf(value, { makers, constants, held, size });
    if (recipe !== undefined) recipes.set(value, recipe);
  }
  // what another is made of stays
  for (const { leaves } of recipes.values()) for (const leaf of leaves) recipes.delete(leaf);
  if (recipes.size === 0) return linearized;
  const kept = own.filter((value) => !recipes.has(value));
  const leaves = [...new Set([...kept, ...[...recipes.values()].flatMap((recipe) => recipe.leaves)])];
  const outputs = primal.outputs.slice(0, once);
  const places = leaves.map((value): Residual => {
    const input = primal.inputs.indexOf(value);
    const wanted = outputs.indexOf(value);
    if (input >= 0) return { input };
    return { output: wanted >= 0 ? wanted : outputs.push(value) - 1 };
  });
  return {
    primal: simplify({ ...primal, outputs }),
    tangent: simplify(followed(primal, tangent, { own, leaves, recipes: [...recipes.values()] })),
    residuals: places,
    wrt: linearized.wrt,
  };
}

/** The tangent program with the leaves as its first inputs, from which it makes what it was given before. */
function followed(
  primal: Program,
  tangent: Program,
  {
    own,
    leaves,
    recipes,
  }: { readonly own: readonly number[]; readonly leaves: readonly number[]; readonly recipes: readonly Recipe[] },
): Program {
  const values = [...tangent.values];
  const places = new Map(own.map((value, i) => [value, tangent.inputs[i]]));
  const placeOf = (value: number): number => {
    const known = places.get(value) ?? values.push(primal.values[value]) - 1;
    places.set(value, known);
    return known;
  };
  const wanted = new Set(recipes.flatMap(({ equations }) => equations));
  const first = primal.equations
    .filter((equation) => wanted.has(equation))
    .map((equation) => ({ ...equation, inputs: equation.inputs.map(placeOf), output: placeOf(equation.output) }));
  return {
    ...tangent,
    values,
    inputs: [...leaves.map(placeOf), ...tangent.inputs.slice(own.length)],
    equations: [...first, ...tangent.equations],
  };
}

/** How a value is made: equations in order, and the values that they begin with. */
interface Recipe {
  readonly equations: readonly Equation[];
  readonly leaves: readonly number[];
}

interface Known {
  readonly makers: ReadonlyMap<number, Equation>;
  readonly constants: ReadonlySet<number>;
  readonly held: ReadonlySet<number>;
  readonly size: (value: number) => number;
}

/** undefined where the value is made of other than probabilities and small values, or by more than a few cheap equations */
function recipeOf(value: number, { makers, constants, held, size }: Known): Recipe | undefined {
  const equations: Equation[] = [];
  const leaves = new Set<number>();
  const seen = new Set<number>();
  let fromSoftmax = false;
  const visit = (at: number): boolean => {
    if (seen.has(at)) return true;
    seen.add(at);
    if (constants.has(at)) return false;
    const maker = makers.get(at);
    if (held.has(at) || maker === undefined || (maker.op !== 'full' && size(at) * smaller <= size(value))) {
      leaves.add(at);
      fromSoftmax ||= maker?.op === 'softmax' && held.has(at);
      return true;
    }
    if (!cheap.has(maker.op) || equations.length > 16 || !maker.inputs.every(visit)) return false;
    equations.push(maker);
    return true;
  };
  const made = visit(value) && (fromSoftmax || [...leaves].every((leaf) => size(leaf) * smaller <= size(value)));
  return made ? { equations, leaves: [...leaves] } : undefined;
}
