import { type CloudOptions, type Cloud, resolveCloud } from './cloud.js';
import { type DecayModes, decayModes } from './spectra/decayModes.js';

/** Covariance of a cloud of trajectories, its two sources apart. */
export interface TrajectoryCovariance {
  /** formulas derived here, following the abstract of [mao2025]; not that paper's own statements */
  readonly status: 'reconstruction';
  /** number of coordinates: d · outputs, mode by mode, the outputs of a mode together */
  readonly size: number;
  /** (size, size): initialisation on the diagonal plus target */
  readonly covariance: Float64Array;
  /** (size,) the diagonal that the random initialisation contributes */
  readonly initialization: Float64Array;
  /** (size, size) what the target contributes */
  readonly target: Float64Array;
  /** (size,) centre of the cloud (weights of the eigenbasis times λ^(p/2) of the target part) */
  readonly mean: Float64Array;
  readonly initializationTrace: number;
  readonly targetTrace: number;
}

/**
 * Covariance of all points w_t, t = 0..T − 1, of gradient descent from w₀ ~ N(0, σ_w² I), in the eigenbasis of Σ:
 *
 *   Covᵢⱼ = (λᵢλⱼ)^(p/2) (δᵢⱼ σ_w² Gᵢᵢ + bᵢ bⱼ (Gᵢⱼ − gᵢ gⱼ)),   g = mean over t of aᵗ, G = mean of (aᵢaⱼ)ᵗ, a = 1 − η λ.
 *
 * For random targets the second term is σ_⋆² (Gᵢᵢ − gᵢ²) on the diagonal ('perTask'), or σ_⋆² (1 − 2 gᵢ + Gᵢᵢ) when all tasks share one
 * cloud ('pooled'). Per run G − g² stands for G in the first term; not centred, the second gains (1 − gᵢ)(1 − gⱼ). Differences are never formed: see {@link decayModes}.
 *
 * @throws ArgumentError for shapes and numbers that do not fit; UnstableStepError for η ≥ 2/λ₁
 * Cost: (d·outputs)² numbers; for many modes use predictedWidths, which never forms the matrix.
 * Reconstruction following [mao2025].
 * @example trajectoryCovariance({ eigenvalues: [1, 0.1], learningRate: 0.9, steps: 100, target: [1, 1] }).targetTrace
 */
export function trajectoryCovariance(options: CloudOptions): TrajectoryCovariance {
  const cloud = resolveCloud('trajectoryCovariance', options);
  const modes = decayModes(cloud.descent);
  const { outputs } = cloud;
  const size = modes.size * outputs;
  const diagonal = initializationDiagonal(cloud, modes);
  const initialization = Float64Array.from({ length: size }, (_, i) => diagonal[Math.floor(i / outputs)]);
  const { target, mean } = targetPart(cloud, modes);
  const covariance = target.slice();
  let initializationTrace = 0;
  let targetTrace = 0;
  for (let i = 0; i < size; i++) {
    covariance[i * size + i] += initialization[i];
    initializationTrace += initialization[i];
    targetTrace += target[i * size + i];
  }
  return { status: 'reconstruction', size, covariance, initialization, target, mean, initializationTrace, targetTrace };
}

/** (d,) σ_w² λ^p Gᵢᵢ; per run Gᵢᵢ − gᵢ² */
export function initializationDiagonal(
  { initialScale, initialWeights, starts }: Cloud,
  modes: DecayModes,
): Float64Array {
  const variance = initialScale * initialScale;
  return initialWeights.map(
    (weight, i) => variance * weight * (starts === 'perRun' ? modes.covariance(i, i) : modes.meanSquare[i]),
  );
}

/** (d,) diagonal of the target part for random targets, per output */
export function randomTargetDiagonal(
  { targetScale, averaging, centred, targetWeights }: Cloud,
  modes: DecayModes,
): Float64Array {
  const variance = targetScale * targetScale;
  return targetWeights.map((weight, i) => {
    // 1 − 2 g + G = (1 − g)² + (G − g²)
    const centre = averaging === 'pooled' || !centred ? modes.progress[i] : 0;
    return variance * weight * (modes.covariance(i, i) + centre * centre);
  });
}

function targetPart(cloud: Cloud, modes: DecayModes): { target: Float64Array; mean: Float64Array } {
  const { outputs, targetWeights } = cloud;
  const size = modes.size * outputs;
  const target = new Float64Array(size * size);
  const mean = new Float64Array(size);
  if (cloud.target === undefined) {
    const diagonal = randomTargetDiagonal(cloud, modes);
    for (let i = 0; i < size; i++) target[i * size + i] = diagonal[Math.floor(i / outputs)];
    return { target, mean };
  }
  const b = cloud.target.map((value, i) => value * Math.sqrt(targetWeights[Math.floor(i / outputs)]));
  for (let i = 0; i < size; i++) {
    const mode = Math.floor(i / outputs);
    mean[i] = b[i] * modes.progress[mode];
    for (let j = 0; j <= i; j++) {
      const other = Math.floor(j / outputs);
      const centre = cloud.centred ? 0 : modes.progress[mode] * modes.progress[other];
      const value = b[i] * b[j] * (modes.covariance(mode, other) + centre);
      target[i * size + j] = value;
      target[j * size + i] = value;
    }
  }
  return { target, mean };
}
