import { type Program, simplify } from '@hyperribbon/autodiff';
import { type Linearized, type Residual, linearizeProgram } from '@hyperribbon/autodiff/programs';

/**
 * Splits a program for a product that is linear in a direction: what does not depend on the direction runs once and is
 * kept, what does runs per product.
 *
 * Program inputs are [weights × k, direction × d, data…]; outputs are [once × m, product…], where only `product` depends
 * on the direction.
 *
 * @returns primal: [weights, data] → [once, residuals]; tangent: [residuals, direction] → product
 */
export function splitProduct(
  program: Program,
  { weights, directions, once }: { readonly weights: number; readonly directions: number; readonly once: number },
): Linearized {
  const wrt = Array.from({ length: directions }, (_, i) => weights + i);
  const whole = linearizeProgram(program, { wrt });
  const products = program.outputs.length - once;
  const isProduct = (output: number): boolean => output >= once && output < once + products;
  const residuals = whole.residuals.map((residual): Residual => {
    if ('input' in residual) {
      if (residual.input < weights) return residual;
      if (residual.input >= weights + directions) return { input: residual.input - directions };
    } else if (residual.output < once) return residual;
    else if (!isProduct(residual.output)) return { output: residual.output - products };
    throw new TypeError('splitProduct: the product must be linear in the direction');
  });
  const primal = simplify({
    ...whole.primal,
    outputs: whole.primal.outputs.filter((_, i) => !isProduct(i)),
  });
  return {
    primal: { ...primal, inputs: primal.inputs.filter((_, i) => !wrt.includes(i)) },
    tangent: simplify({ ...whole.tangent, outputs: whole.tangent.outputs.slice(once) }),
    residuals,
    wrt: [],
  };
}
