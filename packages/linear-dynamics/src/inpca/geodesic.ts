import { refuse, requireInteger, requireWithin } from '@hyperribbon/contract';
import { atan, type FloatArray, sin } from '@hyperribbon/kernels';

/** below this angle two distributions are one */
const SAME = 1e-8;

/**
 * The model that knows nothing: probability 1/classes everywhere. (samples, classes) [mao2024].
 * @example ignorance(1, 4) // [0.25, 0.25, 0.25, 0.25]
 */
export function ignorance(samples: number, classes: number): Float64Array {
  requireCounts('ignorance', samples, classes);
  return new Float64Array(samples * classes).fill(1 / classes);
}

/**
 * The model that knows the labels: probability 1 for each sample's own class. (samples, classes) [mao2024].
 *
 * @throws ArgumentError for a label outside [0, classes)
 * @example truth([1, 0], 2) // [0, 1, 1, 0]
 */
export function truth(labels: ArrayLike<number>, classes: number): Float64Array {
  requireCounts('truth', labels.length, classes);
  const out = new Float64Array(labels.length * classes);
  for (let n = 0; n < labels.length; n++) {
    const label = labels[n]!;
    requireInteger('truth', `labels[${n}]`, label, 0, classes - 1);
    out[n * classes + label] = 1;
  }
  return out;
}

/**
 * The point at share `s` of the way along the geodesic between two models: per sample the great circle between square roots of
 * probabilities, √p(s) = [sin((1 − s) θ) √p + sin(s θ) √q]/sin θ [mao2024].
 *
 * @param from (samples, classes) probabilities
 * @param to (samples, classes)
 * @param s in [0, 1]
 * @param out (samples, classes); may be `from` or `to`
 * @returns out: probabilities that sum to 1
 * @example geodesicPoint(Float64Array.of(1, 0), Float64Array.of(0, 1), 2, 0.5) // [0.5, 0.5]
 */
export function geodesicPoint(
  from: FloatArray,
  to: FloatArray,
  classes: number,
  s: number,
  out: Float64Array = new Float64Array(from.length),
): Float64Array {
  if (from.length !== to.length || out.length !== from.length || from.length % classes !== 0) {
    refuse(
      'geodesicPoint',
      `from, to and out must hold samples × ${classes} numbers, got ${from.length}, ${to.length} and ${out.length}`,
    );
  }
  requireWithin('geodesicPoint', 's', s, 0, 1);
  for (let start = 0; start < from.length; start += classes) {
    const theta = angle(from, to, start, start, classes);
    const near = theta < SAME;
    const a = near ? 1 : sin((1 - s) * theta) / sin(theta);
    const b = near ? 0 : sin(s * theta) / sin(theta);
    for (let c = start; c < start + classes; c++) {
      const r = a * Math.sqrt(from[c]!) + b * Math.sqrt(to[c]!);
      out[c] = r * r;
    }
  }
  return out;
}

/** The angle between the square roots of two distributions, 2 arcsin(√q / 2) from their squared chord q: accurate down to 0. */
export function angle(p: FloatArray, q: FloatArray, atP: number, atQ: number, classes: number): number {
  let chord = 0;
  for (let c = 0; c < classes; c++) {
    const d = Math.sqrt(p[atP + c]!) - Math.sqrt(q[atQ + c]!);
    chord += d * d;
  }
  return 2 * atan(Math.sqrt(chord / (4 - chord)));
}

function requireCounts(caller: string, samples: number, classes: number): void {
  requireInteger(caller, 'samples', samples, 1);
  requireInteger(caller, 'classes', classes, 2);
}
