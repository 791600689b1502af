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

export const complexityFaults = [...judgeFaults, ...collapseFaults];
