import { requireInteger } from '@hyperribbon/contract';
import { eigvalsh } from '@hyperribbon/lanczos';
import { type Cloud, type CloudOptions, resolveCloud, targetLengths } from './cloud.js';
import { type DecayModes, decayModes } from './spectra/decayModes.js';
import { lowerGram } from '../sums.js';
import { type FamilyMember, spectrumFamily } from './spectra/spectrumFamily.js';
import { type TargetFactor, targetFactor } from './targetFactor.js';
import { initializationDiagonal, randomTargetDiagonal } from './trajectoryCovariance.js';

/** A cloud of trajectories, and how many of its widths are wanted. */
export interface WidthsOptions extends CloudOptions {
  /** how many widths; default 20, at most d · outputs */
  readonly count?: number;
}

/** Largest widths of a cloud of trajectories, and its two sources apart. */
export interface PredictedWidths extends FamilyMember {
  readonly status: 'reconstruction';
  /** (count,) √eigenvalues, descending: standard deviations along the principal axes */
  readonly widths: Float64Array;
  /** the same for each source alone: (count,) or fewer eigenvalues, and all of its trace */
  readonly initialization: Source;
  readonly target: Source;
}

type Source = Pick<FamilyMember, 'eigenvalues' | 'trace'>;

/**
 * The widths of the trajectory manifold: square roots of the largest eigenvalues of {@link trajectoryCovariance}, without forming it.
 *
 * The target part is factored (rank 15 to 40 in float64) and modes too slow to matter are compressed; several outputs reduce to one (see targetLengths).
 *
 * @throws ArgumentError for shapes and numbers that do not fit; UnstableStepError for η ≥ 2/λ₁
 * Cost: about d r² flops and one eigenvalue problem of the number of learned directions. 0.2 s for the 784 directions and ten classes of MNIST.
 * Reconstruction following [mao2025].
 * @example predictedWidths({ eigenvalues: [1, 0.1, 0.01], learningRate: 0.9, steps: 100, target: [1, 1, 1] }).widths
 */
export function predictedWidths({ count = 20, ...options }: WidthsOptions): PredictedWidths {
  const cloud = resolveCloud('predictedWidths', options);
  requireInteger('predictedWidths', 'count', count, 1);
  const modes = decayModes(cloud.descent);
  const diagonal = initializationDiagonal(cloud, modes);
  const { outputs } = cloud;
  const wanted = Math.min(count, modes.size * outputs);
  const descending = (values: Float64Array): Float64Array => values.slice().sort((a, b) => b - a);
  /** of a part that is diagonal, and the same for every output */
  const alike = (part: Float64Array): Source => ({
    eigenvalues: descending(repeat(part, outputs)).slice(0, wanted),
    trace: outputs * total(part),
  });
  const initialization = alike(diagonal);
  const result = (whole: FamilyMember, target: Source): PredictedWidths => {
    const widths = whole.eigenvalues.map((value) => Math.sqrt(Math.max(0, value)));
    return { status: 'reconstruction', ...whole, widths, initialization, target };
  };
  if (cloud.target === undefined) {
    const random = randomTargetDiagonal(cloud, modes);
    const sum = diagonal.map((value, i) => value + random[i]);
    return result({ ...alike(sum), squareNorm: outputs * total(sum.map((value) => value * value)) }, alike(random));
  }
  const factor = fixedTargetFactor(cloud, modes);
  const member = spectrumFamily(diagonal, factor, { count: wanted, largest: 1 }).at(1);
  // the other C − 1 output directions carry the initialisation alone
  const others = repeat(diagonal, outputs - 1);
  const eigenvalues = descending(Float64Array.from([...member.eigenvalues, ...others])).slice(0, wanted);
  const trace = member.trace + total(others);
  const squareNorm = member.squareNorm + total(others.map((value) => value * value));
  const target = { eigenvalues: factorEigenvalues(factor).slice(0, wanted), trace: factor.trace };
  return result({ eigenvalues, trace, squareNorm }, target);
}

/** The target part of a fixed target, with the λ^(p/2) of the space in. */
function fixedTargetFactor(cloud: Cloud, modes: DecayModes): TargetFactor {
  const lengths = targetLengths(cloud.target!, cloud.outputs);
  const coefficients = lengths.map((length, i) => length * Math.sqrt(cloud.targetWeights[i]));
  const factor = targetFactor(modes, coefficients);
  return cloud.centred
    ? factor
    : withRow(
        factor,
        coefficients.map((b, i) => b * modes.progress[i]),
      );
}

/** The factor of C + v vᵀ */
function withRow(factor: TargetFactor, v: Float64Array): TargetFactor {
  const rows = new Float64Array(factor.rows.length + v.length);
  rows.set(v);
  rows.set(factor.rows, v.length);
  const diagonal = factor.diagonal.map((value, i) => value + v[i] * v[i]);
  return { ...factor, rank: factor.rank + 1, rows, diagonal, trace: total(diagonal) };
}

/** (rank,) non-zero eigenvalues of Fᵀ F, from the rank × rank matrix F Fᵀ. */
function factorEigenvalues({ rank, rows, size }: TargetFactor): Float64Array {
  return eigvalsh(lowerGram(rows, rank, size), rank, { deterministic: true }).map((value) => Math.max(0, value));
}

function repeat(values: Float64Array, times: number): Float64Array {
  const out = new Float64Array(values.length * times);
  for (let k = 0; k < times; k++) out.set(values, k * values.length);
  return out;
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
