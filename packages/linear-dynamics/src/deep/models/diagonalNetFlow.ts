import { pow } from '@hyperribbon/kernels';
import { multiply, transpose } from '../dense.js';
import { normalNet, primal, type DiagonalNet } from './diagonalNet.js';
import { sumOfSquares } from '../../sums.js';
import { joined } from '../flow/flatWeights.js';
import { type FlowOptions, resolveFlow } from '../flow/flowOptions.js';
import { integrateGauss, type IntegrationReport } from '../flow/integrateGauss.js';
import { interpolationData, type InterpolationProblem } from './kernelToRich.js';

export type DiagonalNetFlowOptions = Omit<FlowOptions, 'learningTime'>;

export interface DiagonalNetFlow extends IntegrationReport {
  /** β(t), (times, inputs) */
  readonly maps: Float64Array;
  /** ∫₀ᵗ (X β − y), (times, samples): all that β(t) depends on */
  readonly residualIntegrals: Float64Array;
  /** ‖X β − y‖², (times,) */
  readonly losses: Float64Array;
}

/**
 * Gradient flow of a diagonal linear network on the loss ‖X β − y‖² (no ½, no mean), dw/dt = −dL/dw.
 *
 * Given R(t) = ∫ (X β − y), the weights are known: β = 2 α² sinh(−8 XᵀR) for D = 2 (w_0 = 1), and α^D h_D(−2 D (D − 2) α^{D−2} XᵀR) for
 * D > 2. So only the `samples` numbers R' = X β(R) − y are integrated.
 * @throws ArgumentError when shapes do not fit
 * Cost: two products with X per evaluation.
 * Source: [woodworth2020], from memory, checked numerically; the factors 8 and 2 D (D − 2) belong to this loss and unit rate.
 * @example diagonalNetFlow({ inputs: [1], targets: [2] }, { alpha: 1 }, { times: [9] }).maps // [2.000...]
 */
export function diagonalNetFlow(
  problem: InterpolationProblem,
  net: DiagonalNet,
  options: DiagonalNetFlowOptions,
): DiagonalNetFlow {
  const where = 'diagonalNetFlow';
  const { x, y, samples, columns } = interpolationData(where, problem);
  const { depth, scales, start } = normalNet(where, net, columns);
  const flow = resolveFlow(where, options);
  const xt = transpose(x, samples, columns);
  const rates = start.map((a) => (depth === 2 ? 8 : 2 * depth * (depth - 2) * pow(a, depth - 2)));
  const mapOf = (integral: Float64Array): Float64Array =>
    multiply(xt, integral, columns, samples, 1).map((v, i) => scales[i]! * primal(-rates[i]! * v, depth));
  const residualOf = (map: Float64Array): Float64Array =>
    multiply(x, map, samples, columns, 1).map((p, i) => p - y[i]!);
  const field = (integral: Float64Array, out: Float64Array): void => out.set(residualOf(mapOf(integral)));
  const { report, states } = integrateGauss(field, new Float64Array(samples), flow);
  const maps = states.map(mapOf);
  return {
    ...report,
    maps: joined(maps),
    residualIntegrals: joined(states),
    losses: Float64Array.from(maps, (map) => sumOfSquares(residualOf(map))),
  };
}
