import { refuse, requireEach, requireFinite, requireFiniteEntries, requirePositive } from '@hyperribbon/contract';
import type { KuninNeuron } from './kuninNeuron.js';
import { balancedPair } from '../dense.js';
import { sumOfSquares } from '../../sums.js';

/** The balance of a neuron and the rates of its layers. */
export interface KuninPreconditionerOptions extends Pick<KuninNeuron, 'inputLearningRate' | 'outputLearningRate'> {
  /** δ = η_w a² − η_a ‖w‖² */
  readonly delta: number;
}

/**
 * What a single hidden neuron does to the gradient of its map β = a w: β' = −M (Σ_xx β − Σ_xy), for any inputs, with
 * M = (κ + δ)/2 I + (κ − δ)/2 β βᵀ/‖β‖², κ = √(δ² + 4 η_a η_w ‖β‖²).
 *
 * δ → +∞: M → δ I, a kernel machine; δ = 0: M = √(η_a η_w) ‖β‖ (I + β βᵀ/‖β‖²); δ → −∞: only the direction of β moves last.
 * @param map β, (inputs,)
 * @returns M, (inputs, inputs) row-major, symmetric positive semidefinite
 * @throws ArgumentError for β = 0 with delta < 0: the direction of w, which decides, is not in β; integrate (a, w) with gradientFlow
 * Cost: inputs² flops. Source: [kunin2024], read in the authors' code; checked numerically against the chain rule.
 * @example kuninPreconditioner([3, 4], { delta: 0 }) // 5 (I + ββᵀ/25)
 */
export function kuninPreconditioner(map: ArrayLike<number>, options: KuninPreconditionerOptions): Float64Array {
  const where = 'kuninPreconditioner';
  const { delta, inputLearningRate = 1, outputLearningRate = 1 } = options;
  const d = map.length;
  requireFiniteEntries(where, 'map', map, d);
  requireFinite(where, 'delta', delta);
  requireEach(requirePositive, where, { inputLearningRate, outputLearningRate });
  const square = sumOfSquares(map);
  if (square === 0 && delta < 0) {
    refuse(
      where,
      `map must not be 0 when delta < 0, got delta=${delta}: the direction of the input weights is lost; use kuninNeuron or gradientFlow`,
    );
  }
  const [flat, radial] = balancedPair(inputLearningRate * outputLearningRate * square, delta);
  const M = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      M[i * d + j] = (i === j ? flat : 0) + (square === 0 ? 0 : (radial * map[i]! * map[j]!) / square);
    }
  }
  return M;
}
