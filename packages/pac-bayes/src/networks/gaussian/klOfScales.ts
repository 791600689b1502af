import { log, type FloatArray } from '@hyperribbon/kernels';
import { unflatten } from '@hyperribbon/nn';
import type { DivergencePart } from '../../certificate/certificate.js';
import { diagonalGaussianKl, type GaussianKl } from '../../divergences/gaussianKl.js';
import { roundUp } from '../../limits/rounding.js';
import type { Gaussian, KlEvidence, KlOfScales } from '../posteriorFamily.js';
import type { GaussianPosterior } from './gaussianPosterior.js';
import { fillPriorVariance, parameterTensors, priorStd, type PriorFamily } from './priorFamily.js';
import { turnedKl } from './turnedPrior.js';

/** The KL of independent weights, array by array: a search over one scale sums the arrays that it enters. */
export function klOfScales(prior: PriorFamily, posterior: GaussianPosterior): KlOfScales {
  const parts = partsOf(prior, posterior);
  const involved = prior.scales.map((_, k) => parts.filter(({ uses }) => uses.includes(k)));
  return {
    search(variances, k) {
      let total = 0;
      for (const { half } of involved[k]) total += half(variances);
      return total;
    },
    at: (variances) => divergence(prior, posterior, variances),
  };
}

/** KL(Q||P) array by array, and in all; every sum rounded up. */
function divergence(
  prior: PriorFamily,
  { mean, std, basis }: GaussianPosterior,
  variances: readonly number[],
): KlEvidence & Gaussian {
  const { network } = prior;
  const member = { mean: prior.mean, std: priorStd(prior, variances) };
  const [means, deviations, priorMeans, priorStds] = [mean, std, member.mean, member.std].map((flat) =>
    unflatten(network, flat),
  );
  const total = { covariance: 0, displacement: 0 };
  const parts = network.parameters.map(({ name }, index): DivergencePart => {
    const posteriorStd = deviations[name];
    const diagonal = diagonalGaussianKl({
      posteriorMean: means[name],
      posteriorStd,
      priorMean: priorMeans[name],
      priorStd: priorStds[name],
    });
    const { covariance, displacement } = overWeights(prior, index, diagonal, variances, posteriorStd);
    total.covariance = roundUp(total.covariance + covariance, 1);
    total.displacement = roundUp(total.displacement + displacement, 1);
    return { name, dimension: posteriorStd.length, covariance, displacement };
  });
  return {
    ...member,
    kl: { kl: roundUp(total.covariance + total.displacement, 1), ...total },
    parts,
    ...(basis === undefined
      ? { family: 'gaussian-diagonal' }
      : {
          family: 'gaussian-kronecker',
          orthonormality: orthonormality(basis.layers.flatMap(({ input, output }) => [input, output])),
        }),
  };
}

/** Largest entry of |B Bᵀ − I| over the bases: n³ products each, 0.3 s for n = 784. */
function orthonormality(bases: readonly (FloatArray | undefined)[]): number {
  let worst = 0;
  for (const rows of bases) {
    if (rows === undefined) continue;
    const n = Math.sqrt(rows.length);
    for (let i = 0; i < n; i++) {
      for (let j = i; j < n; j++) {
        let sum = i === j ? -1 : 0;
        for (let k = 0; k < n; k++) sum += rows[i * n + k] * rows[j * n + k];
        worst = Math.max(worst, Math.abs(sum));
      }
    }
  }
  return worst;
}

/** KL from an isotropic prior over the weights, where its coordinates are in a basis that is orthonormal up to rounding. */
function overWeights(
  { turned, tensors }: PriorFamily,
  index: number,
  diagonal: GaussianKl,
  variances: readonly number[],
  std: FloatArray,
): { readonly covariance: number; readonly displacement: number } {
  if (turned === undefined) return diagonal;
  const variance = variances[tensors[index].flat];
  let trace = 0;
  for (const s of std) trace += (s * s) / variance;
  const more = turnedKl(turned[index], {
    dimension: std.length,
    variance,
    trace,
    displacement: diagonal.displacement,
  });
  return { covariance: roundUp(diagonal.covariance + more.covariance, 1), displacement: roundUp(more.displacement, 1) };
}

interface Part {
  readonly uses: readonly number[];
  /** ½ Σ (q + d²)/s + ln s over one array, for these variances */
  half(variances: readonly number[]): number;
}

function partsOf(prior: PriorFamily, { mean, std }: GaussianPosterior): Part[] {
  const { network } = prior;
  const [means, deviations, starts] = [mean, std, prior.mean].map((flat) => unflatten(network, flat));
  const tensors = parameterTensors('chooseScales', prior);
  return network.parameters.map(({ name }, index): Part => {
    let sum = 0;
    const second = Float64Array.from(means[name], (m, i) => {
      const [d, s] = [m - starts[name][i], deviations[name][i]];
      const both = s * s + d * d;
      sum += both;
      return both;
    });
    const tensor = tensors[index];
    const { flat, shaped } = tensor;
    if (shaped === undefined) {
      return { uses: [flat], half: (v) => 0.5 * (sum / v[flat] + second.length * log(v[flat])) };
    }
    const s = new Float64Array(second.length);
    return {
      uses: [flat, shaped.scale],
      half(v) {
        fillPriorVariance(tensor, v, s);
        let total = 0;
        for (let i = 0; i < s.length; i++) total += second[i] / s[i] + log(s[i]);
        return 0.5 * total;
      },
    };
  });
}
