import { analyticBound, bestPlugIn, effectiveDimension, spectrumDecay } from '@hyperribbon/pac-bayes';
import type { Analysis, BoundSection, CurvatureSpectrum, EpochRecord, SpectralDensity } from '@hyperribbon/report';

/**
 * A TEST FIXTURE: shapes and magnitudes as in a small network on MNIST, made up by formula. Nothing in it was measured.
 * The bound section is what pac-bayes returns, unchanged: the two packages fit together or this file does not compile.
 */
export function sampleAnalysis(): Analysis {
  const hessianValues = spectrum(60, 3.1, 0.16, 6);
  const hessian = curvature('hessian', 'Hessian', 'end', [...hessianValues, -0.0021, -0.0034], 0.002, true);
  const n = 55000;
  const bound = boundFixture(hessianValues, n);
  const threshold = bound.best!.precision / (2 * (n - 1));
  const { hard, soft, lowerBound } = effectiveDimension(hessian.eigenvalues, threshold);
  const inputs = spectrum(784, 38.5, 0.0115, 9).map((value, i) => (i < 620 ? value : value * 1e-14));
  return {
    schema: 'hyperribbon/analysis',
    version: 1,
    title: 'Test fixture: 784-256-2 on binary MNIST',
    created: '2026-01-15T10:00:00Z',
    status: { complete: true, missing: [] },
    setting: {
      dataset: 'MNIST',
      task: 'digits 0–4 against 5–9',
      trainCount: n,
      testCount: 10000,
      features: 784,
      classes: 2,
      architecture: '784-256-2, tanh',
      parameters: 201474,
      loss: 'softmax cross-entropy, nats',
      seed: 7,
      dtype: 'float32',
      deterministic: false,
      kernels: { flavour: 'fast', engine: 'wasm' },
      runtime: 'node 22.12.0, linux x64, 2 workers',
      versions: { hyperribbon: '0.1.0' },
      timings: [
        { step: 'training', seconds: 31.4 },
        { step: 'Hessian, 62 eigenvalues', seconds: 208 },
        { step: 'spectral density', seconds: 84 },
        { step: 'posterior draws', seconds: 61.2 },
      ],
      options: { optimiser: 'Adam 2e-3 → 5e-4', batch: 500 },
    },
    training: [
      {
        name: 'plain',
        history: history(20, 0.62, 0.16, 0.003),
        final: { trainLoss: 0.0293, trainError: 0.0088, testLoss: 0.0773, testError: 0.0235 },
        norms: { initial: 11.32, final: 21.7, displacement: 16.9 },
      },
      {
        name: 'decayed',
        continues: 'plain',
        history: history(20, 0.0253, -0.01, 0.018),
        final: { trainLoss: 0.0349, trainError: 0.0177, testLoss: 0.0829, testError: 0.0248 },
        norms: { initial: 11.32, final: 12.1, displacement: 1.72 },
      },
    ],
    inputSpectrum: {
      description: 'uncentred correlation XᵀX/n, pixels in [0, 1]',
      examples: 10000,
      eigenvalues: inputs,
      noiseFloor: 1e-12,
      trace: 88.19,
      fit: spectrumDecay(inputs, { from: 50, to: 300 }),
    },
    curvature: [
      hessian,
      curvature('gauss-newton', 'Gauss–Newton', 'end', spectrum(40, 2.9, 0.15, 3), 0.0004, true),
      curvature('fisher-end', 'Fisher', 'end', spectrum(40, 2.2, 0.14, 1.5), 0.0004, true),
      curvature('fisher-init', 'Fisher at initialisation', 'initialisation', spectrum(40, 0.8, 0.11, 1), 0.0004, false),
    ],
    effectiveDimension: [
      {
        spectrum: 'hessian',
        hard,
        soft,
        lowerBound,
        threshold,
        thresholdFrom: 'ε/(2(n − 1)) at the certified ε',
        parameters: 201474,
      },
    ],
    bound,
    notes: [{ title: 'Fixture', text: 'Every number on this page is made up by formula for tests.', kind: 'warning' }],
  };
}

function boundFixture(eigenvalues: readonly number[], n: number): BoundSection {
  const base = { eigenvalues, dimension: 201474, displacementSquared: 1.72 ** 2, n, chance: 0.49 };
  const error = (j: number): number => 0.0125 + 0.45 * Math.exp(-j / 9);
  const tried = Array.from({ length: 20 }, (_, i) => 1 + 3 * i);
  const evidence = tried.map((j) => ({ j, mean: error(j), draws: 6 }));
  const { j } = bestPlugIn(analyticBound({ ...base, evidence }));
  const certificate = { j, mean: error(j) * 1.01, draws: 2000 };
  return { ...analyticBound({ ...base, evidence, certificate }), posteriorTest: { mean: error(j) * 1.15, draws: 200 } };
}

/** Steep at first, then exponential, with a little ripple. */
function spectrum(count: number, top: number, decay: number, drop: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const ripple = 1 + 0.22 * Math.sin(2.4 * i) * Math.cos(0.31 * i * i);
    return i === 0 ? top : ((top * ripple) / (1 + drop * Math.min(i, 3) * 0.4)) * Math.exp(-decay * i);
  }).sort((a, b) => b - a);
}

function curvature(
  id: string,
  label: string,
  at: string,
  eigenvalues: readonly number[],
  noiseFloor: number,
  converged: boolean,
): CurvatureSpectrum {
  const top = eigenvalues[0];
  const last = eigenvalues.findLastIndex((value) => value > noiseFloor);
  return {
    id,
    label,
    at,
    examples: 10000,
    dimension: 201474,
    eigenvalues,
    residualNorms: eigenvalues.map((_, i) => top * 1e-5 * (converged ? 1 : Math.exp(i / 6))),
    noiseFloor,
    converged,
    reason: converged ? 'all residuals below tolerance' : 'limit on products reached',
    products: converged ? 310 : 200,
    orthogonality: 3e-7,
    seconds: 52,
    ...(last >= 12 ? { fit: spectrumDecay(eigenvalues, { from: 5, to: last }) } : {}),
    density: density(top, id === 'hessian'),
  };
}

function density(top: number, indefinite: boolean): SpectralDensity {
  const positive = Array.from({ length: 90 }, (_, i) => top * 1.05 * Math.exp(-i / 6.2)).toReversed();
  const negative = indefinite ? positive.filter((x) => x < top * 0.01).map((x) => -x) : [];
  const x = [...negative.toReversed(), 0, ...positive];
  const value = (at: number): number =>
    at < 0 ? 3e3 * Math.exp(-Math.abs(at) / 3e-4) + 1e-5 : 0.05 / (at + 1e-5) / (1 + 200 * at) + 1e-6;
  return {
    x,
    density: x.map(value),
    lower: x.map((at) => value(at) * (1 - 0.3 / (1 + 0.001 / (Math.abs(at) + 1e-9)))),
    upper: x.map((at) => value(at) * (1 + 0.6 / (1 + 0.001 / (Math.abs(at) + 1e-9)))),
    level: 0.95,
    steps: 80,
    probes: 8,
    products: 640,
    trace: { value: top * 6.1, standardError: top * 0.2 },
  };
}

function history(epochs: number, start: number, rate: number, error: number): EpochRecord[] {
  return Array.from({ length: epochs + 1 }, (_, epoch) => {
    const trainLoss = start * Math.exp(-rate * epoch) + 0.004;
    return {
      epoch,
      trainLoss,
      testLoss: trainLoss + 0.012 + 0.0018 * epoch,
      trainError: Math.min(0.49, error * 0.5 + trainLoss / 4),
      testError: Math.min(0.49, 0.0165 + trainLoss / 4.2),
    };
  });
}
