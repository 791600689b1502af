import { add, div, log, minimum, mul, sqrt, square, sub } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import { requireOneOf } from '@hyperribbon/contract';
import { log as logOf } from '@hyperribbon/kernels';
import { klInverseUpper } from '../../limits/klInverse.js';

/**
 * What a step minimises, with R the surrogate risk of the batch, t = (KL + ln(2√n/δ))/(2n):
 *
 * - `classic`: R + √t [perezortiz2021, f_classic]
 * - `quadratic`: (√(R + t) + √t)² [perezortiz2021, f_quad]
 * - `lambda`: R/(1 − λ/2) + 2t/(λ(1 − λ/2)), λ at its optimum for the last epoch [perezortiz2021, f_λ; there λ is trained by its own steps]
 * - `bbb`: R + η KL/n [perezortiz2021, f_bbb]
 * - `dziugaite-roy`: R + √((KL + ln(π² n/(6δ)) + 2 ln(b ln(c/λ)))/(2(n − 1))) [dziugaite2017]
 * - `kl`: R and KL weighted by the slopes of kl⁻¹(e | KL/n) at the last epoch's error and KL: steps along the certificate itself (ours)
 */
export type ObjectiveName = 'classic' | 'quadratic' | 'lambda' | 'bbb' | 'dziugaite-roy' | 'kl';

export interface ObjectiveSetting {
  readonly objective: ObjectiveName;
  readonly n: number;
  readonly delta: number;
  /** η of `bbb` */
  readonly klWeight: number;
}

/** An objective at two numbers, with its derivatives by the surrogate risk and by the complexity. */
export interface ObjectiveSlopes {
  readonly value: number;
  readonly risk: number;
  readonly complexity: number;
}

/** The prior's first scale, for the price in `dziugaite-roy`: ½ ln λ and its grid. */
interface PricedScale {
  readonly halfLog: Tensor;
  readonly b: number;
  readonly c: number;
}

/** An objective, once for programs that are differentiated and once for steps whose gradients are put together by hand. */
interface Objective {
  /** @param slopes by risk and by KL, held fixed during an epoch: for `lambda` and `kl`; the others do not use them */
  tensor(s: ObjectiveSetting, risk: Tensor, kl: Tensor, slopes: readonly [Tensor, Tensor], scale: PricedScale): Tensor;
  /** At two numbers, in closed form. @param complexity KL + price of the grids */
  at(s: ObjectiveSetting, risk: number, complexity: number, slopes: readonly [number, number]): ObjectiveSlopes;
}

/** ln(2√n/δ) */
const penalty = ({ n, delta }: ObjectiveSetting): number => logOf((2 * Math.sqrt(n)) / delta);
/** t, as a tensor and as a number */
const halved = (s: ObjectiveSetting, kl: Tensor): Tensor => mul(1 / (2 * s.n), add(kl, penalty(s)));
const halvedAt = (s: ObjectiveSetting, complexity: number): number => (complexity + penalty(s)) / (2 * s.n);

/** R and KL with slopes that are held fixed during an epoch. */
const linear: Objective = {
  tensor: (_s, risk, kl, slopes) => add(mul(slopes[0], risk), mul(slopes[1], kl)),
  at: (_s, risk, complexity, slopes) => ({
    value: slopes[0] * risk + slopes[1] * complexity,
    risk: slopes[0],
    complexity: slopes[1],
  }),
};

export const objectives: Readonly<Record<ObjectiveName, Objective>> = {
  classic: {
    tensor: (s, risk, kl) => add(risk, sqrt(halved(s, kl))),
    at(s, risk, complexity) {
      const root = Math.sqrt(halvedAt(s, complexity));
      return { value: risk + root, risk: 1, complexity: 1 / (4 * s.n * root) };
    },
  },
  quadratic: {
    tensor(s, risk, kl) {
      const t = halved(s, kl);
      return square(add(sqrt(add(risk, t)), sqrt(t)));
    },
    at(s, risk, complexity) {
      const t = halvedAt(s, complexity);
      const [outer, inner] = [Math.sqrt(risk + t), Math.sqrt(t)];
      const sum = outer + inner;
      return { value: sum * sum, risk: sum / outer, complexity: (sum / outer + sum / inner) / (2 * s.n) };
    },
  },
  bbb: {
    tensor: ({ klWeight, n }, risk, kl) => add(risk, mul(klWeight / n, kl)),
    at: ({ klWeight, n }, risk, complexity) => ({
      value: risk + (klWeight / n) * complexity,
      risk: 1,
      complexity: klWeight / n,
    }),
  },
  lambda: linear,
  kl: linear,
  'dziugaite-roy': {
    tensor({ n, delta }, risk, kl, _slopes, { halfLog, b, c }) {
      // 2 ln j with j = b ln(c/λ), kept away from the edge of the grid
      const distance = sub(0, minimum(sub(0, sub(logOf(c), mul(2, halfLog))), -0.01));
      const price = add(mul(2, log(distance)), 2 * logOf(b) + logOf((9.869604401089358 * n) / (6 * delta)));
      return add(risk, sqrt(div(add(kl, price), 2 * (n - 1))));
    },
    at({ n, delta }, risk, complexity) {
      // ln(π²/6) is in the price already
      const root = Math.sqrt((complexity + logOf(n / delta)) / (2 * (n - 1)));
      return { value: risk + root, risk: 1, complexity: 1 / (4 * (n - 1) * root) };
    },
  },
};

/** @throws RangeError for a name that is none */
export function requireObjective(caller: string, name: unknown): asserts name is ObjectiveName {
  requireOneOf(caller, 'objective', name, Object.keys(objectives) as ObjectiveName[]);
}

/** Whether the objective has slopes that each epoch measures for the next. */
export function hasEpochSlopes({ objective }: ObjectiveSetting): boolean {
  return objectives[objective] === linear;
}

/**
 * Slopes by surrogate risk and by KL for an epoch, from what the last one measured.
 *
 * `lambda`: λ = 2/(1 + √(1 + R/t)) minimises R/(1 − λ/2) + 2t/(λ(1 − λ/2)) [thiemann2017]; both slopes are multiplied by 1 − λ/2.
 *
 * `kl`: r = kl⁻¹(e | c) has ∂r/∂c = 1/D and ∂r/∂e = (ln(r/(1−r)) − ln(e/(1−e)))/D, D = (1−e)/(1−r) − e/r. The error is taken to move with the
 * surrogate in proportion, e ≈ (e/R) R; both slopes are divided so that the one by the risk is 1, which Adam does not notice.
 */
export function epochSlopes(
  setting: ObjectiveSetting,
  measured: { readonly risk: number; readonly error: number; readonly kl: number },
): readonly [number, number] {
  const { objective, n } = setting;
  if (!hasEpochSlopes(setting)) return [1, 1];
  const c = (measured.kl + penalty(setting)) / n;
  if (objective === 'lambda') return [1, 1 / (n * (2 / (1 + Math.sqrt(1 + measured.risk / (c / 2)))))];
  // below half a mistake, and at chance, the slopes lose their meaning
  const e = Math.min(0.45, Math.max(measured.error, 0.5 / n));
  const r = Math.min(0.999, klInverseUpper(e, c));
  const slope = logOf(r / (1 - r)) - logOf(e / (1 - e));
  const proportion = e / Math.max(measured.risk, 1e-12);
  return [1, 1 / (n * slope * proportion)];
}
