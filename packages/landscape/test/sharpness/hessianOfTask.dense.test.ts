// Oracle: the whole Hessian of a small tanh network on the four-class task, formed in float64, with its eigenvalues.
import { hessian } from '@hyperribbon/curvature';
import { eigsh, eigvalsh } from '@hyperribbon/lanczos';
import { spectralDensity } from '@hyperribbon/lanczos/density';
import { estimateTrace } from '@hyperribbon/lanczos/trace';
import { materialize } from '@hyperribbon/linop';
import { mlp, squaredError } from '@hyperribbon/nn';
import { expect, it } from 'vitest';
import { examples } from '../dynamics/e1.js';

const network = mlp([10, 12, 12, 4], { activation: 'tanh' });
const n = network.size;
const H = hessian(network, network.init(1, 'float64'), examples, { dtype: 'float64', loss: squaredError });
const matrix = Float64Array.from(await materialize(H));
const values = eigvalsh(matrix.slice(), n);
const trace = values.reduce((a, b) => a + b, 0);

it('Thirty products give the sharpness to 1e-8', async () => {
  const { values: found, matvecs } = await eigsh(H, { k: 1, which: 'LA', tol: 1e-10, maxMatvecs: 30 });
  expect(matvecs).toBeLessThanOrEqual(30);
  expect(Math.abs(found[0] / values[0] - 1)).toBeLessThan(1e-8);
});

it('Two hundred signs give the trace within three standard errors, which are those of the matrix', async () => {
  const { value, standardError } = await estimateTrace(H, { method: 'hutchinson', samples: 200, seed: 0 });
  expect(Math.abs(value - trace)).toBeLessThan(3 * standardError);
  let off = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) if (i !== j) off += matrix[i * n + j] ** 2;
  // the variance of a sample is 2 Σ_{i ≠ j} H_ij²
  expect(Math.abs(standardError / Math.sqrt((2 * off) / 200) - 1)).toBeLessThan(0.2);
});

it('Quadrature has the first moment within three standard errors, and a density of mass one', async () => {
  const report = await spectralDensity(H, { steps: 40, probes: 10, seed: 0 });
  const first = report.trace((x) => x);
  expect(Math.abs(first.value - trace)).toBeLessThan(3 * first.standardError);
  const [low, high] = report.support;
  const room = high - low;
  const points = Float64Array.from({ length: 3001 }, (_, i) => low - room + (i / 3000) * 3 * room);
  const { value } = report.density(points);
  let mass = 0;
  for (let i = 1; i < points.length; i++) mass += ((value[i] + value[i - 1]) / 2) * (points[i] - points[i - 1]);
  expect(Math.abs(mass - 1)).toBeLessThan(1e-6);
});
