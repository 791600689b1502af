import { requireLength } from '@hyperribbon/contract';
import { log, type FloatArray } from '@hyperribbon/kernels';
import { unflatten } from '@hyperribbon/nn';
import type { UnionPrice } from '../../theorems/boundRecord.js';
import { diagonalGaussianKl, type GaussianKl } from '../../divergences/gaussianKl.js';
import { roundUp } from '../../limits/rounding.js';
import { fillPriorVariance, priorStd } from '../gaussian/gaussianPrior.js';
import type { PriorFamily } from '../gaussian/priorFamily.js';
import { memberPrice } from './memberPrice.js';
import { searchGrids } from './searchGrids.js';
import { turnedKl } from '../gaussian/turnedPrior.js';

/** A prior of the family with every scale on its grid, and what choosing it costs. */
export interface ChosenPrior {
  /** index j ≥ 1 on each scale's grid, 0 for a fixed scale */
  readonly indices: readonly number[];
  /** λ_j */
  readonly variances: readonly number[];
  readonly union: UnionPrice;
  /** KL(Q||P) with exactly these variances, rounded up */
  readonly kl: GaussianKl;
  /** the same, by array of weights */
  readonly parts: readonly KlPart[];
}

export interface KlPart {
  readonly name: string;
  readonly dimension: number;
  readonly covariance: number;
  readonly displacement: number;
}

/**
 * The member of the prior family, on the grids, that makes KL + price smallest for a posterior.
 *
 * Cost: some dozens of passes over the weights.
 */
export function chooseScales(
  prior: PriorFamily,
  posterior: { readonly mean: FloatArray; readonly std: FloatArray },
  near: readonly number[],
): ChosenPrior {
  requireLength('chooseScales', 'near', near, prior.scales.length);
  const parts = partsOf(prior, posterior);
  const involved = prior.scales.map((_, k) => parts.filter(({ uses }) => uses.includes(k)));
  const { indices, variances } = searchGrids(prior.scales, near, (members, k) => {
    let total = memberPrice(members.indices).nats;
    for (const { half } of involved[k]) total += half(members.variances);
    return total;
  });
  return { indices, variances, union: memberPrice(indices), ...divergence(prior, posterior, variances) };
}

/** KL(Q||P) array by array, and in all; every sum rounded up. */
export function divergence(
  prior: PriorFamily,
  { mean, std }: { readonly mean: FloatArray; readonly std: FloatArray },
  variances: readonly number[],
): { readonly kl: GaussianKl; readonly parts: readonly KlPart[] } {
  const { network } = prior;
  const [means, deviations] = [unflatten(network, mean), unflatten(network, std)];
  const [priorMeans, priorStds] = [unflatten(network, prior.mean), unflatten(network, priorStd(prior, variances))];
  const total = { covariance: 0, displacement: 0 };
  const parts = network.parameters.map(({ name }, index): KlPart => {
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
  return { kl: { kl: roundUp(total.covariance + total.displacement, 1), ...total }, parts };
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

function partsOf(prior: PriorFamily, { mean, std }: { readonly mean: FloatArray; readonly std: FloatArray }): Part[] {
  const { network } = prior;
  const [means, deviations, starts] = [mean, std, prior.mean].map((flat) => unflatten(network, flat));
  return network.parameters.map(({ name }, index): Part => {
    let sum = 0;
    const second = Float64Array.from(means[name], (m, i) => {
      const [d, s] = [m - starts[name][i], deviations[name][i]];
      const both = s * s + d * d;
      sum += both;
      return both;
    });
    const tensor = prior.tensors[index];
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
