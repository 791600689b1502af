import { exp, expm1, pow, softplus } from '@hyperribbon/kernels';
import { maxAbs, multiply, transpose } from '../dense.js';
import { normalNet, type DiagonalNet } from './diagonalNet.js';
import { sumOfSquares } from '../../sums.js';
import { joined } from '../flow/flatWeights.js';
import { type FlowOptions, resolveFlow } from '../flow/flowOptions.js';
import { integrateGauss, type IntegrationReport } from '../flow/integrateGauss.js';
import { interpolationData, type InterpolationProblem } from './kernelToRich.js';

/** What an integration of a diagonal network is told; its rate is 1. */
export type DiagonalNetFlowOptions = Omit<FlowOptions, 'learningTime'>;

/** The map of a diagonal network at each time, and how the integration went. */
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
 * D > 2. Besides R' = X β − y the arguments z of sinh and h_D are integrated, as artanh z for D > 2: where few weights grow from a small
 * start, z comes to within 1e-80 of ±1.
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
  const flow = resolveFlow(where, options, 'kernelToRich');
  const xt = transpose(x, samples, columns);
  const rates = start.map((a) => (depth === 2 ? 8 : 2 * depth * (depth - 2) * pow(a, depth - 2)));
  // z is of order 1, and so is the integral of the residuals in this unit
  const unit = depth === 2 ? 1 : maxAbs(rates);
  const mapOf = (state: Float64Array): Float64Array => scales.map((s, i) => s * curve(state[i]!, depth));
  const residualOf = (map: Float64Array): Float64Array =>
    multiply(x, map, samples, columns, 1).map((p, i) => p - y[i]!);
  const field = (state: Float64Array, out: Float64Array): void => {
    const residual = residualOf(mapOf(state));
    const slopes = multiply(xt, residual, columns, samples, 1);
    for (let i = 0; i < columns; i++) out[i] = -rates[i]! * slopes[i]! * (depth === 2 ? 1 : coshSquared(state[i]!));
    for (let k = 0; k < samples; k++) out[columns + k] = unit * residual[k]!;
  };
  const { report, states } = integrateGauss(field, new Float64Array(columns + samples), flow);
  const maps = states.map(mapOf);
  return {
    ...report,
    maps: joined(maps),
    residualIntegrals: joined(states.map((state) => state.subarray(columns).map((v) => v / unit))),
    losses: Float64Array.from(maps, (map) => sumOfSquares(residualOf(map))),
  };
}

/** h_D at z = tanh a, (1 ∓ z)^{−p} = ((1 + e^{±2a})/2)^p with p = D/(D − 2); 2 sinh a for D = 2 */
function curve(a: number, depth: number): number {
  if (depth === 2) return expm1(a) - expm1(-a);
  const p = depth / (depth - 2);
  return expm1(p * (softplus(2 * a) - LN2)) - expm1(p * (softplus(-2 * a) - LN2));
}

/** dz/da = 1/cosh² a at z = tanh a */
function coshSquared(a: number): number {
  const e = exp(-2 * Math.abs(a));
  return ((1 + e) * (1 + e)) / (4 * e);
}

const LN2 = 0.6931471805599453;
