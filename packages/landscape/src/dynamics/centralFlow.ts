import { pacer, refuse, requireInteger, requireNoOthers, requireSeed } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { type AnyExamples, lossFromData, type Network, requireWeights } from '@hyperribbon/nn';
import { centralDynamics, centralEdge, type CentralRule, startingSquares } from './centralRule.js';
import { centralStep, type CentralVelocity } from './centralStep.js';
import type { FlowMoment } from './descentTypes.js';
import {
  askedSteps,
  type FlowEnd,
  flowEnds,
  type FlowOptions,
  requireDtype,
  requireSameSettings,
} from './flowOptions.js';
import { type FollowerState, followPairs, type PairsFollower } from './followPairs.js';
import { type LossDerivatives, lossDerivatives } from './lossDerivatives.js';
import { axpy } from './vectors.js';

export interface CentralFlowOptions extends Omit<FlowOptions, 'times'> {
  /** η of the run whose average is followed, > 0 */
  readonly learningRate: number;
  /** steps of the run, integer ≥ 1 */
  readonly steps: number;
  /** asked steps, ascending, or how many evenly spaced ones with 0 and the last among them; default 51 */
  readonly at?: readonly number[] | number;
  /** default gradient descent */
  readonly rule?: CentralRule;
  /** the second moments of a run that came to `weights` by some steps, for RMSProp. Default: none yet, as at the start of one */
  readonly squares?: FloatArray;
  /** Euler steps for each step of the run, integer ≥ 1, default 4 */
  readonly substeps?: number;
  /** most eigenvalues that may stand at the edge at once, integer ≥ 1, default 12 */
  readonly mostCritical?: number;
  /** `state` of an earlier flow of the same network, examples and options but for `steps` and `at` */
  readonly resume?: CentralFlowState;
}

/** From where a central flow goes on: plain data. */
export interface CentralFlowState {
  readonly time: number;
  readonly step: number;
  /** (size,) */
  readonly weights: Float64Array;
  readonly squares: Float64Array;
  readonly pairs: FollowerState;
  readonly settings: string;
}

/** The central flow at one time, with what oscillates about it. */
export interface CentralMoment extends FlowMoment {
  readonly sharpnessResidual: number;
  /** eigenvalues that stand at the edge */
  readonly critical: number;
  /** L + ½⟨H, Σ⟩: what the losses of a run average to */
  readonly meanLoss: number;
  /** tr Σ: mean squared distance of a run's iterates from the flow */
  readonly variance: number;
  /** of the complementarity problem that Σ solves, see `complementarity` */
  readonly residual: number;
}

/** A central flow at asked times, and how it was computed. */
export interface CentralFlow {
  readonly moments: readonly CentralMoment[];
  /** weights at the moments, with `keepWeights` */
  readonly weights?: readonly Float64Array[];
  readonly reason: FlowEnd;
  readonly message: string;
  /** what the sharpness of moments is held at: 2/η, of H or P⁻¹H */
  readonly threshold: number;
  /** largest residual of the complementarity problems; NaN where one had no solution, and the flow went on without an oscillation there */
  readonly residual: number;
  /** parts of steps at which more than `mostCritical` eigenvalues stood at the edge: those left out were free to rise. Raise it where this is not 0 */
  readonly crowded: number;
  readonly gradients: number;
  readonly products: number;
  /** third derivatives of the loss along pairs of critical directions */
  readonly thirds: number;
  readonly state: CentralFlowState;
}

/** how far above the edge a flow may start */
const startAllowance = 1.05;

/**
 * Central flow: where descent at the edge of stability is on average [cohen2025]. Iterates oscillate about it along eigenvectors U of P⁻¹H whose eigenvalues stand at 2,
 * with a covariance Σ = U X Uᵀ that is just what it takes to keep them from rising above:
 *
 * dw/dt = −P⁻¹(∇L + ½ ∇⟨H, Σ⟩), X ⪰ 0, 2P − H ⪰ 0 on U, and the one is 0 where the other is not.
 *
 * Time is that of a step. P = 1/η for gradient descent; P = (√ν + ε)/η for RMSProp, dν/dt = (1 − α)/α · (g² + diag HΣH − ν), and for its form with one ν for all weights.
 *
 * Four Euler steps for each step of the run; X solves a semidefinite complementarity problem on the eigenvalues above 1.95, with ∇(uᵀHv) by third
 * derivatives of the traced program. Below the edge X = 0 and this is Euler's method for gradient flow.
 *
 * It is a mean: a run without noise comes to the edge with a component along U of the size of rounding, and overshoots before its first burst. Of RMSProp it takes `squares`
 * of a run after some steps: the first gradient, much larger than the next, moves ν for a whole step of the flow and at one instant of a run, which remembers it less.
 * A loss without a minimum, such as cross-entropy of classes that can be separated, is no error: the sharpness dies in the end, and nothing is critical.
 *
 * @param weights (size,) where the run starts, or where it stands after some steps
 * @throws ArgumentError where η is above the flow's limit: the largest eigenvalue stands more than 5 % above the edge at the start, where descent is no oscillation
 * about a flow yet; for rules that have no central flow here
 * @example
 * const net = mlp([2, 3, 2], { activation: 'tanh' });
 * const examples = examplesFromArrays({ shape: [2, 2], data: Float32Array.of(0, 1, 1, 0) }, { shape: [2], data: Int32Array.of(0, 1) });
 * const flow = await centralFlow(net, net.init(1), examples, { learningRate: 0.1, steps: 20, at: [0, 20], loss: { kind: 'squared-error' } });
 * flow.moments[1].loss < flow.moments[0].loss; // true
 *
 * Cost: per substep a gradient, a few Hessian-vector products, and k(k + 1)/2 third derivatives, of about four gradients each, with k eigenvalues at the edge
 */
export async function centralFlow(
  network: Network,
  weights: FloatArray,
  examples: AnyExamples,
  options: CentralFlowOptions,
): Promise<CentralFlow> {
  const settled = settle(network, weights, options);
  const { resume, learningRate, keepWeights, dynamics, mostCritical } = settled;
  const derivatives = lossDerivatives('centralFlow', network, examples, settled);
  const follower = followPairs(settled.seed, resume?.pairs);
  const w = Float64Array.from(resume?.weights ?? weights);
  const running: Running = {
    w,
    step: resume?.step ?? 0,
    squares:
      resume?.squares ?? startingSquares('centralFlow', dynamics, () => gradientAt(derivatives, w), options.squares),
    follower,
    pairs: follower.state(),
    velocityAt: centralStep(derivatives, dynamics, follower, mostCritical),
    moments: [],
    kept: [],
    residual: 0,
    crowded: 0,
  };
  const reason = await integrate(running, settled);
  const { step, squares, moments, kept, residual, crowded } = running;
  return {
    moments,
    ...(keepWeights && { weights: kept }),
    reason,
    message: flowEnds[reason],
    threshold: centralEdge / learningRate,
    residual,
    crowded,
    ...derivatives.counts,
    state: {
      time: step * learningRate,
      step,
      weights: w,
      squares,
      pairs: running.pairs,
      settings: settled.settings,
    },
  };
}

/** A flow on its way. */
interface Running {
  readonly w: Float64Array;
  step: number;
  squares: Float64Array;
  readonly follower: PairsFollower;
  /** of the last whole step: what is measured at the end is measured again where the flow goes on */
  pairs: FollowerState;
  readonly velocityAt: ReturnType<typeof centralStep>;
  readonly moments: CentralMoment[];
  readonly kept: Float64Array[];
  residual: number;
  crowded: number;
}

async function integrate(
  running: Running,
  { asked, resume, learningRate, keepWeights, substeps, signal, onProgress }: ReturnType<typeof settle>,
): Promise<FlowEnd> {
  const { w, velocityAt, moments, kept } = running;
  const last = asked[asked.length - 1];
  const dt = 1 / substeps;
  const pause = pacer();
  for (let first = resume === undefined; ; first = false) {
    const { step } = running;
    const wanted = asked.includes(step) && !(resume !== undefined && step <= resume.step);
    if (step >= last && !wanted) return 'reached-end';
    if (signal?.aborted === true) return 'aborted';
    running.pairs = running.follower.state();
    const before = { w: w.slice(), squares: running.squares };
    for (let part = 0; part < substeps; part++) {
      const velocity = await velocityAt({ w, squares: running.squares, dt, look: part === 0 });
      if (!velocity.finite) {
        w.set(before.w);
        running.squares = before.squares;
        return 'not-finite';
      }
      if (first && part === 0) requireBelow(velocity, learningRate);
      running.residual = Math.max(running.residual, velocity.residual);
      if (velocity.crowded) running.crowded += 1;
      if (part === 0 && wanted) {
        moments.push(momentOf(step, velocity, learningRate));
        if (keepWeights) kept.push(w.slice());
      }
      if (step >= last) return 'reached-end';
      running.squares = moved(w, running.squares, velocity, dt);
    }
    running.step = step + 1;
    if (await pause()) onProgress?.({ done: running.step, of: last, detail: `step ${running.step}` });
  }
}

function gradientAt(derivatives: LossDerivatives, w: Float64Array): Float64Array {
  const gradient = new Float64Array(w.length);
  derivatives.gradient(w, gradient);
  return gradient;
}

/** w moves in place; @returns the second moments after dt */
function moved(w: Float64Array, squares: Float64Array, { dw, dSquares }: CentralVelocity, dt: number): Float64Array {
  axpy(dt, dw, w);
  // where an average is short an Euler step may take it below 0
  return squares.map((v, i) => Math.max(0, v + dt * dSquares[i]));
}

function momentOf(step: number, velocity: CentralVelocity, eta: number): CentralMoment {
  const { loss, values, residualNorms, critical, oscillation, variance, residual } = velocity;
  return {
    time: step * eta,
    step,
    loss,
    sharpness: values[0] / eta,
    sharpnessResidual: residualNorms[0] / eta,
    critical,
    meanLoss: loss + oscillation,
    variance,
    residual,
  };
}

function requireBelow({ values }: CentralVelocity, eta: number): void {
  if (values[0] > startAllowance * centralEdge)
    refuse(
      'centralFlow',
      `learningRate must keep the largest eigenvalue of ηP⁻¹H near or below ${centralEdge} at the start, got ${values[0].toPrecision(4)} with ` +
        `learningRate=${eta}: descent is no oscillation about a flow there. Take a learning rate below ${((eta * centralEdge) / values[0]).toPrecision(2)}, or start from ` +
        'weights (and squares) of the run after its first steps',
    );
}

function settle(network: Network, weights: FloatArray, options: CentralFlowOptions) {
  const {
    learningRate,
    steps,
    at,
    keepWeights = false,
    loss = { kind: 'softmax-cross-entropy' },
    dtype = 'float32',
    ...rest
  } = options;
  const { deterministic = false, seed = 0, rule = { kind: 'sgd' }, substeps = 4, mostCritical = 12, ...more } = rest;
  const { squares: _squares, resume, signal, onProgress, ...unknown } = more;
  const caller = 'centralFlow';
  requireNoOthers(caller, unknown, 'CentralFlowOptions');
  requireWeights(caller, 'weights', network, weights, dtype);
  requireDtype(caller, dtype);
  requireSeed(caller, seed);
  requireInteger(caller, 'steps', steps, 1);
  requireInteger(caller, 'substeps', substeps, 1);
  requireInteger(caller, 'mostCritical', mostCritical, 1);
  const dynamics = centralDynamics(caller, rule, learningRate, network.size);
  const asked = askedSteps(caller, steps, at);
  const { name } = network;
  const settings = JSON.stringify({
    name,
    loss,
    dtype,
    deterministic,
    seed,
    rule,
    learningRate,
    substeps,
    mostCritical,
  });
  if (resume !== undefined) requireSameSettings(caller, network.size, steps * learningRate, resume, settings);
  const own = { asked, keepWeights, loss: lossFromData(loss), dtype, deterministic, seed, learningRate, dynamics };
  return { ...own, substeps, mostCritical, resume, signal, onProgress, settings };
}
