// Faults in measures of complexity, in bounds made of norms, and in how measures are judged. Same form as solverFaults.mjs.
const source = (name) => `packages/complexity/src/${name}.ts`;
const test = (name) => `packages/complexity/test/${name}.test.ts`;

const judgeFaults = [
  {
    name: 'judge: ties of both lists are taken off twice',
    file: source('judge/kendall'),
    find: 'pairs - equalA - equalB + equalBoth - 2 * swaps',
    replace: 'pairs - equalA - equalB - 2 * swaps',
    tests: [test('judge/property')],
  },
  {
    name: 'judge: equal numbers count as standing in the wrong order',
    file: source('judge/kendall'),
    find: 'values[left] <= values[right]',
    replace: 'values[left] < values[right]',
    tests: [test('judge/property')],
  },
  {
    name: 'judge: a condition of pairs is that of their first network alone',
    file: source('judge/conditionalInformation'),
    find: 'shared ? codes[p] : codes[p] * many + codes[q]',
    replace: 'shared ? codes[p] : codes[p] * many',
    tests: [test('judge/golden')],
  },
  {
    name: 'judge: weights of pairs are not cut at a half',
    file: source('judge/signErrors'),
    find: 'testExamples) - 0.5)',
    replace: 'testExamples))',
    tests: [test('judge/golden')],
  },
  {
    name: 'judge: the weight of a pair is not squared',
    file: source('judge/signErrors'),
    find: 'return sure * sure;',
    replace: 'return sure;',
    tests: [test('judge/golden')],
  },
  {
    name: 'judge: an interval is half as wide as it says',
    file: source('judge/judgeMeasures'),
    find: '(1 - level) / 2), high: quantile(sorted, (1 + level) / 2)',
    replace: '(1.5 - level) / 2), high: quantile(sorted, (0.5 + level) / 2)',
    tests: [test('judge/coverage.property')],
  },
];

const collapseFaults = [
  {
    name: 'collapse: the centre of the means counts examples and not classes',
    file: source('collapse/classMeans'),
    find: 'global[j] += mean / present.length;',
    replace: 'global[j] += (mean * counts[row]) / labels.length;',
    tests: [test('collapse/neuralCollapse.golden')],
  },
  {
    name: 'collapse: the pseudo-inverse keeps a direction that is rounding',
    file: source('collapse/variability'),
    find: 'Math.min(classes - 1, width)',
    replace: 'Math.min(classes, width)',
    tests: [test('collapse/neuralCollapse.golden')],
  },
  {
    name: 'collapse: norms deviate by a divisor of C',
    file: source('collapse/simplexGeometry'),
    find: 'square(norm - mean), 0) / (classes - 1)',
    replace: 'square(norm - mean), 0) / classes',
    tests: [test('collapse/neuralCollapse.golden')],
  },
  {
    name: 'collapse: variances of classes are divided by all examples',
    file: source('collapse/spread'),
    find: 'variances[c] /= counts[c];',
    replace: 'variances[c] /= count / classes;',
    tests: [test('collapse/neuralCollapse.golden')],
  },
  {
    name: 'collapse: a classifier is compared with means that are not centred',
    file: source('collapse/neuralCollapse'),
    find: '[unit(weights), unit(means.centred)]',
    replace: '[unit(weights), unit(means.means)]',
    tests: [test('collapse/neuralCollapse.golden')],
  },
  {
    name: 'collapse: what enters a convolution is counted by patches',
    file: source('collapse/networkFeatures'),
    find: "maker?.op === 'im2col'",
    replace: "maker?.op === 'none'",
    tests: [test('collapse/networkCollapse.dense')],
  },
  {
    name: 'collapse: a layer that is low in rank counts where a later one is not',
    file: source('collapse/effectiveDepth'),
    find: 'while (first > 0 && holds(list[first - 1])) first--;',
    replace: 'first = Math.max(0, list.findIndex(holds));',
    tests: [test('collapse/networkCollapse.dense')],
  },
  {
    name: 'collapse: a run that is resumed records its start again',
    file: source('collapse/recordCollapse'),
    find: 'steps <= (moments.at(-1)?.steps ?? -1)',
    replace: 'steps < (moments.at(-1)?.steps ?? -1)',
    tests: [test('collapse/recordCollapse.dense')],
  },
  {
    name: 'rank: the entropy of singular values is that of their squares',
    file: source('rank/rankNotions'),
    find: 'exp(entropy(ratios, one))',
    replace: 'exp(entropy(squares, two))',
    tests: [test('rank/rankNotions.golden')],
  },
  {
    name: 'rank: weight decay is taken once where the penalty has it twice',
    file: source('rank/weightDecayRank'),
    find: 'const shrinking = 2 * learningRate * decay;',
    replace: 'const shrinking = learningRate * decay;',
    tests: [test('rank/minimisation.golden')],
  },
];

const rankBoundFaults = [
  {
    name: 'low rank: the printed minimum of ranks in place of the derived one',
    file: source('bounds/lowRank/pinto2025'),
    find: "mode === 'printed' ? i + 1 : i",
    replace: "mode !== 'tight' ? i + 1 : i",
    tests: [test('bounds/lowRank/pinto2025.golden')],
  },
  {
    name: 'low rank: the width before the layer in place of its own',
    file: source('bounds/lowRank/pinto2025'),
    find: 'log(layer.frobenius) + 0.5 * log(layer.outputs));',
    replace: 'log(layer.frobenius) + 0.5 * log(layer.inputs));',
    tests: [test('bounds/lowRank/pinto2025.golden')],
  },
  {
    name: 'low rank: a power of C₁ too few for every layer above',
    file: source('bounds/lowRank/pinto2025'),
    find: 'return (above - i) * log(c1) + log(c2)',
    replace: 'return Math.max(0, above - i - 1) * log(c1) + log(c2)',
    tests: [test('bounds/lowRank/pinto2025.property')],
  },
  {
    name: 'low rank: cut singular values are not charged to the margins',
    file: source('bounds/lowRank/truncation'),
    find: 'rampLoss(sample.margins, margin, 2 * error)',
    replace: 'rampLoss(sample.margins, margin)',
    tests: [test('bounds/lowRank/collapse.golden')],
  },
  {
    name: 'low rank: the Frobenius norm of the whole matrix for the cut one',
    file: source('bounds/lowRank/classLayers'),
    find: 'kept.length === values.length ? factor * map.frobenius',
    replace: 'kept.length > 0 ? factor * map.frobenius',
    tests: [test('bounds/lowRank/pinto2025.property')],
  },
  {
    name: 'low rank: the margin after a truncation of half the margin',
    file: source('bounds/lowRank/truncation'),
    find: 'if (!(left > 0))',
    replace: 'if (!(left >= 0))',
    tests: [test('bounds/lowRank/counting.golden')],
  },
  {
    name: 'counting: outputs for inputs',
    file: source('bounds/lowRank/parameterCounting'),
    find: 'rank * (outputs + inputs + 1)',
    replace: 'rank * (2 * outputs + 1)',
    tests: [test('bounds/lowRank/counting.golden')],
  },
  {
    name: 'norms: the dual order of p for p itself',
    file: source('bounds/products/neyshabur2015'),
    find: '1 / dual(p) - 1 / q',
    replace: '1 / p - 1 / q',
    tests: [test('bounds/products/products.golden')],
  },
  {
    name: 'norms: the first width in place of the classes',
    file: source('bounds/products/logitBound'),
    find: 'const { outputs: classes } = network;',
    replace: 'const classes = network.layers[0]?.map.rows ?? 0;',
    tests: [test('bounds/products/products.golden')],
  },
];

const measureFaults = [
  {
    name: 'measures: the margin is the smallest after a tenth, not the last of it',
    file: source('measures/lowMargin'),
    find: 'sorted[place - 1]',
    replace: 'sorted[place]',
    tests: [test('measures/margin.golden')],
  },
  {
    name: 'measures: the sum over layers is not taken to the root of the depth',
    file: source('measures/normMeasures'),
    find: "'sum-of-spec': plain(log(depth) + product / depth)",
    replace: "'sum-of-spec': plain(log(depth) + product)",
    tests: [test('measures/norms.golden')],
  },
  {
    name: 'measures: a path may go round the layer that its ratio divides by',
    file: source('measures/layerLogs'),
    find: 'spectral.filter((_, i) => i !== j)',
    replace: 'spectral',
    tests: [test('measures/norms.golden')],
  },
  {
    name: 'measures: the power of a path is forgotten in what is scaled',
    file: source('measures/pathNorm'),
    find: 'scaled += power * degree * log(top)',
    replace: 'scaled += degree * log(top)',
    tests: [test('measures/pathNorm.golden')],
  },
  {
    name: 'measures: two factors that both depend on the example count as a path',
    file: source('measures/pathNorm'),
    find: 'products.has(op) && reached === 1',
    replace: 'products.has(op)',
    tests: [test('measures/pathNorm.golden')],
  },
  {
    name: 'measures: labels of the network are not weighed by how likely they are',
    file: source('measures/outputStatistics'),
    find: 'Math.sqrt(p[c]) * (t[c] - t[0] - mean)',
    replace: 't[c] - t[0] - mean',
    tests: [test('measures/outputs.golden')],
  },
  {
    name: 'measures: the two conventions of noise are one',
    file: source('measures/sigmaSearch'),
    find: 'const spread = asVariance ? variance : sigma;',
    replace: 'const spread = sigma;',
    tests: [test('measures/searches.closedForm')],
  },
  {
    name: 'measures: every draw of noise is the same',
    file: source('measures/sigmaSearch'),
    find: 'index: step * draws + draw',
    replace: 'index: step',
    tests: [test('measures/searches.closedForm')],
  },
  {
    name: 'measures: the ascent leaves its box',
    file: source('measures/alphaSearch'),
    find: 'moved[i] = Math.min(weights[i] + side[i], Math.max(weights[i] - side[i], to));',
    replace: 'moved[i] = to;',
    tests: [test('measures/searches.closedForm')],
  },
  {
    name: 'measures: the origin of the magnitude-aware measure stands in its denominator',
    file: source('measures/scaleMeasures'),
    find: 'orig: change && sum(weights, change)',
    replace: 'orig: change && sum(weights, weights)',
    tests: [test('measures/scales.golden')],
  },
  {
    name: 'measures: spread between configurations holds that within them',
    file: source('measures/fragilityAudit'),
    find: '(between / (configurations - 1) - variance) / size',
    replace: 'between / (configurations - 1) / size',
    tests: [test('measures/fragility.closedForm')],
  },
];

export const complexityFaults = [...judgeFaults, ...collapseFaults, ...rankBoundFaults, ...measureFaults];
