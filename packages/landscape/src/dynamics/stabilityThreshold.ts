import { refuseType, requirePositive } from '@hyperribbon/contract';
import type { DecayOptions, Optimizer, SharpnessAware } from '@hyperribbon/nn';
import type { NoThreshold, StabilityThreshold } from './descentTypes.js';

export interface ThresholdOptions {
  readonly ascent?: SharpnessAware;
  /** ‖∇L‖₂ at the moment, ≥ 0: the threshold of sharpness-aware descent moves with it */
  readonly gradientNorm?: number;
  /** ‖∇L‖ in the dual of the rule's norm, ≥ 0: the thresholds of sign descent and Muon move with it, see `dualSharpness` */
  readonly dualNorm?: number;
}

const frozen = 'P is taken after the step and counted as fixed while the step is judged';

/**
 * The curvature at which a rule of descent stops being stable: on a quadratic whose curvature along one direction is h, steps shrink for h below it
 * and grow for h above it.
 *
 * | rule | threshold | of |
 * | --- | --- | --- |
 * | gradient descent | 2/η | H |
 * | heavy ball, v ← βv + g | (2 + 2β)/η | H |
 * | Nesterov, gradient at the look-ahead point | (2 + 2β)/(η(1 + 2β)) | H |
 * | RMSProp, with momentum μ | (2 + 2μ)/η | P⁻¹H, P = √s + ε |
 * | Adam | (2 + 2β₁)/((1 − β₁)η), 38/η for β₁ = 0.9 | P⁻¹H, P = √v̂ + ε |
 * | AdamW | (1 + β₁)/(1 − β₁) · (2/η − λ) | the same |
 * | sign descent, Muon without momentum | 2‖∇L‖′/η | max of dᵀHd over the unit ball of the rule's norm |
 * | SAM with gradient descent | ‖∇L‖/(2ρ) · (√(1 + 8ρ/(η‖∇L‖)) − 1) | H |
 *
 * Weight decay that is added to the gradient takes λ off the threshold of H: the rule then descends a loss whose Hessian is H + λI.
 *
 * Sources: [cohen2021, §2] for the first three, [cohen2022] for the preconditioned rules, [islamov2026] for other norms, where steps are η‖∇L‖′ long (a step
 * of fixed length η is one of rate η/‖∇L‖′, which is how we state it), [long2023] for SAM. AdamW's and the momentum of RMSProp are derived here from
 * the trace and the determinant of the two-step map, as all of them can be.
 *
 * @param learningRate η > 0, of the moment where it moves
 * @returns the threshold, or why there is none
 * @throws ArgumentError, ArgumentTypeError
 * Cost: none
 * @example
 * const found = stabilityThreshold(adam(), 1e-3);
 * if ('value' in found) found.value; // 38,000, of P⁻¹H
 */
export function stabilityThreshold(
  optimizer: Optimizer,
  learningRate: number,
  options: ThresholdOptions = {},
): StabilityThreshold | NoThreshold {
  requirePositive('stabilityThreshold', 'learningRate', learningRate);
  const { ascent, gradientNorm } = options;
  if (ascent !== undefined) {
    requirePositive('stabilityThreshold', 'ascent.rho', ascent.rho);
    return sharpnessAwareThreshold(optimizer, learningRate, ascent, gradientNorm);
  }
  switch (optimizer.kind) {
    case 'sgd':
      return decayed(optimizer, of('hessian', 2 / learningRate, '2/η', 'Gradient descent is stable while S < 2/η'));
    case 'momentum':
      return decayed(optimizer, momentumThreshold(optimizer, learningRate));
    case 'rmsProp':
      return preconditioned(optimizer, rmsPropThreshold(optimizer, learningRate));
    case 'adam':
    case 'adamW':
      return adamThreshold(optimizer, learningRate);
    case 'sign':
    case 'muon':
      return normThreshold(optimizer, learningRate, options.dualNorm);
    default:
      return refuseType('stabilityThreshold', 'optimizer', 'an optimiser of nn', optimizer);
  }
}

type Of<Kind extends Optimizer['kind']> = Extract<Optimizer, { readonly kind: Kind }>;

function of(matrix: StabilityThreshold['of'], value: number, formula: string, statement: string): StabilityThreshold {
  return { value, formula, of: matrix, statement: `${statement}.` };
}

function momentumThreshold({ momentum: beta, nesterov }: Of<'momentum'>, eta: number): StabilityThreshold {
  if (nesterov)
    return of(
      'hessian',
      (2 + 2 * beta) / (eta * (1 + 2 * beta)),
      '(2 + 2β)/(η(1 + 2β))',
      `Nesterov momentum, β = ${beta}, w ← w − η(g + βv) with v ← βv + g, which is the gradient at the look-ahead point in other variables, is stable while S < (2 + 2β)/(η(1 + 2β))`,
    );
  return of(
    'hessian',
    (2 + 2 * beta) / eta,
    '(2 + 2β)/η',
    `Heavy ball, β = ${beta}, w ← w − ηv with v ← βv + g, is stable while S < (2 + 2β)/η`,
  );
}

function rmsPropThreshold({ momentum, centered, epsilon }: Of<'rmsProp'>, eta: number): StabilityThreshold {
  const P = centered ? `√(s − m²) + ${epsilon}` : `√s + ${epsilon}`;
  const formula = momentum > 0 ? '(2 + 2μ)/η' : '2/η';
  const name = momentum > 0 ? `RMSProp with momentum μ = ${momentum}` : 'RMSProp';
  return of(
    'preconditioned-hessian',
    (2 + 2 * momentum) / eta,
    formula,
    `${name} is stable while the largest eigenvalue of P⁻¹H stays below ${formula}, P = ${P}; ${frozen}`,
  );
}

function adamThreshold(optimizer: Of<'adam'> | Of<'adamW'>, eta: number): StabilityThreshold | NoThreshold {
  const { beta1, epsilon, weightDecay: lambda = 0, decayOf = 'all' } = optimizer;
  const share = (1 + beta1) / (1 - beta1);
  const where = `P = √v̂ + ${epsilon} with v̂ corrected for its start; ${frozen}`;
  const apart = optimizer.kind === 'adamW' && lambda > 0;
  if (apart) {
    if (2 / eta <= lambda)
      return { why: `the decay alone is unstable: λ = ${lambda} is no less than 2/η = ${2 / eta}` };
    const all = decayOf === 'all' ? '' : '; arrays that do not decay make the true one larger, up to that of λ = 0';
    return of(
      'preconditioned-hessian',
      share * (2 / eta - lambda),
      '(1 + β₁)/(1 − β₁) · (2/η − λ)',
      `AdamW, β₁ = ${beta1}, λ = ${lambda}, is stable while the largest eigenvalue of P⁻¹H stays below (1 + β₁)/(1 − β₁) · (2/η − λ), ${where}${all}`,
    );
  }
  const formula = beta1 === 0.9 ? '38/η' : '(2 + 2β₁)/((1 − β₁)η)';
  const statement = `Adam, β₁ = ${beta1}, is stable while the largest eigenvalue of P⁻¹H stays below ${formula}, ${where}`;
  const found = of('preconditioned-hessian', (2 * share) / eta, formula, statement);
  return optimizer.kind === 'adam' ? preconditioned(optimizer, found) : found;
}

/** Decay that is a part of the gradient, before P divides it: the threshold is one of P⁻¹(H + λI), of which P⁻¹H tells only a part. */
function preconditioned(
  { weightDecay: lambda = 0 }: DecayOptions,
  found: StabilityThreshold,
): StabilityThreshold | NoThreshold {
  if (lambda === 0) return found;
  return {
    why: `weight decay λ = ${lambda} is added to the gradient before P divides it: ${found.formula} bounds P⁻¹(H + λI), and no number bounds P⁻¹H alone; adamW decays apart from the gradient`,
  };
}

/** Decay that is a part of the gradient: the Hessian is H + λI. */
function decayed(
  { weightDecay: lambda = 0, decayOf = 'all' }: DecayOptions,
  found: StabilityThreshold,
): StabilityThreshold | NoThreshold {
  if (lambda === 0) return found;
  const value = found.value - lambda;
  if (value <= 0)
    return { why: `the decay alone is unstable: λ = ${lambda} is no less than ${found.formula} = ${found.value}` };
  const all = decayOf === 'all' ? '' : `; arrays that do not decay make the true one larger, up to ${found.formula}`;
  return {
    ...found,
    value,
    formula: `${found.formula} − λ`,
    statement: `${found.statement} Weight decay λ = ${lambda} takes λ off it${all}.`,
  };
}

function normThreshold(
  optimizer: Of<'sign'> | Of<'muon'>,
  eta: number,
  dualNorm: number | undefined,
): StabilityThreshold | NoThreshold {
  const sign = optimizer.kind === 'sign';
  const name = sign ? 'sign descent' : 'Muon';
  if (optimizer.momentum > 0)
    return {
      why: `${name} with momentum: its step is no linear function of the gradient, and no threshold is known to us`,
    };
  if (dualNorm === undefined)
    return { why: `the threshold of ${name} is 2‖∇L‖′/η, which moves with the gradient: give dualNorm` };
  const ball = sign
    ? 'd whose entries are at most 1, ‖∇L‖′ the sum of |∂L|'
    : 'd whose matrices have spectral norms of at most 0.2 √max(rows, columns) and that is 0 elsewhere, ‖∇L‖′ the nuclear norms times the same; its five Newton-Schulz steps leave singular values in [0.68, 1.13]';
  return of(
    'norm',
    (2 * dualNorm) / eta,
    '2‖∇L‖′/η',
    `A step of ${name} has length η in its norm: it is one of rate η/‖∇L‖′, and lowers a quadratic while dᵀHd < 2‖∇L‖′/η, over ${ball}`,
  );
}

/** h(1 + ρh/‖g‖) < 2/η for a gradient along the direction of curvature h. */
function sharpnessAwareThreshold(
  optimizer: Optimizer,
  eta: number,
  { rho, kind }: SharpnessAware,
  gradientNorm: number | undefined,
): StabilityThreshold | NoThreshold {
  if (kind === 'asam')
    return {
      why: 'ASAM scales its ascent by the weights, so that the edge differs by direction; no formula is published',
    };
  if (optimizer.kind !== 'sgd' || (optimizer.weightDecay ?? 0) > 0)
    return {
      why: `the edge of sharpness-aware descent is known for gradient descent without decay, not for ${optimizer.kind} with it`,
    };
  if (gradientNorm === undefined)
    return { why: 'the edge of SAM moves with the norm of the gradient: give gradientNorm' };
  if (!(gradientNorm > 0))
    return { why: 'the edge of SAM tends to 0 with the gradient, and there is none at a critical point' };
  // 4/η over (1 + √(1 + 8ρ/(η‖g‖))): no difference of near numbers for a small ascent
  const root = Math.sqrt(1 + (8 * rho) / (eta * gradientNorm));
  return of(
    'hessian',
    4 / eta / (1 + root),
    '‖∇L‖/(2ρ) · (√(1 + 8ρ/(η‖∇L‖)) − 1)',
    `Gradient descent with the gradient taken at w + ρ∇L/‖∇L‖, ρ = ${rho}, is stable along its gradient while S(1 + ρS/‖∇L‖) < 2/η; the edge moves with ‖∇L‖`,
  );
}
