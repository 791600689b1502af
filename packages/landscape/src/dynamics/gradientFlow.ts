import {
  pacer,
  requireBetween,
  requireInteger,
  requireNoOthers,
  requirePositive,
  requireSeed,
} from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { type AnyExamples, lossFromData, type Network, requireWeights } from '@hyperribbon/nn';
import type { FlowMoment } from './descentTypes.js';
import {
  askedTimes,
  type FlowEnd,
  flowEnds,
  type FlowOptions,
  requireDtype,
  requireSameSettings,
} from './flowOptions.js';
import { type FollowerState, followPairs, type PairsFollower } from './followPairs.js';
import { hessianAt, type LossDerivatives, lossDerivatives } from './lossDerivatives.js';
import { stepControl, type StepControlState } from './stepControl.js';
import { type FlowStep, rungeKutta4 } from './rungeKutta4.js';

export interface GradientFlowOptions extends FlowOptions {
  /** last time; descent of learning rate η is at time η · steps. Positive */
  readonly time: number;
  /** α of the step min(α/S, mostStep), in (0, 2.785): beyond it the method of Runge and Kutta is unstable on a quadratic. Default 1 */
  readonly safety?: number;
  /** default Infinity */
  readonly mostStep?: number;
  /** every so many steps one is made again in two halves, integer ≥ 0, 0 for never; default 20 */
  readonly check?: number;
  /** default 1,000,000 */
  readonly maxSteps?: number;
  /** η of the run that it is compared with: gives moments their step, and says where S crosses 2/η. Default: none, steps are times */
  readonly learningRate?: number;
  /** `state` of an earlier flow of the same network, examples and options but for `time`, `times` and `maxSteps` */
  readonly resume?: GradientFlowState;
}

/** From where a flow goes on: plain data. */
export interface GradientFlowState {
  readonly time: number;
  /** (size,) */
  readonly weights: Float64Array;
  readonly pairs: FollowerState;
  readonly control: StepControlState;
  readonly evidence: FlowEvidence;
  readonly steps: number;
  readonly settings: string;
}

/** How far the computed flow is from the exact one, as far as halved steps tell. */
export interface FlowEvidence {
  /** steps that were made again in two halves */
  readonly checks: number;
  /** largest ratio of a step's estimated error, 16/15 ‖w_h − w_{h/2,h/2}‖, to its length */
  readonly largest: number;
  /**
   * sum of the estimated errors over all steps, those not checked counted as the next one that was: what errors amount to in ‖w‖ where the flow neither damps nor
   * enlarges them
   */
  readonly accumulated: number;
}

/** Gradient flow at asked times, and how it was computed. */
export interface GradientFlow {
  readonly moments: readonly FlowMoment[];
  /** weights at the moments, with `keepWeights` */
  readonly weights?: readonly Float64Array[];
  readonly reason: FlowEnd;
  readonly message: string;
  readonly steps: number;
  /** gradients and Hessian-vector products over all examples, of this call */
  readonly gradients: number;
  readonly products: number;
  readonly evidence: FlowEvidence;
  /** with `learningRate`, whether S stands above 2/η where this call starts: descent then leaves the flow at once */
  readonly startsAbove?: boolean;
  /** with `learningRate`, the first moment with S > 2/η: descent stays with the flow until about there; absent: none */
  readonly crossing?: number;
  readonly state: GradientFlowState;
}

/** Runge and Kutta's four stages damp e^(−hS) for hS up to this. */
export const stabilityLimit = 2.785;

/** of the sharpness, relative: steps need no more */
const sharpnessTol = 1e-3;

/**
 * Gradient flow dw/dt = −∇L(w) by the classical method of Runge and Kutta with steps min(α/S, mostStep) [cohen2021, appendix]: S, the largest eigenvalue of the
 * Hessian, is measured on the way, the more often the faster it moves.
 *
 * @param weights (size,) at time 0
 * @param examples that the loss is the mean over
 * @returns moments in the order of the asked times; with the reason where it ended early, and `state` for `resume`. A resumed flow has the bits of one that was
 * never interrupted, if it was interrupted at an asked time
 * @throws ArgumentError for weights and examples that do not fit, a `safety` at which the method is unstable, and a state of other settings
 * @example
 * const net = mlp([2, 3, 2], { activation: 'tanh' });
 * const examples = examplesFromArrays({ shape: [2, 2], data: Float32Array.of(0, 1, 1, 0) }, { shape: [2], data: Int32Array.of(0, 1) });
 * const flow = await gradientFlow(net, net.init(1), examples, { time: 5, times: 6, loss: { kind: 'squared-error' } });
 * flow.moments[5].loss < flow.moments[0].loss; // true
 *
 * Cost: S · time/α steps of four gradients; a Hessian-vector product or a few every 1 to 64 steps
 */
export async function gradientFlow(
  network: Network,
  weights: FloatArray,
  examples: AnyExamples,
  options: GradientFlowOptions,
): Promise<GradientFlow> {
  const settled = settle(network, weights, options);
  const { resume, learningRate, keepWeights } = settled;
  const derivatives = lossDerivatives('gradientFlow', network, examples, settled);
  const state: Running = {
    w: Float64Array.from(resume?.weights ?? weights),
    time: resume?.time ?? 0,
    steps: resume?.steps ?? 0,
    follower: followPairs(settled.seed, resume?.pairs),
    evidence: resume?.evidence ?? { checks: 0, largest: 0, accumulated: 0 },
    moments: [],
    kept: [],
  };
  const reason = await integrate(state, derivatives, settled);
  const { w, time, steps, follower, evidence, moments, kept } = state;
  const pairs = follower.state();
  return {
    moments,
    ...(keepWeights && { weights: kept }),
    reason,
    message: flowEnds[reason],
    steps,
    gradients: derivatives.counts.gradients,
    products: derivatives.counts.products,
    evidence,
    ...(options.learningRate !== undefined && edgeOf(moments, 2 / learningRate)),
    state: { time, weights: w, pairs, control: settled.control.state(), evidence, steps, settings: settled.settings },
  };
}

/** A flow on its way. */
interface Running {
  readonly w: Float64Array;
  time: number;
  steps: number;
  readonly follower: PairsFollower;
  evidence: FlowEvidence;
  readonly moments: FlowMoment[];
  readonly kept: Float64Array[];
}

async function integrate(
  state: Running,
  derivatives: LossDerivatives,
  { asked, resume, control, learningRate, maxSteps, keepWeights, signal, onProgress }: ReturnType<typeof settle>,
): Promise<FlowEnd> {
  const { w, follower } = state;
  const stepper = rungeKutta4(derivatives.size, derivatives.gradient);
  const pause = pacer();
  const measure = async (): Promise<{ readonly value: number; readonly residual: number }> => {
    const found = await follower.update(hessianAt(derivatives, w), { tol: sharpnessTol });
    control.measured(found.values[0]);
    return { value: found.values[0], residual: found.residualNorms[0] };
  };
  for (const target of asked) {
    if (resume !== undefined && target <= resume.time) continue;
    while (state.time < target) {
      if (signal?.aborted === true) return 'aborted';
      if (state.steps >= maxSteps) return 'max-steps';
      if (control.due()) await measure();
      // a last step that is longer by rounding is no step more
      const left = Math.ceil((target - state.time) / control.step() - 1e-9);
      const h = left <= 1 ? target - state.time : (target - state.time) / left;
      const made = stepper.step(w, h, control.checked());
      if (!Number.isFinite(made.length)) return 'not-finite';
      state.steps += 1;
      state.time = left <= 1 ? target : state.time + h;
      state.evidence = withCheck(state.evidence, made, control.sinceCheck());
      const { time } = state;
      if (await pause()) onProgress?.({ done: time, of: asked[asked.length - 1], detail: `time ${time.toFixed(2)}` });
    }
    const { value, residual } = await measure();
    const loss = stepper.start(w);
    const { time } = state;
    state.moments.push({ time, step: time / learningRate, loss, sharpness: value, sharpnessResidual: residual });
    if (keepWeights) state.kept.push(w.slice());
    if (!Number.isFinite(loss) || !Number.isFinite(value)) return 'not-finite';
  }
  return 'reached-end';
}

/** @param counted steps that the check stands for */
function withCheck(evidence: FlowEvidence, { length, error }: FlowStep, counted: number): FlowEvidence {
  if (error === undefined) return evidence;
  return {
    checks: evidence.checks + 1,
    largest: length > 0 ? Math.max(evidence.largest, error / length) : evidence.largest,
    accumulated: evidence.accumulated + error * counted,
  };
}

function edgeOf(moments: readonly FlowMoment[], edge: number): Pick<GradientFlow, 'startsAbove' | 'crossing'> {
  const crossing = moments.find(({ sharpness }) => sharpness > edge)?.time;
  return {
    startsAbove: moments.length > 0 && moments[0].sharpness > edge,
    ...(crossing !== undefined && { crossing }),
  };
}

function settle(network: Network, weights: FloatArray, options: GradientFlowOptions) {
  const {
    time,
    times,
    keepWeights = false,
    loss = { kind: 'softmax-cross-entropy' },
    dtype = 'float32',
    ...rest
  } = options;
  const {
    deterministic = false,
    seed = 0,
    safety = 1,
    mostStep = Infinity,
    check = 20,
    maxSteps = 1e6,
    ...more
  } = rest;
  const { learningRate = 1, resume, signal, onProgress, ...unknown } = more;
  const caller = 'gradientFlow';
  requireNoOthers(caller, unknown, 'GradientFlowOptions');
  requireWeights(caller, 'weights', network, weights, dtype);
  requireDtype(caller, dtype);
  requireSeed(caller, seed);
  requireBetween(caller, 'safety', safety, 0, stabilityLimit);
  if (mostStep !== Infinity) requirePositive(caller, 'mostStep', mostStep);
  requireInteger(caller, 'check', check, 0);
  requireInteger(caller, 'maxSteps', maxSteps, 1);
  requirePositive(caller, 'learningRate', learningRate);
  const asked = askedTimes(caller, time, times);
  const { name } = network;
  const settings = JSON.stringify({ name, loss, dtype, deterministic, seed, safety, mostStep: `${mostStep}`, check });
  if (resume !== undefined) requireSameSettings(caller, network.size, time, resume, settings);
  const control = stepControl({ safety, mostStep, check }, resume?.control);
  const own = { asked, keepWeights, loss: lossFromData(loss), dtype, deterministic, seed, maxSteps, learningRate };
  return { ...own, resume, signal, onProgress, settings, control };
}
