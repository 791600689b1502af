// Oracle: features found from outputs alone. Outputs are linear in the weights of the last layer, so that one of them changes by the feature it
// multiplies when it grows by 1; for small networks the forward pass by hand.
import {
  effectiveDepth,
  layerCollapse,
  layerRanks,
  networkCollapse,
  networkOrthogonality,
  oodOrthogonality,
  neuralCollapse,
  rankNotions,
} from '@hyperribbon/complexity';
import { matmul, mul } from '@hyperribbon/autodiff';
import { svd } from '@hyperribbon/lanczos/svd';
import { defineNetwork, type Examples, lenet, logits, mlp, type Network, withBuffers } from '@hyperribbon/nn';
import { resnet, stack, vit } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';

const examplesFor = (features: number, classes: number, count: number): Examples => ({
  inputs: stream({ seed: 2, purpose: 'inputs' }).normal(new Float64Array(count * features)),
  labels: Int32Array.from({ length: count }, (_, i) => (i < 20 ? i : 0) % classes),
  count,
  features,
  classes,
});

/** (count, width) features from the change of the first output, (width,) weights of it at `from`, `step` numbers apart. */
function featuresOf(
  network: Network,
  params: Float64Array,
  examples: Examples,
  weights: string,
  width: number,
): Float64Array {
  let from = 0;
  for (const { name, shape } of network.parameters) {
    if (name === weights) break;
    from += shape.reduce((a, b) => a * b, 1);
  }
  const { shape } = network.parameters.find(({ name }) => name === weights)!;
  // dense weights are (inputs, outputs), filters (outputs, inputs, 1, 1)
  const step = shape.length === 2 ? network.classes : 1;
  const before = logits(network, params, examples);
  const out = new Float64Array(examples.count * width);
  for (let j = 0; j < width; j++) {
    const moved = params.slice();
    moved[from + j * step] += 1;
    const after = logits(network, moved, examples);
    for (let i = 0; i < examples.count; i++)
      out[i * width + j] = after[i * network.classes] - before[i * network.classes];
  }
  return out;
}

const image = [1, 8, 8] as const;
const pooled = stack({
  input: [...image],
  layers: [
    { kind: 'conv2d', out: 5, kernel: 3, stride: 2 },
    { kind: 'relu' },
    { kind: 'conv2d', out: 4, kernel: 1 },
    { kind: 'globalAveragePool' },
  ],
});
const networks: readonly (readonly [string, Network, weights: string, width: number])[] = [
  ['mlp', mlp([6, 5, 4, 3], { activation: 'relu' }), 'W3', 4],
  ['LeNet', lenet({ channels: [2, 3], hidden: [6], classes: 4 }), 'fc2.weight', 6],
  ['a convolution at the end and the mean of its places', pooled, '2.weight', 5],
  [
    'ResNet with moved statistics',
    withBuffers(resnet(8, { image }), { 'bn1.running_mean': new Float32Array(16).fill(0.1) }),
    'fc.weight',
    64,
  ],
  ['ViT', vit(8, 1, 2, { patch: 4, image, classes: 3 }), 'heads.head.weight', 8],
];

describe.each(networks)('%s', (_, network, weights, width) => {
  const examples = examplesFor(network.inputs, network.classes, 23);
  const params = network.init(4, 'float64') as Float64Array;
  const features = featuresOf(network, params, examples, weights, width);
  const found = networkCollapse(network, params, examples);

  it('collapses as its features do', () => {
    const z = logits(network, params, examples);
    const decisions = Int32Array.from({ length: 23 }, (_, i) => {
      const row = z.subarray(i * network.classes, (i + 1) * network.classes);
      return row.indexOf(Math.max(...row));
    });
    const { labels, count, classes } = examples;
    const dense = neuralCollapse({ features, labels, count, width, classes });
    expect([found.width, found.classes, found.count]).toEqual([width, classes, 23]);
    for (const name of ['quotient', 'cdnv'] as const)
      expect(Math.abs(found.variability[name] / dense.variability[name] - 1)).toBeLessThan(1e-7);
    expect(Math.abs(found.means.equiangular - dense.means.equiangular)).toBeLessThan(1e-7);
    expect(found.nearestCentreError).toBe(dense.nearestCentreError);
    expect(found.error).toBe([...decisions].filter((d, i) => d !== labels[i]).length / 23);
  });

  it('has the same measures by chunks of any size, nearly so in float32, and as one of its layers', () => {
    expect(networkCollapse(network, params, examples, { chunkSize: 5 })).toEqual(found);
    const single = networkCollapse(network, Float32Array.from(params), examples, { dtype: 'float32' });
    expect(Math.abs(single.variability.quotient / found.variability.quotient - 1)).toBeLessThan(1e-3);
    const layers = layerCollapse(network, params, examples, { widest: 10 });
    const { depth, into } = layers.at(-1)!;
    expect([depth, into]).toEqual([layerRanks(network, params).length, 'outputs']);
    expect(layers.map(({ width: w }) => w).slice(0, 1)).toEqual([network.inputs]);
  });
});

describe('a small network by hand', () => {
  const network = mlp([4, 3, 2], { activation: 'tanh' });
  const params = network.init(1, 'float64') as Float64Array;
  params.set([0.3, -0.2, 0.1], 12);
  params.set([0.7, -0.4], 21);
  const examples = examplesFor(4, 2, 11);
  const [W1, b1, W2, b2] = [
    params.subarray(0, 12),
    params.subarray(12, 15),
    params.subarray(15, 21),
    params.subarray(21),
  ];
  const layer = (x: ArrayLike<number>, W: Float64Array, b: Float64Array, inputs: number): Float64Array =>
    Float64Array.from({ length: (x.length / inputs) * b.length }, (_, k) => {
      const [i, o] = [Math.floor(k / b.length), k % b.length];
      let sum = b[o];
      for (let j = 0; j < inputs; j++) sum += x[i * inputs + j] * W[j * b.length + o];
      return sum;
    });
  const hidden = layer(examples.inputs, W1, b1, 4).map(Math.tanh);
  const outputs = layer(hidden, W2, b2, 3);
  const { labels, count, classes } = examples;
  const of = (features: Float64Array, width: number, read = false): ReturnType<typeof neuralCollapse> => {
    const transposed = Float64Array.of(W2[0], W2[2], W2[4], W2[1], W2[3], W2[5]);
    const classifier = read ? { weights: transposed, biases: b2 } : undefined;
    return neuralCollapse({ features, labels, count, width, classes }, classifier);
  };
  const near = (a: unknown, b: unknown): void => {
    if (typeof b === 'number')
      expect(Math.abs((a as number) - b)).toBeLessThanOrEqual(1e-11 * Math.max(1, Math.abs(b)));
    else if (typeof b === 'object' && b !== null)
      for (const key of Object.keys(b)) near((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]);
  };

  it('has NC1 to NC4 of its hidden layer and its second', () => {
    near(networkCollapse(network, params, examples), of(hidden, 3, true));
  });

  it('has NC5 of its hidden layer', () => {
    const {
      labels: _labels,
      classes: _classes,
      ...outside
    } = { ...examples, inputs: examples.inputs.map((x) => 1 - 2 * x) };
    const far = layer(outside.inputs, W1, b1, 4).map(Math.tanh);
    for (const directions of [undefined, 2]) {
      const options = directions === undefined ? {} : { directions };
      const found = networkOrthogonality(network, params, examples, outside, { ...options, chunkSize: 4 });
      near(found, oodOrthogonality({ features: hidden, labels, count, width: 3, classes }, far, options));
      expect(found.directions).toBe(directions ?? 1);
    }
    expect(() => networkOrthogonality(network, params, examples, { ...outside, features: 3 })).toThrow(
      /^networkOrthogonality: /,
    );
  });

  it('has representations of depth 0, 1 and 2, whatever memory there is', () => {
    const layers = layerCollapse(network, params, examples);
    expect(layers.map(({ depth, into, width }) => [depth, into, width])).toEqual([
      [0, 'W1', 4],
      [1, 'W2', 3],
      [2, 'outputs', 2],
    ]);
    [Float64Array.from(examples.inputs), hidden, outputs].forEach((features, i) => {
      near(layers[i].collapse, of(features, [4, 3, 2][i]));
    });
    for (const memoryLimit of [1, 400, 700])
      near(layerCollapse(network, params, examples, { memoryLimit, chunkSize: 4 }), layers);
  });

  it('has the ranks of its representations about their mean, and none beyond the width asked for', () => {
    const layers = layerCollapse(network, params, examples, { widest: 3, tolerance: 0.4 });
    expect('featureRanks' in layers[0]).toBe(false);
    const mean = [0, 1, 2].map((j) => hidden.filter((_, k) => k % 3 === j).reduce((a, b) => a + b, 0) / 11);
    const { values } = svd(
      hidden.map((h, k) => h - mean[k % 3]),
      11,
      3,
    );
    near(layers[1].featureRanks, rankNotions(values, { rows: 11, columns: 3, tolerance: 0.4 }));
    expect(layers[1].featureRanks!.numerical).toBe([...values].filter((v) => v > 0.4 * values[0]).length);
    // two classes: their centred means are opposite
    expect(layers.map(({ meanRanks }) => meanRanks.default)).toEqual([1, 1, 1]);
  });

  it('has the ranks of its weights', () => {
    const [first, second] = layerRanks(network, params);
    expect([first.name, first.rows, first.columns, second.name, second.rows, second.columns]).toEqual([
      'W1',
      3,
      4,
      'W2',
      2,
      3,
    ]);
    near(first.singularValues, svd(W1.slice(), 4, 3).values);
    near(second.ranks, rankNotions(svd(W2.slice(), 3, 2).values, { rows: 3 }));
  });

  it('with one output in place of two has a classifier of opposite halves', () => {
    const single = mlp([4, 3, 1], { activation: 'tanh' });
    const one = single.init(1, 'float64') as Float64Array;
    one.set(params.subarray(0, 15));
    one.set([0.5, -1, 2, 0.25], 15);
    const found = networkCollapse(single, one, examples);
    const weights = Float64Array.of(-0.25, 0.5, -1, 0.25, -0.5, 1);
    near(
      found,
      neuralCollapse(
        { features: hidden, labels, count, width: 3, classes },
        { weights, biases: Float64Array.of(-0.125, 0.125) },
      ),
    );
    expect([found.classifier!.equinorm, found.means.rank]).toEqual([0, 1]);
  });
});

describe('what is no classifier on features', () => {
  const examples = examplesFor(4, 3, 9);
  const gained = defineNetwork({
    inputs: 4,
    classes: 3,
    parameters: [
      { name: 'W', shape: [4, 3] },
      { name: 'gain', shape: [], start: 2 },
    ],
    apply: ({ W, gain }, x) => mul(gain, matmul(x, W)),
  });

  it('is refused with a remedy', () => {
    expect(() => networkCollapse(gained, gained.init(1), examples)).toThrow(
      /^networkCollapse: the outputs of .* are not those of its last affine map, W: they differ by .*; fold a batch norm .* or take features/,
    );
    const none = defineNetwork({
      inputs: 4,
      classes: 4,
      parameters: [{ name: 'gain', shape: [], start: 2 }],
      apply: ({ gain }, x) => mul(gain, x),
    });
    expect(() => networkCollapse(none, none.init(1), examplesFor(4, 4, 9))).toThrow(
      /does not end with an affine map to its 4 outputs/,
    );
    const network = mlp([4, 3]);
    const params = network.init(1);
    const { labels: _labels, classes: _classes, ...inputs } = examples;
    const targets = { ...inputs, targets: new Float64Array(27), outputs: 3 };
    expect(() => networkCollapse(network, params, targets as never)).toThrow(/examples must have labels, got targets/);
    expect(() => networkCollapse(network, params.subarray(1), examples)).toThrow(/params must hold the 15 weights/);
    expect(() => layerCollapse(network, params, { ...examples, labels: new Int32Array(9) })).toThrow(
      /^layerCollapse: examples must be of two classes at least/,
    );
    expect(() => layerCollapse(network, params, examples, { widest: -1 })).toThrow(/widest must be an integer >= 0/);
    expect(() => layerCollapse(network, params, examples, { depth: 1 } as never)).toThrow(/there is no option depth/);
    expect(() => effectiveDepth(network, params, examples, { error: 2 })).toThrow(/error must be in \[0, 1\]/);
    expect(() =>
      layerRanks(
        network,
        params.map(() => NaN),
      ),
    ).toThrow(/params must be finite/);
  });

  it('layers are measured all the same', () => {
    const layers = layerCollapse(gained, gained.init(1), examples);
    expect(layers.map(({ width }) => width)).toEqual([4, 3]);
  });
});

describe('a network of zeros', () => {
  const network = mlp([4, 6, 3]);
  const examples = examplesFor(4, 3, 12);
  const zeros = new Float64Array(network.size);

  it('has no variability and the error of guessing the first class, and every note says why', () => {
    const { variability, error, nearestCentreError, notes } = networkCollapse(network, zeros, examples);
    expect([variability.trace, variability.pinv, variability.quotient, variability.cdnv]).toEqual(Array(4).fill(NaN));
    const first = [...examples.labels].filter((label) => label === 0).length;
    expect([error, nearestCentreError]).toEqual([(12 - first) / 12, (12 - first) / 12]);
    expect(notes.length).toBe(6);
  });

  it('is of rank 0, which is below every rank that is asked for', () => {
    const found = effectiveDepth(network, zeros, examples);
    expect([found.rankOne, found.lowRank, found.collapsed]).toEqual([1, 1, 1]);
    expect(found.weights.map(({ ranks }) => [ranks.numerical, ranks.stable])).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });
});

describe('filters by groups', () => {
  it('are one matrix, group on top of group', () => {
    const network = stack({
      input: [4, 6, 6],
      layers: [{ kind: 'conv2d', out: 6, kernel: 3, groups: 2 }, { kind: 'flatten' }, { kind: 'linear', out: 3 }],
    });
    const [filters] = layerRanks(network, network.init(1));
    expect([filters.rows, filters.columns]).toEqual([6, 18]);
  });
});

describe('effective depth', () => {
  // (x₁, x₂) → its first coordinate's sign in all units: rank one from the second map on
  const network = mlp([2, 3, 3, 3, 2], { activation: 'relu' });
  const params = new Float64Array(network.size);
  // W1 (2, 3): x₁, −x₁, x₂; W2 (3, 3) of rank 1 takes h₁ − h₂ alone; W3 of rank 1 too
  params.set([1, -1, 0, 0, 0, 1], 0);
  params.set([1, 2, 3, -1, -2, -3, 0, 0, 0, 5, 10, 15], 9);
  params.set([1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0], 21);
  params.set([-1, 1, 0, 0, 0, 0, 5, -5], 33);
  const inputs = Float64Array.of(1, 3, 2, -3, 1.5, 0, 1, -2, -1, 3, -2, -3, -1.5, 0, -1, 2);
  const examples: Examples = {
    inputs,
    labels: Int32Array.of(1, 1, 1, 1, 0, 0, 0, 0),
    count: 8,
    features: 2,
    classes: 2,
  };

  it('is where a network hands on one number', () => {
    const found = effectiveDepth(network, params, examples);
    expect([found.depth, found.classes, found.rankOne, found.lowRank, found.collapsed]).toEqual([4, 2, 2, 2, 2]);
    // x₁ decides, but x₂ is as large: of the inputs the nearest class mean is often the wrong one
    expect(found.representations.map(({ collapse }) => collapse.nearestCentreError > 0)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(found.separable).toBe(1);
    expect(found.caveats.length).toBe(1);
    expect(found.representations.map(({ depth }) => depth)).toEqual([0, 1, 2, 3, 4]);
  });

  it('counts only from where it stays', () => {
    const moved = params.slice();
    // the third map gets full rank again
    moved.set([1, 0, 0, 0, 1, 0, 0, 0, 1], 21);
    expect(effectiveDepth(network, moved, examples).lowRank).toBe(4);
    expect(effectiveDepth(network, moved, examples).rankOne).toBe(2);
  });

  it('is not there for a network of full rank, and says of more than two classes that collapse lowers no depth', () => {
    const fresh = mlp([4, 6, 5, 3]);
    const found = effectiveDepth(fresh, fresh.init(1), examplesFor(4, 3, 30), { widest: 5 });
    expect([found.rankOne, found.lowRank, found.collapsed, found.separable]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(found.caveats.join(' ')).toMatch(
      /leaves rank 2.*No layer has numerical rank 1.*Features that enter W2 are too wide/,
    );
    expect(effectiveDepth(fresh, fresh.init(1), examplesFor(4, 3, 30), { error: 1 }).separable).toBe(1);
  });

  it('saves nothing where only the last layer has rank one', () => {
    const single = mlp([4, 3, 1]);
    const found = effectiveDepth(single, single.init(1), examplesFor(4, 2, 12));
    expect([found.rankOne, found.depth]).toEqual([2, 2]);
    expect(found.caveats).toContain('The only layer of rank 1 is the last: no depth is saved.');
  });
});
