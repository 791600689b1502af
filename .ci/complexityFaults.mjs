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

export const complexityFaults = [...judgeFaults];
