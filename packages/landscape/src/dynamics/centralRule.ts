import { refuse, refuseType, requireFiniteEntries, requirePositive } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import type { Optimizer } from '@hyperribbon/nn';
import { stabilityThreshold } from './stabilityThreshold.js';

/** RMSProp with one second moment for all weights: ν ← α ν + (1 − α) ‖g‖², w ← w − η g/(√ν + ε). */
export interface ScalarRmsProp {
  readonly kind: 'scalarRmsProp';
  /** α in (0, 1) */
  readonly smoothing: number;
  /** ≥ 0 */
  readonly epsilon: number;
}

/** Rules whose central flow is known: others are refused with the reason. */
export type CentralRule = Optimizer | ScalarRmsProp;

/** Of all P⁻¹H with η in P. */
export const centralEdge = 2;

/** What a rule of descent does to its weights on average, in time of one step w ← w − P⁻¹g. */
export interface CentralDynamics {
  /** how many second moments the rule keeps: one for each weight, one for all, or none */
  readonly moments: number;
  /** second moments after an update with this gradient */
  update(squares: Float64Array, gradient: Float64Array): Float64Array;
  /** P (size,) */
  preconditioner(squares: Float64Array): Float64Array;
  /** d squares/dt without oscillation */
  drift(squares: Float64Array, gradient: Float64Array): Float64Array;
  /** what an oscillation with E[dg dgᵀ] = g hᵀ adds to d squares/dt, bilinear in the two */
  spread(g: Float64Array, h: Float64Array): Float64Array;
  /** dP/dt where squares move by `rate` */
  preconditionerRate(squares: Float64Array, rate: Float64Array): Float64Array;
}

/**
 * The dynamics of P for each rule. Second moments at time t are those after the update of step t, which that step divides by; so an average with memory α moves in a
 * step by (1 − α)/α of its distance to the newest square, and not by 1 − α of it.
 *
 * @throws ArgumentError for rules that keep a velocity, decay, centre their moments or take steps of fixed length, with the reason
 */
export function centralDynamics(caller: string, rule: CentralRule, eta: number, size: number): CentralDynamics {
  requirePositive(caller, 'learningRate', eta);
  if (rule.kind === 'scalarRmsProp') return scalar(adaptive(caller, rule, eta, 1), size);
  if ((rule.weightDecay ?? 0) > 0)
    refuse(caller, `rule must be without weight decay, got weightDecay=${rule.weightDecay}: add ½λ‖w‖² to the loss`);
  switch (rule.kind) {
    case 'sgd':
      return plain(eta, size);
    case 'rmsProp':
      if (rule.momentum > 0) noFlow(caller, rule, eta, 'its velocity lags behind the gradient');
      if (rule.centered) noFlow(caller, rule, eta, 'means of gradients are taken off its squares');
      return adaptive(caller, rule, eta, size);
    case 'momentum':
      return noFlow(caller, rule, eta, 'its velocity lags behind the gradient');
    case 'adam':
    case 'adamW':
      return noFlow(
        caller,
        rule,
        eta,
        'its first moment lags behind the gradient, and a flow without the lag goes elsewhere',
      );
    case 'sign':
    case 'muon':
      return noFlow(caller, rule, eta, 'its steps have one length, whatever the gradient: they oscillate everywhere');
    default:
      return refuseType(caller, 'rule', 'gradient descent, RMSProp or scalar RMSProp', rule);
  }
}

function noFlow(caller: string, rule: Optimizer, eta: number, why: string): never {
  const edge = stabilityThreshold(rule, eta);
  const threshold = 'value' in edge ? `its threshold is ${edge.formula}` : edge.why;
  return refuse(
    caller,
    `rule must be gradient descent or RMSProp without momentum and not centred, got ${rule.kind}, whose central flow is not known here: ${why} (${threshold}). ` +
      'watchDescent measures its runs',
  );
}

/** Gradient descent: P = 1/η. */
function plain(eta: number, size: number): CentralDynamics {
  const none = new Float64Array(0);
  return {
    moments: 0,
    update: () => none,
    preconditioner: () => new Float64Array(size).fill(1 / eta),
    drift: () => none,
    spread: () => none,
    preconditionerRate: () => new Float64Array(size),
  };
}

/** P = (√ν + ε)/η with ν an average of squared gradients. */
function adaptive(
  caller: string,
  { smoothing, epsilon }: Pick<ScalarRmsProp, 'smoothing' | 'epsilon'>,
  eta: number,
  size: number,
): CentralDynamics {
  if (!(smoothing > 0 && smoothing < 1))
    refuse(
      caller,
      `rule.smoothing must be in (0, 1), got ${smoothing}: squares that are not remembered make it sign descent, which has no central flow`,
    );
  const rate = (1 - smoothing) / smoothing;
  return {
    moments: size,
    update: (squares, gradient) => squares.map((v, i) => smoothing * v + (1 - smoothing) * gradient[i] * gradient[i]),
    preconditioner: (squares) => squares.map((v) => (Math.sqrt(v) + epsilon) / eta),
    drift: (squares, gradient) => squares.map((v, i) => rate * (gradient[i] * gradient[i] - v)),
    spread: (g, h) => g.map((value, i) => rate * value * h[i]),
    // weights whose gradient was never anything have no curvature either: P stays
    preconditionerRate: (squares, change) => squares.map((v, i) => (v > 0 ? change[i] / (2 * eta * Math.sqrt(v)) : 0)),
  };
}

/** One moment for all weights, of the squared length. */
function scalar(one: CentralDynamics, size: number): CentralDynamics {
  const product = (g: Float64Array, h: Float64Array): number => g.reduce((sum, v, i) => sum + v * h[i], 0);
  const length = (g: Float64Array): Float64Array => Float64Array.of(Math.sqrt(product(g, g)));
  const rate = one.spread(Float64Array.of(1), Float64Array.of(1))[0];
  const all = (value: Float64Array): Float64Array => new Float64Array(size).fill(value[0]);
  return {
    moments: 1,
    update: (squares, gradient) => one.update(squares, length(gradient)),
    preconditioner: (squares) => all(one.preconditioner(squares)),
    drift: (squares, gradient) => one.drift(squares, length(gradient)),
    spread: (g, h) => Float64Array.of(rate * product(g, h)),
    preconditionerRate: (squares, change) => all(one.preconditionerRate(squares, change)),
  };
}

/** Second moments where a flow starts: those of a run, or none yet, and the update that the next step divides by. */
export function startingSquares(
  caller: string,
  dynamics: CentralDynamics,
  gradient: () => Float64Array,
  given: FloatArray | undefined,
): Float64Array {
  if (given === undefined) return dynamics.update(new Float64Array(dynamics.moments), gradient());
  if (dynamics.moments === 0)
    refuse(caller, 'squares must be left out for gradient descent, which keeps none, got some');
  requireFiniteEntries(caller, 'squares', given, dynamics.moments);
  const negative = given.findIndex((v) => v < 0);
  if (negative >= 0) refuse(caller, `squares must be ≥ 0, got ${given[negative]} at ${negative}`);
  return dynamics.update(Float64Array.from(given), gradient());
}
