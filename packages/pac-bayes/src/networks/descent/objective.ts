import { add, div, log, minimum, mean, mul, sqrt, square, sub } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import { log as logOf } from '@hyperribbon/kernels';
import { softmaxCrossEntropy } from '@hyperribbon/nn';

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

/**
 * Risk that is differentiated in place of the 0-1 error.
 *
 * - `cross-entropy`: −ln p_y / ln 2, never below the 0-1 error, unbounded
 * - `bounded`: min(−ln p_y, ln(1/p_min)) / ln(1/p_min), in [0, 1]; p_min = 1e-5 [perezortiz2021]
 */
export type Surrogate = 'cross-entropy' | 'bounded';

const LN2 = 0.6931471805599453;
const P_MIN = 1e-5;

/** Mean surrogate risk of a batch. */
export function surrogateRisk(surrogate: Surrogate, logits: Tensor, labels: Tensor): Tensor {
  const losses = softmaxCrossEntropy(logits, labels);
  if (surrogate === 'cross-entropy') return mul(1 / LN2, mean(losses));
  const top = -logOf(P_MIN);
  // `minimum` gives the derivative to its second operand where both are equal: a clamped loss has none
  return mul(1 / top, mean(minimum(losses, top)));
}

export interface ObjectiveSetting {
  readonly objective: ObjectiveName;
  readonly n: number;
  readonly delta: number;
  /** η of `bbb` */
  readonly klWeight: number;
}

/**
 * The objective as a tensor. `weights` (two scalars, of risk and of KL) carry what is held fixed during an epoch: for
 * `lambda` and `kl`; the other objectives do not use them.
 *
 * @param halfLog ½ ln λ and its grid, for the price in `dziugaite-roy`
 */
export function objectiveTensor(
  { objective, n, delta, klWeight }: ObjectiveSetting,
  risk: Tensor,
  kl: Tensor,
  weights: readonly [Tensor, Tensor],
  scale: { readonly halfLog: Tensor; readonly b: number; readonly c: number },
): Tensor {
  const penalty = logOf((2 * Math.sqrt(n)) / delta);
  const half = (): Tensor => mul(1 / (2 * n), add(kl, penalty));
  switch (objective) {
    case 'classic':
      return add(risk, sqrt(half()));
    case 'quadratic': {
      const t = half();
      return square(add(sqrt(add(risk, t)), sqrt(t)));
    }
    case 'bbb':
      return add(risk, mul(klWeight / n, kl));
    case 'lambda':
    case 'kl':
      return add(mul(weights[0], risk), mul(weights[1], kl));
    case 'dziugaite-roy': {
      const { halfLog, b, c } = scale;
      // 2 ln j with j = b ln(c/λ), kept away from the edge of the grid
      const distance = maximumOf(sub(logOf(c), mul(2, halfLog)), 0.01);
      const price = add(mul(2, log(distance)), 2 * logOf(b) + logOf((9.869604401089358 * n) / (6 * delta)));
      return add(risk, sqrt(div(add(kl, price), 2 * (n - 1))));
    }
    default:
      throw new TypeError(`objectiveTensor: unknown objective ${String(objective)}`);
  }
}

function maximumOf(x: Tensor, least: number): Tensor {
  return sub(0, minimum(sub(0, x), -least));
}

/** λ minimising R/(1 − λ/2) + 2t/(λ(1 − λ/2)). [thiemann2017] */
export function bestLambda(risk: number, t: number): number {
  return 2 / (1 + Math.sqrt(1 + risk / t));
}

/**
 * Weights of surrogate risk and KL for an epoch, from what the last one measured.
 *
 * `kl`: r = kl⁻¹(e | c) has ∂r/∂c = 1/D and ∂r/∂e = (ln(r/(1−r)) − ln(e/(1−e)))/D, D = (1−e)/(1−r) − e/r. The error is taken to move with the
 * surrogate in proportion, e ≈ (e/R) R; both weights are divided so that the risk has weight 1, which Adam does not notice.
 */
export function epochWeights(
  { objective, n, delta }: ObjectiveSetting,
  measured: { readonly risk: number; readonly error: number; readonly kl: number },
  inverse: (e: number, c: number) => number,
): readonly [number, number] {
  const penalty = logOf((2 * Math.sqrt(n)) / delta);
  const rate = (measured.kl + penalty) / n;
  if (objective === 'lambda') {
    const lambda = bestLambda(measured.risk, rate / 2);
    return [1, 1 / (n * lambda)];
  }
  if (objective !== 'kl') return [1, 1];
  // below half a mistake, and at chance, the slopes lose their meaning
  const e = Math.min(0.45, Math.max(measured.error, 0.5 / n));
  const r = Math.min(0.999, inverse(e, rate));
  const slope = logOf(r / (1 - r)) - logOf(e / (1 - e));
  const proportion = e / Math.max(measured.risk, 1e-12);
  return [1, 1 / (n * slope * proportion)];
}
