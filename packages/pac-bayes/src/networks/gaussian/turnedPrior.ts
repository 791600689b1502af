import { refuse } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { unflatten } from '@hyperribbon/nn';
import { requireBasisLayers } from './basisLayers.js';
import { requireBasis, type KroneckerBasis } from './gaussianPosterior.js';
import type { PriorFamily, TurnedTensor } from './priorFamily.js';
import { fromBasis, toBasis } from './kroneckerBasis.js';

const EPSILON = 2.220446049250313e-16;

/**
 * An isotropic prior over the weights, seen from a basis that may depend on the examples of the bound.
 *
 * N(w, λI) is the same in every orthonormal basis, so a posterior may be diagonal in any of them, chosen with the data. Computed bases are
 * orthonormal up to rounding only: the prior that they turn would depend on the data in its last digits. Therefore the KL is taken
 * from the prior over the weights itself, by a bound: for coordinates c of weights T c with η = |TᵀT − I| and r = |T c₀ − w|
 *
 *   covariance    + η/2 (tr(S)/λ + p/(1 − η))
 *   displacement  (√(1 + η) |m − c₀| + r)²/(2λ)
 *
 * 1e-7 nats for a 784-600-2 network.
 * @param prior mean in the weights' coordinates; one variance for each array
 * @returns the prior with its mean in the basis, for `certifyPosterior`
 * @throws TypeError for a prior with a pattern, which has a basis of its own; RangeError, TypeError for a basis that does not fit
 * Cost: four products of each weight matrix with its bases, and width³/2 multiplications for each of these, in float64
 */
export function turnPrior(prior: PriorFamily, basis: KroneckerBasis): PriorFamily {
  const { network } = prior;
  if (prior.tensors.some(({ shaped }) => shaped !== undefined)) {
    refuse('turnPrior', 'the prior must be isotropic, got one whose variances follow a basis');
  }
  if (prior.turned !== undefined) refuse('turnPrior', 'the prior is in the coordinates of a basis already');
  requireBasis('turnPrior', network, basis);
  const mean = toBasis(network, prior.mean, basis);
  const back = unflatten(network, fromBasis(network, mean, basis));
  const [coordinates, weights] = [unflatten(network, mean), unflatten(network, Float64Array.from(prior.mean))];
  const layers = requireBasisLayers('turnPrior', network);
  const defects = basis.layers.map(({ input, output }) => ({ a: defect(input), g: defect(output) }));
  const turned = network.parameters.map(({ name }): TurnedTensor => {
    const l = layers.findIndex(({ weight, bias }) => name === weight || name === bias);
    if (l < 0) return { defect: 0, shift: 0 };
    const { input, output } = basis.layers[l];
    const { a, g } = defects[l];
    // products of length n are off by n ε |row| |column|, in all by n^1.5 ε |c|
    const rounding = 1.01 * EPSILON * [side(input), side(output)].reduce((sum, n) => sum + (n + 2) * Math.sqrt(n), 0);
    const shift = distance(back[name], weights[name]) + rounding * length(coordinates[name]);
    return { defect: name === layers[l].weight ? a + g + a * g : g, shift: shift * (1 + 1e-12) };
  });
  return { ...prior, mean, turned };
}

/** What leaving the coordinates for the weights may add: covariance, and displacement in place of the given one. */
export function turnedKl(
  { defect: eta, shift }: TurnedTensor,
  {
    dimension,
    variance,
    trace,
    displacement,
  }: { readonly dimension: number; readonly variance: number; readonly trace: number; readonly displacement: number },
): { readonly covariance: number; readonly displacement: number } {
  if (!(eta < 1e-3)) refuse('turnedKl', `the basis is no orthonormal one, |VᵀV − I| = ${eta}`);
  const root = Math.sqrt(2 * displacement * (1 + eta)) + shift / Math.sqrt(variance);
  return {
    covariance: (eta / 2) * (trace + dimension / (1 - eta)) * (1 + 1e-9),
    displacement: ((root * root) / 2) * (1 + 1e-14),
  };
}

function side(rows: FloatArray | undefined): number {
  return rows === undefined ? 0 : Math.round(Math.sqrt(rows.length));
}

/** |R Rᵀ − I|, Frobenius, with what rounding may have hidden. */
function defect(rows: FloatArray | undefined): number {
  if (rows === undefined) return 0;
  const n = side(rows);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const row = rows.subarray(i * n, (i + 1) * n);
    for (let j = i; j < n; j++) {
      let off = i === j ? -1 : 0;
      for (let k = 0, at = j * n; k < n; k++) off += row[k] * rows[at + k]; // hot
      sum += (i === j ? 1 : 2) * off * off;
    }
  }
  return Math.sqrt(sum) * (1 + 1e-9) + (n + 2) * Math.sqrt(n) * EPSILON;
}

function length(v: FloatArray): number {
  let sum = 0;
  for (const x of v) sum += x * x;
  return Math.sqrt(sum) * (1 + 1e-12);
}

function distance(a: FloatArray, b: FloatArray): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum);
}
