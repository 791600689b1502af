import type { AnyExamples } from '@hyperribbon/nn';
import type { AffineExamples } from './affineExamples.js';
import { affineExamples } from './affineExamples.js';

/** A feature along which cross-entropy falls for ever: some classes do not occur among the examples at one side of it. */
export interface SeparatingFeature {
  readonly feature: number;
  /** examples that have more than the least value of the feature, or less than the most */
  readonly side: 'above-least' | 'below-most';
  readonly bound: number;
  /** how many examples lie at this side */
  readonly examples: number;
  /** classes none of them has: their weights at this feature run away */
  readonly missing: readonly number[];
}

/** Why cross-entropy of affine models has no minimum on some examples, and who is to blame. */
export interface Separation {
  /**
   * 'class': a class that no example has. 'feature': single features, by exact comparisons. 'direction': a direction of all weights along which no
   * example loses and some gain, to rounding. 'runaway': weights grew and curvature fell until neither a minimum nor a direction could be told
   */
  readonly evidence: 'class' | 'feature' | 'direction' | 'runaway';
  readonly features: readonly SeparatingFeature[];
  /** classes that no example has, or that the direction favours somewhere */
  readonly classes: readonly number[];
  /** 'direction': smallest gain of an example's class over another, relative to the largest; not below −1e-6 */
  readonly smallestGain?: number;
}

/**
 * Single features and classes that keep cross-entropy of affine models from having a minimum; undefined where none does alone.
 *
 * Let x_f ≥ a on all examples. If those with x_f > a, one or more, are of some classes only, moving the weights of the other classes by −t (x_f − a)
 * raises no example's loss and lowers those with x_f > a, for ever: the infimum is not attained. Likewise below the largest value. With class
 * probabilities as targets a class occurs where its probability is above zero. Only comparisons are made, so that what is found is exact; nothing found
 * is no proof of a minimum, as directions of several features are not looked at ({@link linearMinimum} does).
 *
 * @throws ArgumentError as linearMinimum
 * Cost: one pass over (n, m) numbers, beside a singular value decomposition
 * @example
 * const examples = examplesFromArrays({ shape: [3, 1], data: Float32Array.of(0, 0, 1) }, { shape: [3], data: Int32Array.of(0, 1, 1) });
 * separatingFeatures(examples)?.features[0]; // { feature: 0, side: 'above-least', bound: 0, examples: 1, missing: [0] }
 * Source: overlap is what a minimum needs [albert1984]; the test of single features is derived here.
 */
export function separatingFeatures(examples: AnyExamples): Separation | undefined {
  return separationByFeatures(examples, affineExamples('separatingFeatures', examples, 'softmax-cross-entropy'));
}

export function separationByFeatures(
  { inputs }: Pick<AnyExamples, 'inputs'>,
  { count, features, outputs, answers }: AffineExamples,
): Separation | undefined {
  const everyone = Array.from({ length: count }, (_, i) => i);
  const classes = missingAmong(everyone, answers, outputs);
  if (classes.length > 0) return { evidence: 'class', features: [], classes };
  const found: SeparatingFeature[] = [];
  for (let feature = 0; feature < features; feature++) {
    let [least, most] = [Infinity, -Infinity];
    for (let i = 0; i < count; i++) {
      least = Math.min(least, inputs[i * features + feature]);
      most = Math.max(most, inputs[i * features + feature]);
    }
    for (const [side, bound] of [['above-least', least] as const, ['below-most', most] as const]) {
      const beyond = everyone.filter((i) => inputs[i * features + feature] !== bound);
      const missing = beyond.length === 0 ? [] : missingAmong(beyond, answers, outputs);
      if (missing.length > 0) found.push({ feature, side, bound, examples: beyond.length, missing });
    }
  }
  if (found.length === 0) return undefined;
  const blamed = new Set(found.flatMap(({ missing }) => missing));
  return { evidence: 'feature', features: found, classes: [...blamed].sort((a, b) => a - b) };
}

function missingAmong(rows: readonly number[], answers: Float64Array, outputs: number): number[] {
  const seen = new Uint8Array(outputs);
  for (const i of rows) for (let c = 0; c < outputs; c++) if (answers[i * outputs + c] > 0) seen[c] = 1;
  return Array.from(seen, (is, c) => (is ? -1 : c)).filter((c) => c >= 0);
}

/**
 * Whether no example loses and some gain along a direction: z_y − z_c ≥ 0 for all examples, their classes y, and classes c, somewhere positive.
 *
 * @param change (count, outputs): what the direction does to the outputs
 */
export function separationAlong(
  change: Float64Array,
  { count, outputs, answers }: AffineExamples,
): Separation | undefined {
  let [smallest, largest] = [Infinity, -Infinity];
  const gaining = new Set<number>();
  for (const round of ['scale', 'classes'] as const) {
    for (let o = 0; o < count * outputs; o += outputs) {
      for (let y = 0; y < outputs; y++) {
        if (!(answers[o + y] > 0)) continue;
        for (let c = 0; c < outputs; c++) {
          const gain = change[o + y] - change[o + c];
          if (round === 'scale') [smallest, largest] = [Math.min(smallest, gain), Math.max(largest, gain)];
          else if (gain > 1e-3 * largest) gaining.add(c);
        }
      }
    }
  }
  if (!(largest > 0 && smallest >= -1e-6 * largest)) return undefined;
  const classes = [...gaining].sort((a, b) => a - b);
  return { evidence: 'direction', features: [], classes, smallestGain: smallest / largest };
}

/** What a person reads who wants to know whose fault it is. */
export function describeSeparation({ evidence, features, classes, smallestGain }: Separation): string {
  if (evidence === 'class') return `no example has class ${classes.join(', ')}`;
  if (evidence === 'direction')
    return (
      `a direction of the weights lowers the loss for ever (smallest gain ${smallestGain!.toExponential(1)} of the largest), ` +
      `away from class ${classes.join(', ')}`
    );
  if (evidence === 'runaway') return 'weights grow and curvature falls to rounding';
  const shown = features.slice(0, 3).map(({ feature, side, bound, examples, missing }) => {
    const where = `${side === 'above-least' ? 'above' : 'below'} ${bound}`;
    return `feature ${feature} is ${where} in ${examples} examples, none of class ${missing.join(', ')}`;
  });
  const more = features.length - shown.length;
  return shown.join('; ') + (more > 0 ? `; and ${more} more` : '');
}
