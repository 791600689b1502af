import { log } from '@hyperribbon/kernels';
import type { ObjectiveSetting } from './objective.js';

export interface ObjectiveSlopes {
  readonly value: number;
  /** derivatives by the surrogate risk and by the complexity */
  readonly risk: number;
  readonly complexity: number;
}

/**
 * The objectives of `ObjectiveName` as functions of two numbers: the surrogate risk R and the complexity K = KL + price of the grids.
 *
 * @param weights of `lambda` and `kl`, held fixed during an epoch
 */
export function objectiveSlopes(
  { objective, n, delta, klWeight }: ObjectiveSetting,
  risk: number,
  complexity: number,
  weights: readonly [number, number],
): ObjectiveSlopes {
  const t = (complexity + log((2 * Math.sqrt(n)) / delta)) / (2 * n);
  switch (objective) {
    case 'classic': {
      const root = Math.sqrt(t);
      return { value: risk + root, risk: 1, complexity: 1 / (4 * n * root) };
    }
    case 'quadratic': {
      const [outer, inner] = [Math.sqrt(risk + t), Math.sqrt(t)];
      const sum = outer + inner;
      return { value: sum * sum, risk: sum / outer, complexity: (sum / outer + sum / inner) / (2 * n) };
    }
    case 'bbb':
      return { value: risk + (klWeight / n) * complexity, risk: 1, complexity: klWeight / n };
    case 'lambda':
    case 'kl':
      return { value: weights[0] * risk + weights[1] * complexity, risk: weights[0], complexity: weights[1] };
    case 'dziugaite-roy': {
      // ln(π²/6) is in the price already
      const root = Math.sqrt((complexity + log(n / delta)) / (2 * (n - 1)));
      return { value: risk + root, risk: 1, complexity: 1 / (4 * (n - 1) * root) };
    }
    default:
      throw new TypeError(`objectiveSlopes: unknown objective ${String(objective)}`);
  }
}
