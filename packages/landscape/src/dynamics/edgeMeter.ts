import type { FloatArray } from '@hyperribbon/contract';
import { type CurvatureOperator, hessian } from '@hyperribbon/curvature';
import { createEvaluator, type Loss, type Optimizer, type SharpnessAware, type TrainMoment } from '@hyperribbon/nn';
import type { EdgeMoment, TopPairs } from './descentTypes.js';
import { preconditioned, preconditioner } from './preconditioner.js';
import { dualSharpness, normBall } from './dualSharpness.js';
import { sideMeasures, type SideOptions } from './sideMeasures.js';
import { stabilityThreshold } from './stabilityThreshold.js';
import { trackPairs, type TrackedPairs } from './trackPairs.js';

/** What a meter is told once. */
export interface MeterOptions extends SideOptions {
  readonly loss: Loss;
  readonly rule: Optimizer;
  readonly ascent: SharpnessAware | undefined;
  readonly learningRate: (step: number) => number;
  readonly pairs: number;
  readonly tol: number;
  readonly error: boolean;
}

/** Vectors that the next measurement starts from. */
export interface MeterState {
  readonly hessian: readonly FloatArray[];
  readonly preconditioned: readonly FloatArray[];
  /** that of the dual sharpness */
  readonly dual: readonly FloatArray[];
}

/** Measures one moment of a run after the other; the operator is planned once where the network allows it. */
export interface EdgeMeter {
  readonly state: MeterState;
  measure(at: TrainMoment): Promise<EdgeMoment>;
}

/** @param before where an earlier meter stopped */
export function edgeMeter(options: MeterOptions, before?: MeterState): EdgeMeter {
  const { network, examples, loss, rule, pairs: k, tol, seed, dtype, deterministic } = options;
  const evaluator =
    options.error && 'labels' in examples
      ? createEvaluator(network, examples, { loss, dtype, deterministic })
      : undefined;
  let state: MeterState = before ?? { hessian: [], preconditioned: [], dual: [] };
  let planned: CurvatureOperator | undefined;
  const side = sideMeasures(options);
  const ball = normBall(rule, network);

  /** The Hessian at the weights of a moment, in evaluation mode. */
  function operatorAt({ weights, network: evaluated }: TrainMoment): CurvatureOperator {
    // statistics of batch norms are constants of the plan
    if (planned === undefined || network.buffers !== undefined)
      planned = hessian(evaluated(), weights, examples, { loss, dtype, deterministic });
    else planned.setWeights(weights);
    return planned;
  }

  return {
    get state() {
      return state;
    },
    async measure(at) {
      const H = operatorAt(at);
      const asked = { k, tol, seed, index: at.steps, signal: at.signal };
      const gradient = H.gradient();
      const top = await trackPairs(H, {
        ...asked,
        previous: state.hessian,
        guesses: state.hessian.length ? [] : [gradient],
      });
      const P = preconditioner(rule, at);
      const scaled = P && (await trackPairs(preconditioned(H, P), { ...asked, previous: state.preconditioned }));
      const dual = ball && (await dualSharpness(H, ball, [gradient, ...top.vectors.slice(0, 1), ...state.dual]));
      const dualNorm = ball?.corner(gradient, new Float64Array(gradient.length));
      state = {
        hessian: top.vectors,
        preconditioned: scaled?.vectors ?? [],
        dual: dual ? [dual.direction] : [],
      };
      const measured = await evaluator?.evaluate(at.weights, { buffers: at.buffers });
      const { gradientNorm } = H;
      return {
        step: at.steps,
        loss: H.loss,
        ...(measured && { error: measured.error }),
        gradientNorm,
        ...movingThreshold(options, at.steps, { gradientNorm, dualNorm }),
        hessian: topPairs(top),
        ...(scaled && { preconditioned: topPairs(scaled) }),
        ...(dual && { dualSharpness: dual.value }),
        ...(dualNorm !== undefined && { dualNorm }),
        ...(await side(at, { gradient, vectors: top.vectors })),
      };
    },
  };
}

function topPairs({ values, residualNorms, converged, matvecs }: TrackedPairs): TopPairs {
  return { values, residualNorms, converged, matvecs };
}

/** Learning rate and threshold of a moment, where they are not those of the first. */
function movingThreshold(
  { rule, ascent, learningRate }: MeterOptions,
  step: number,
  { gradientNorm, dualNorm }: { readonly gradientNorm: number; readonly dualNorm: number | undefined },
): Pick<EdgeMoment, 'learningRate' | 'threshold'> {
  const [first, now] = [learningRate(0), learningRate(step)];
  const moves = ascent !== undefined || dualNorm !== undefined || now !== first;
  if (!moves || !(now > 0)) return {};
  const found = stabilityThreshold(rule, now, {
    gradientNorm,
    ...(dualNorm !== undefined && { dualNorm }),
    ...(ascent && { ascent }),
  });
  return { ...(now !== first && { learningRate: now }), ...('value' in found && { threshold: found.value }) };
}
