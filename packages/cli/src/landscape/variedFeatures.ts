import type { Examples } from '@hyperribbon/nn';

/** Share of examples in which a feature must differ from its smallest value. */
const leastShare = 0.05;

/**
 * The features that differ from their smallest value in a twentieth of the examples: pixels that are hardly ever lit make an affine model
 * with weights without bound, or nearly so, whose minimum drowns in rounding. At least one is kept.
 */
export function variedFeatures(examples: Examples): Examples {
  const { inputs, count, features, shape: _shape, ...rest } = examples;
  const shares = Array.from({ length: features }, (_, at) => {
    let least = Infinity;
    for (let i = 0; i < count; i++) least = Math.min(least, inputs[i * features + at]);
    let varied = 0;
    for (let i = 0; i < count; i++) if (inputs[i * features + at] !== least) varied++;
    return varied / count;
  });
  const most = Math.max(...shares);
  const kept = shares.flatMap((share, at) => (share >= Math.min(leastShare, most) ? [at] : []));
  if (kept.length === features) return examples;
  const fewer = Float64Array.from({ length: count * kept.length }, (_, k) => {
    const [i, at] = [Math.floor(k / kept.length), kept[k % kept.length]];
    return inputs[i * features + at];
  });
  return { ...rest, count, inputs: fewer, features: kept.length };
}
