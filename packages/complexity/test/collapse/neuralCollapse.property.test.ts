// Oracle: the simplex equiangular tight frame, invariances, and what is known where data are degenerate.
import { neuralCollapse, simplexGeometry, type LabelledFeatures, type LinearClassifier } from '@hyperribbon/complexity';
import { svd } from '@hyperribbon/lanczos/svd';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { dataOf } from './data.js';

/** Orthonormal rows (width, width). */
function rotation(width: number): Float64Array {
  const a = stream({ seed: 3, purpose: 'rotation', index: width }).normal(new Float64Array(width * width));
  return svd(a, width, width, { vectors: true }).v;
}
function times(rows: Float64Array, q: Float64Array, width: number): Float64Array {
  return Float64Array.from({ length: rows.length }, (_, k) => {
    const [i, j] = [Math.floor(k / width), k % width];
    let sum = 0;
    for (let l = 0; l < width; l++) sum += rows[i * width + l] * q[j * width + l];
    return sum;
  });
}

/** Every class at a vertex of a simplex in `width` dimensions, moved by 0.7, and the classifier that is its mirror. */
function frame(
  classes: number,
  width: number,
): readonly [LabelledFeatures, Required<Omit<LinearClassifier, 'decisions'>>] {
  const q = rotation(width);
  const vertices = new Float64Array(classes * width);
  for (let c = 0; c < classes; c++)
    for (let a = 0; a < classes; a++)
      for (let j = 0; j < width; j++)
        vertices[c * width + j] +=
          Math.sqrt(classes / (classes - 1)) * ((a === c ? 1 : 0) - 1 / classes) * q[a * width + j];
  const labels = Int32Array.from({ length: 3 * classes }, (_, i) => i % classes);
  const features = Float64Array.from({ length: 3 * classes * width }, (_, k) => vertices[k % (classes * width)] + 0.7);
  const weights = vertices.map((x) => 2.5 * x);
  const biases = Float64Array.from({ length: classes }, (_, c) => {
    let sum = 0;
    for (let j = 0; j < width; j++) sum -= 0.7 * weights[c * width + j];
    return sum;
  });
  return [
    { features, labels, count: 3 * classes, width, classes },
    { weights, biases },
  ];
}

describe.each([
  [2, 2],
  [4, 6],
  [10, 17],
])('a simplex of %i classes in %i dimensions', (classes, width) => {
  const [data, classifier] = frame(classes, width);

  it('has collapsed by every measure', () => {
    const { variability: v, means, classifier: w, duality, ...rest } = neuralCollapse(data, classifier);
    for (const value of [v.trace, v.perClass, v.pinv, v.quotient, v.cdnv, duality!.distance])
      expect(value).toBeLessThan(1e-12);
    for (const { equinorm, equiangular, frame: distance, hyperspherical } of [means, w!]) {
      for (const value of [equinorm, equiangular, distance, hyperspherical.variance, Math.abs(hyperspherical.excess)])
        expect(value).toBeLessThan(1e-12);
    }
    expect(duality!.frame).toBeLessThan(1e-12);
    expect([means.rank, v.directions, rest.disagreement, rest.nearestCentreError, rest.error]).toEqual([
      classes - 1,
      classes - 1,
      0,
      0,
      0,
    ]);
    expect(rest.notes).toEqual([]);
  });

  it('has not with one vertex moved or one row of the classifier longer', () => {
    const features = data.features.map((x, k) => (k % (classes * width) < width ? 1.2 * (x as number) : (x as number)));
    const moved = neuralCollapse({ ...data, features }, classifier);
    if (classes > 2) expect(moved.means.equinorm).toBeGreaterThan(1e-3);
    const weights = classifier.weights.map((x, k) => (k < width ? 1.1 * (x as number) : (x as number)));
    const longer = neuralCollapse(data, { ...classifier, weights });
    expect(longer.classifier!.equinorm).toBeGreaterThan(1e-3);
    expect(longer.duality!.distance).toBeGreaterThan(1e-4);
  });
});

describe('collapse does not depend on', () => {
  const { data, weights, biases } = dataOf(5, 7, [6, 2, 9, 3, 4]);
  const found = neuralCollapse(data, { weights, biases });
  const numbers = ({
    variability,
    means,
    classifier,
    duality,
    disagreement,
    nearestCentreError,
  }: typeof found): readonly number[] => [
    ...Object.values(variability),
    ...Object.values(means).filter((x) => typeof x === 'number'),
    means.hyperspherical.mean,
    ...Object.values(classifier!).filter((x) => typeof x === 'number'),
    ...Object.values(duality!),
    disagreement!,
    nearestCentreError,
  ];
  const same = (other: typeof found, tolerance: number): void =>
    numbers(other).forEach((value, i) =>
      expect(Math.abs(value - numbers(found)[i])).toBeLessThanOrEqual(tolerance * Math.abs(numbers(found)[i])),
    );

  it('the axes, if classifier and features are turned together', () => {
    const q = rotation(7);
    const turned = { ...data, features: times(data.features as Float64Array, q, 7) };
    const other = neuralCollapse(turned, { weights: times(weights, q, 7), biases });
    same(other, 1e-11);
    // the classifier alone is no longer in line with the means
    expect(neuralCollapse(turned, { weights, biases }).duality!.distance).not.toBeCloseTo(found.duality!.distance, 2);
  });

  it('the scale of features or classifier, even where squares would overflow or vanish', () => {
    for (const scale of [2 ** 500, 2 ** -500, 2 ** 700, 2 ** -700]) {
      const scaled = { ...data, features: data.features.map((x) => x * scale) };
      const decisions = Int32Array.from({ length: data.count }, () => 0);
      const own = neuralCollapse(data, { weights, biases, decisions });
      const other = neuralCollapse(scaled, { weights: weights.map((x) => x / scale), biases, decisions });
      // but for the singular values of the means, which are multiplied by it
      const { singularValues, ...means } = own.means;
      expect(other).toEqual({
        ...own,
        means: { ...means, singularValues: singularValues.map((x) => x * scale) },
      });
      same(neuralCollapse(scaled, { weights: weights.map((x) => x / scale), biases }), 0);
    }
  });

  it("where the features lie: all moved by one vector, the classifier's biases with them", () => {
    const features = data.features.map((x, k) => x + (k % 7) - 2.5);
    const moved = biases.map(
      (b, c) => b - Array.from({ length: 7 }, (_, j) => weights[c * 7 + j] * (j - 2.5)).reduce((x, y) => x + y, 0),
    );
    same(neuralCollapse({ ...data, features }, { weights, biases: moved }), 1e-11);
  });

  it('how often every example stands there', () => {
    const twice = {
      ...data,
      count: 2 * data.count,
      features: Float64Array.from([...data.features, ...data.features]),
      labels: Int32Array.from([...data.labels, ...data.labels]),
    };
    same(neuralCollapse(twice, { weights, biases }), 1e-12);
  });

  it('but on how often those of one class do, through Σ_W alone: the centre counts classes and not examples', () => {
    const [first] = [...data.labels.keys()].filter((i) => data.labels[i] === 1);
    const rows = [...data.labels.keys()].filter((i) => data.labels[i] === 1);
    expect(first).toBe(rows[0]);
    const more = {
      ...data,
      count: data.count + rows.length,
      features: Float64Array.from([
        ...data.features,
        ...rows.flatMap((i) => [...data.features.subarray(i * 7, (i + 1) * 7)]),
      ]),
      labels: Int32Array.from([...data.labels, ...rows.map(() => 1)]),
    };
    const other = neuralCollapse(more, { weights, biases });
    expect(Math.abs(other.means.equinorm - found.means.equinorm)).toBeLessThan(1e-13);
    expect(Math.abs(other.variability.cdnv - found.variability.cdnv)).toBeLessThan(1e-13);
    expect(Math.abs(other.variability.trace - found.variability.trace)).toBeGreaterThan(1e-3);
  });
});

describe('vectors on a sphere', () => {
  it('have the least logarithmic energy as a simplex', () => {
    for (let index = 0; index < 20; index++) {
      const vectors = stream({ seed: 1, purpose: 'sphere', index }).normal(new Float64Array(5 * 4));
      expect(simplexGeometry(vectors, 5, 4).hyperspherical.excess).toBeGreaterThan(0);
    }
  });
});

describe('degenerate features', () => {
  const { data, weights } = dataOf(3, 4, [4, 3, 5]);

  it('that are all zero have no variability, no angles, and a note for each', () => {
    const found = neuralCollapse({ ...data, features: new Float64Array(48) }, { weights });
    const { trace, perClass, pinv, quotient, cdnv } = found.variability;
    expect([trace, perClass, pinv, quotient, cdnv, found.means.equiangular, found.duality!.distance]).toEqual(
      Array(7).fill(NaN),
    );
    expect(found.means.rank).toBe(0);
    expect(found.notes.join('\n')).toMatch(
      /trace and perClass have no value: the means of 3 classes span 0 of 2 directions/,
    );
    for (const name of ['quotient', 'cdnv', 'angles', 'duality']) expect(found.notes.join('\n')).toContain(name);
  });

  it('that are the same for all examples are told from noise', () => {
    const found = neuralCollapse({ ...data, features: Float64Array.from({ length: 48 }, (_, k) => 0.1 + (k % 4) / 3) });
    expect([found.means.rank, found.variability.pinvDirections]).toEqual([0, 0]);
    expect([found.variability.trace, found.variability.quotient, found.variability.cdnv, found.means.equinorm]).toEqual(
      Array(4).fill(NaN),
    );
  });

  it('far from zero, whose classes lie close together, keep the directions of their means', () => {
    const features = data.features.map((x) => 1e6 + x);
    const found = neuralCollapse({ ...data, features });
    expect(found.means.rank).toBe(2);
    expect(Math.abs(found.variability.trace / neuralCollapse(data).variability.trace - 1)).toBeLessThan(1e-8);
  });

  it('of which two classes have the same mean have a pseudo-inverse over fewer directions, and no trace over all', () => {
    const features = Float64Array.from(
      { length: 24 },
      (_, k) => (k % 2) + (k < 8 ? 0 : 3 * (k % 3)) + (k % 8 < 4 ? 0.1 : -0.1),
    );
    for (let k = 16; k < 24; k++) features[k] = features[k - 8];
    const found = neuralCollapse({ features, labels: Int32Array.of(0, 0, 1, 1, 2, 2), count: 6, width: 4, classes: 3 });
    expect([found.means.rank, found.variability.pinvDirections]).toEqual([1, 1]);
    expect([found.variability.trace, found.variability.cdnv]).toEqual([NaN, NaN]);
    expect(found.variability.pinv).toBeGreaterThan(0);
    expect(found.variability.quotient).toBeGreaterThan(0);
    expect(found.means.hyperspherical.mean).toBe(Infinity);
  });

  it('with one example per class vary nowhere', () => {
    const one = {
      features: Float64Array.of(1, 2, 3, 5, 4, 9),
      labels: Int32Array.of(2, 0, 1),
      count: 3,
      width: 2,
      classes: 3,
    };
    const { variability, nearestCentreError } = neuralCollapse(one);
    expect([variability.trace, variability.quotient, variability.cdnv, nearestCentreError]).toEqual([0, 0, 0, 0]);
  });

  it('of one number have one direction, whatever the number of classes', () => {
    const { features, labels, count } = dataOf(4, 1, [2, 3, 2, 4]).data;
    const found = neuralCollapse({ features, labels, count, width: 1, classes: 4 });
    expect([found.variability.directions, found.means.rank]).toEqual([1, 1]);
    expect(Number.isFinite(found.variability.trace)).toBe(true);
    // in one dimension the two invert the same number
    expect(found.variability.trace).toBeCloseTo(4 * found.variability.pinv, 12);
  });

  it('are refused where they are none', () => {
    const one = { ...data, labels: new Int32Array(12).fill(2) };
    expect(() => neuralCollapse(one)).toThrow(
      /^neuralCollapse: examples must be of two classes at least, got only class 2/,
    );
    expect(() => neuralCollapse({ ...data, features: data.features.map((x, i) => (i === 9 ? NaN : x)) })).toThrow(
      /features must be finite, got NaN in example 2, feature 1/,
    );
    expect(() => neuralCollapse({ ...data, labels: data.labels.map((c) => c + 1) })).toThrow(
      /must be in \[0, 3\), got 3/,
    );
    expect(() => neuralCollapse({ ...data, labels: [...data.labels] as never })).toThrow(
      /labels must be an Int32Array/,
    );
    expect(() => neuralCollapse({ ...data, width: 5 })).toThrow(/features must have shape \(12, 5\)/);
    expect(() => neuralCollapse({ ...data, classes: 1 })).toThrow(/classes must be an integer >= 2/);
    expect(() => neuralCollapse({ ...data, shape: [4] } as never)).toThrow(/there is no option shape/);
    expect(() => neuralCollapse(data, { weights: new Float64Array(5) })).toThrow(/weights must have shape \(3, 4\)/);
    expect(() => neuralCollapse(data, { weights, biases: new Float64Array(2) })).toThrow(/biases must have length 3/);
    expect(() => neuralCollapse(data, { weights, decisions: new Int32Array(2) })).toThrow(
      /decisions must hold count = 12/,
    );
    expect(() => neuralCollapse(data, { weights, decisions: new Int32Array(12).fill(3) })).toThrow(
      /decisions\[0\] must be in/,
    );
    expect(() => simplexGeometry(Float64Array.of(1), 1, 1)).toThrow(/classes must be ≥ 2/);
  });

  it('of classes without examples leave these out, and say so', () => {
    const found = neuralCollapse({ ...data, classes: 5 }, { weights: new Float64Array(20).fill(1) });
    expect([found.classes, found.absent]).toEqual([3, [3, 4]]);
    expect(found.notes[0]).toBe('no example has one of the classes 3, 4');
    expect(found.means).toEqual(neuralCollapse(data).means);
  });
});
