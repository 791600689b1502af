import { requireEach, requireFinite, requirePositive } from '@hyperribbon/contract';
import { expm1 } from '@hyperribbon/kernels';
import { decay } from '../twoLayer/riccatiSolution.js';
import { dotRange, sumOfSquares } from '../../sums.js';
import type { ScalarLimit } from '../twoLayer/saxeMode.js';
import { timesOf, vectorOf } from '../../vectors.js';

/** One hidden neuron f(x) = a w·x learning β*·x from white inputs. */
export interface KuninNeuron {
  /** w_0, (inputs,) */
  readonly inputWeights: ArrayLike<number>;
  /** a_0 */
  readonly outputWeight: number;
  /** β*, (inputs,) */
  readonly target: ArrayLike<number>;
  /** η_w > 0 (default 1) */
  readonly inputLearningRate?: number;
  /** η_a > 0 (default 1) */
  readonly outputLearningRate?: number;
}

/** Both layers of a neuron at each time, and what is conserved. */
export interface KuninCurve extends ScalarLimit {
  /** a(t), (times,) */
  readonly outputWeights: Float64Array;
  /** w(t), (times, inputs) */
  readonly inputWeights: Float64Array;
  /** β(t) = a w, (times, inputs) */
  readonly maps: Float64Array;
  /** w·β* / a, (times,); infinite where a = 0, its pole */
  readonly alignments: Float64Array;
  /** δ = η_w a² − η_a ‖w‖²: > 0 lazy in w, < 0 lazy in a, 0 rich; conserved */
  readonly delta: number;
  /** κ = √(δ² + 4 η_a η_w ‖β‖²), (times,): η_w a² = (κ + δ)/2, η_a ‖w‖² = (κ − δ)/2 */
  readonly kappas: Float64Array;
}

/**
 * The single hidden neuron in closed form: a' = η_a w·(β* − a w), w' = η_w a (β* − a w).
 *
 * In q = (√η_a w, √η_w a) the flow is q' = F q − ½ ‖q‖² q, with F = [[−δ/2 I, g β*], [g β*ᵀ, δ/2]], g = √(η_a η_w), so
 * q(t) = e^{Ft} q_0/√(1 + q_0ᵀ Φ q_0), Φ = (e^{2Ft} − I)/(2F). F has the rates ±√(δ²/4 + g²‖β*‖²) and −δ/2; the largest that q_0
 * overlaps with is divided out, so nothing overflows, and the poles of ν = w·β/a, where a crosses 0, are ordinary points here.
 * @param neuron start, target and rates
 * @param times ascending, >= 0, up to Infinity
 * @throws ArgumentError for a rate that is not positive or arrays of different length
 * Cost: O(inputs) per time.
 * Source: conserved quantity, κ and the Riccati equation of ν [kunin2024], read in the authors' code and checked numerically; this
 * form of the solution is derived here.
 * @example kuninNeuron({ inputWeights: [0.1, 0], outputWeight: 0.1, target: [1, 2] }, [40]).maps // Float64Array [1, 2]
 */
export function kuninNeuron(neuron: KuninNeuron, times: ArrayLike<number>): KuninCurve {
  const where = 'kuninNeuron';
  const { outputWeight, inputLearningRate = 1, outputLearningRate = 1 } = neuron;
  const d = neuron.target.length;
  const target = vectorOf(where, 'target', neuron.target, d);
  const start = vectorOf(where, 'inputWeights', neuron.inputWeights, d);
  requireFinite(where, 'outputWeight', outputWeight);
  requireEach(requirePositive, where, { inputLearningRate, outputLearningRate });
  const at = timesOf(where, times);

  const [rootW, rootA] = [Math.sqrt(inputLearningRate), Math.sqrt(outputLearningRate)];
  const flow = neuronFlow(
    start.map((w) => rootA * w),
    rootW * outputWeight,
    target,
    rootW * rootA,
  );
  const { delta, reason } = flow;
  const outputWeights = new Float64Array(at.length);
  const inputWeights = new Float64Array(at.length * d);
  const maps = new Float64Array(at.length * d);
  const alignments = new Float64Array(at.length);
  const kappas = new Float64Array(at.length);
  at.forEach((t, i) => {
    const { output, along, across, scale } = flow.at(t);
    const a = t === 0 ? outputWeight : (output * scale) / rootW;
    outputWeights[i] = a;
    let [overlap, square] = [0, 0];
    for (let j = 0; j < d; j++) {
      const w = t === 0 ? start[j]! : ((along * flow.direction[j]! + across * flow.across[j]!) * scale) / rootA;
      inputWeights[i * d + j] = w;
      maps[i * d + j] = a * w;
      overlap += w * target[j]!;
      square += a * w * a * w;
    }
    alignments[i] = overlap / a;
    kappas[i] = Math.sqrt(delta * delta + 4 * inputLearningRate * outputLearningRate * square);
  });
  return { outputWeights, inputWeights, maps, alignments, delta, kappas, learns: reason === 'target', reason };
}

/** q(t)/scale in the basis of F: the output, the part along the target's direction, and what multiplies the part across it. */
interface NeuronFlow {
  readonly delta: number;
  readonly reason: KuninCurve['reason'];
  /** (inputs,) unit vector of β*, and the part of q's inputs orthogonal to it at the start */
  readonly direction: Float64Array;
  readonly across: Float64Array;
  at(t: number): { readonly output: number; readonly along: number; readonly across: number; readonly scale: number };
}

/** From q = (w0, a0), with g: the closed form of kuninNeuron. */
function neuronFlow(w0: Float64Array, a0: number, target: Float64Array, g: number): NeuronFlow {
  const length = Math.sqrt(sumOfSquares(target));
  const direction = length === 0 ? target : target.map((x) => x / length);
  const delta = a0 * a0 - sumOfSquares(w0);
  const s = g * length;
  const along = dotRange(w0, 0, direction, 0, w0.length);
  const across = w0.map((w, i) => w - along * direction[i]!);
  const rate = Math.sqrt((delta * delta) / 4 + s * s);
  // eigenvector of +rate on (direction, a): (s, rate + δ/2), or (rate − δ/2, s) where the sum would cancel
  const [c1, c2] =
    s === 0 ? (delta >= 0 ? [0, 1] : [1, 0]) : delta >= 0 ? [s, rate + delta / 2] : [rate - delta / 2, s];
  const norm = Math.sqrt(c1 * c1 + c2 * c2);
  const [ex, ea] = [c1 / norm, c2 / norm];
  const size = Math.sqrt(sumOfSquares(w0) + a0 * a0);
  let plus = ex * along + ea * a0;
  if (Math.abs(plus) <= 4 * 2.220446049250313e-16 * size) plus = 0;
  const minus = ea * along - ex * a0;
  const acrossSquared = sumOfSquares(across);
  const growing = plus !== 0 ? rate : acrossSquared > 0 ? Math.max(-delta / 2, 0) : 0;
  return {
    delta,
    reason: length === 0 || plus !== 0 ? 'target' : size === 0 ? 'at-saddle' : 'wrong-sign',
    direction,
    across,
    at(t) {
      // everything times e^{−growing t}
      const up = plus === 0 ? 0 : plus * decay(rate - growing, t);
      const down = minus * decay(-rate - growing, t);
      const side = acrossSquared === 0 ? 0 : decay(-delta / 2 - growing, t);
      const sum =
        decay(-2 * growing, t) +
        (plus === 0 ? 0 : plus * plus * dampedPhi(rate, growing, t)) +
        (minus === 0 ? 0 : minus * minus * dampedPhi(-rate, growing, t)) +
        (acrossSquared === 0 ? 0 : acrossSquared * dampedPhi(-delta / 2, growing, t));
      const scale = 1 / Math.sqrt(sum);
      return { output: ea * up - ex * down, along: ex * up + ea * down, across: side, scale };
    },
  };
}

/** e^{−2mt} (e^{2ft} − 1)/(2f) for f <= m */
function dampedPhi(f: number, m: number, t: number): number {
  if (f === 0) return m > 0 && t === Infinity ? 0 : t * decay(-2 * m, t);
  if (f > 0) return (decay(2 * (f - m), t) * -expm1(-2 * f * t)) / (2 * f);
  return (decay(-2 * m, t) * expm1(2 * f * t)) / (2 * f);
}
