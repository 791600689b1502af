import { refuse } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { requireDistances, centredRow, centreOf, type SquaredDistances } from './centring.js';
import type { InpcaMap } from './inpca.js';

/** New models in the coordinates of a map. */
export interface Embedded {
  readonly others: number;
  readonly dimensions: number;
  /** (others, dimensions) row-major; 0 on axes below the map's resolution */
  readonly coordinates: Float64Array;
}

/**
 * Places models that did not make a map into it, by their divergences from those that did.
 *
 * z_j = −½ (d_qj − mean d_q − mean D_j + mean D), X_qk = Σ_j m ω_j z_j X_jk / λ_k: on imaginary axes the sign of λ_k turns the
 * coordinate round. The map's own models get their own coordinates back.
 * @param map of inpca
 * @param cross (others, models) divergences of the same kind, from crossDivergences
 * @throws ArgumentError for a wrong shape or numbers that are not finite
 * Cost: 2 others · models · dimensions flops. [quinn2019; mao2024].
 * @example
 * const line = await inpca({ values: Float64Array.of(0, 4, 4, 0), models: 2 }, { dimensions: 1 });
 * embed(line, { values: Float64Array.of(1, 1), others: 1, models: 2 }).coordinates; // [0]: half way
 */
export function embed(
  map: InpcaMap,
  { values, others, models }: { readonly values: FloatArray; readonly others: number; readonly models: number },
): Embedded {
  if (models !== map.models || values.length !== others * models) {
    refuse(
      'embed',
      `cross must hold others × ${map.models} divergences, got ${values.length} numbers as ${others} × ${models}`,
    );
  }
  const { dimensions, coordinates: own, eigenvalues, signs, weights, centre } = map;
  const coordinates = new Float64Array(others * dimensions);
  const scaled = own.map((x, at) => {
    const k = at % dimensions;
    return signs[k] === 0 ? 0 : (models * weights[Math.floor(at / dimensions)]! * x) / eigenvalues[k]!;
  });
  const sums = new Float64Array(dimensions);
  for (let q = 0; q < others; q++) {
    const row = q * models;
    let mean = 0;
    for (let j = 0; j < models; j++) mean += weights[j]! * values[row + j]!;
    if (!Number.isFinite(mean)) refuse('embed', `divergences must be finite, got a mean of ${mean} in row ${q}`);
    sums.fill(0);
    for (let j = 0, at = 0; j < models; j++) {
      const z = -0.5 * (values[row + j]! - mean - centre.columnMeans[j]! + centre.grandMean);
      for (let k = 0; k < dimensions; k++, at++) sums[k] = sums[k]! + z * scaled[at]!;
    }
    coordinates.set(sums, q * dimensions);
  }
  return { others, dimensions, coordinates };
}

/**
 * How much of the geometry of embedded models their places explain: 1 − ‖W_Q − Σ_k s_k x_k x_kᵀ‖/‖W_Q‖ for the first
 * k = 1, 2, ... axes, with W_Q from their own divergences and coordinates centred at their own mean.
 *
 * The paper's own definition for embedded points is not known; this one is the map's explained stress when the points are the
 * map's own.
 * @param own (others, others) divergences between the embedded models
 * @returns (dimensions,)
 * Cost: 3 others² · dimensions flops. [mao2024].
 * @example
 * const line = await inpca({ values: Float64Array.of(0, 4, 4, 0), models: 2 }, { dimensions: 1 });
 * const two = embed(line, { values: Float64Array.of(0, 4, 4, 0), others: 2, models: 2 });
 * embeddedStress(line, two, { values: Float64Array.of(0, 4, 4, 0), models: 2 }); // [1]
 */
export function embeddedStress(map: InpcaMap, embedded: Embedded, own: SquaredDistances): Float64Array {
  requireDistances('embeddedStress', own);
  const { dimensions, coordinates, others } = embedded;
  if (own.models !== others || dimensions !== map.dimensions) {
    refuse(
      'embeddedStress',
      `own must hold the divergences of the ${others} embedded models, got models=${own.models}`,
    );
  }
  const weights = new Float64Array(others).fill(1 / others);
  const centre = centreOf(own, weights);
  const x = centredColumns(coordinates, others, dimensions);
  const row = new Float64Array(others);
  const left = new Float64Array(dimensions);
  let total = 0;
  for (let i = 0; i < others; i++) {
    centredRow(own, centre, i, row);
    for (let j = 0; j < others; j++) total += row[j]! * row[j]!;
    for (let k = 0; k < dimensions; k++) {
      const own = map.signs[k]! * x[k * others + i]!;
      let sum = 0;
      for (let j = 0; j < others; j++) {
        const r = row[j]! - own * x[k * others + j]!;
        row[j] = r;
        sum += r * r;
      }
      left[k] = left[k]! + sum;
    }
  }
  return left.map((sum) => (total === 0 ? 1 : 1 - Math.sqrt(sum / total)));
}

/** (dimensions, others): each axis without its mean */
function centredColumns(coordinates: Float64Array, others: number, dimensions: number): Float64Array {
  const x = new Float64Array(coordinates.length);
  for (let k = 0; k < dimensions; k++) {
    let mean = 0;
    for (let i = 0; i < others; i++) mean += coordinates[i * dimensions + k]! / others;
    for (let i = 0; i < others; i++) x[k * others + i] = coordinates[i * dimensions + k]! - mean;
  }
  return x;
}
