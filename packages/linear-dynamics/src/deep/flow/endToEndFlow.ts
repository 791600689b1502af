import { endToEndPreconditioner, endToEndVelocity, requireShape } from './endToEndPreconditioner.js';
import { integrateGauss, type FlowProgress, type IntegrationReport } from './integrateGauss.js';
import type { LinearLoss } from './losses.js';
import { requireCount, requireNonNegative, requirePositive, requireTimes } from '../requirements.js';

export interface EndToEndFlowOptions {
  readonly loss: LinearLoss;
  /** N, number of weight matrices of the balanced network */
  readonly depth: number;
  /** ascending, >= 0 */
  readonly times: ArrayLike<number>;
  /** τ (default 1) */
  readonly learningTime?: number;
  /** λ of ½ λ Σ ‖W_j‖²: adds −N λ W (default 0) */
  readonly weightDecay?: number;
  /** default 1e-12 */
  readonly tolerance?: number;
  /** default 100,000 */
  readonly maxSteps?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FlowProgress) => void;
}

export interface EndToEndFlowReport extends IntegrationReport {
  readonly times: Float64Array;
  /** W(t), (times, outputs, inputs) row-major */
  readonly endToEnd: Float64Array;
  readonly losses: Float64Array;
}

/**
 * The flow of the map alone, without factors: τ dW/dt = −Σ_j (W Wᵀ)^{(j−1)/N} G (Wᵀ W)^{(N−j)/N} − N λ W.
 *
 * Exact for a balanced network; for unbalanced weights only an approximation, so look at balanceMatrices first.
 * @param map W_0, (outputs, inputs) row-major
 * @throws RangeError when shapes do not fit
 * Cost: one full singular value decomposition per evaluation: (outputs + inputs)³ flops, whatever the hidden widths.
 * Source: [arora2018], from memory, checked numerically against the flow of the factors.
 */
export function endToEndFlow(map: ArrayLike<number>, options: EndToEndFlowOptions): EndToEndFlowReport {
  const where = 'endToEndFlow';
  const { loss, depth, learningTime = 1, weightDecay = 0, tolerance = 1e-12, maxSteps = 100_000 } = options;
  const shape = { inputs: loss.inputs, outputs: loss.outputs, depth };
  requireShape(where, map, shape);
  requirePositive(where, 'learningTime', learningTime);
  requireNonNegative(where, 'weightDecay', weightDecay);
  requirePositive(where, 'tolerance', tolerance);
  requireCount(where, 'maxSteps', maxSteps);
  const times = requireTimes(where, options.times);
  const gradient = new Float64Array(map.length);
  const maps: Float64Array[] = [];
  const report = integrateGauss(
    (w, out) => {
      loss.gradient(w, gradient);
      const velocity = endToEndVelocity(endToEndPreconditioner(w, shape), gradient);
      for (let i = 0; i < out.length; i++) out[i] = (velocity[i]! - depth * weightDecay * w[i]!) / learningTime;
    },
    Float64Array.from(map),
    times,
    (_, w) => maps.push(w.slice()),
    { tolerance, maxSteps, signal: options.signal, onProgress: options.onProgress },
  );
  const endToEnd = new Float64Array(maps.length * map.length);
  maps.forEach((w, i) => endToEnd.set(w, i * map.length));
  return {
    ...report,
    times: times.slice(0, maps.length),
    endToEnd,
    losses: Float64Array.from(maps, (w) => loss.value(w)),
  };
}
