import type { LabelledFeatures } from '@hyperribbon/complexity';

/** The features and the classifier of test/golden/neuralCollapse.json: small fractions of a formula, classes in turn as long as they last. */
export function dataOf(
  classes: number,
  width: number,
  counts: readonly number[],
): { readonly data: LabelledFeatures; readonly weights: Float64Array; readonly biases: Float64Array } {
  const labels: number[] = [];
  for (let r = 0; r < Math.max(...counts); r++) for (let c = 0; c < classes; c++) if (r < counts[c]) labels.push(c);
  const features = labels.flatMap((c, i) =>
    Array.from(
      { length: width },
      (_, j) =>
        ((7 * i * i + 3 * j * j + 5 * i * j + 11 * c) % 13) / 4 -
        1.5 +
        (j === c ? 3 + c / 4 : 0) -
        (c === j + 1 ? 1 : 0),
    ),
  );
  return {
    data: {
      features: Float64Array.from(features),
      labels: Int32Array.from(labels),
      count: labels.length,
      width,
      classes,
    },
    weights: Float64Array.from({ length: classes * width }, (_, k) => {
      const [c, j] = [Math.floor(k / width), k % width];
      return ((3 * c * c + 5 * j + 2 * c * j) % 11) / 4 - 1 + (c === j ? 2 : 0);
    }),
    biases: Float64Array.from({ length: classes }, (_, c) => ((5 * c) % 3) / 2 - 0.5),
  };
}
