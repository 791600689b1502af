// Faults in the stability of training and in unlearnable data. Same form as solverFaults.mjs.
const source = (name) => `packages/complexity/src/${name}.ts`;
const test = (name) => `packages/complexity/test/${name}.test.ts`;

const stabilityFaults = [
  {
    name: 'stability: the released error is not divided by the pairs',
    file: source('stability/algorithmicStability'),
    find: 'releasedError: Math.sqrt(meanOf(gaps.map((gap) => (gap - beta) * (gap - beta))) / gaps.length),',
    replace: 'releasedError: Math.sqrt(meanOf(gaps.map((gap) => (gap - beta) * (gap - beta)))),',
    tests: [test('stability/stability.golden')],
  },
  {
    name: 'stability: the jackknife forgets that its parts share runs',
    file: source('stability/algorithmicStability'),
    find: 'Math.sqrt(((K - 1) / K) *',
    replace: 'Math.sqrt((1 / (K - 1) / K) *',
    tests: [test('stability/stability.golden'), test('stability/memory.closedForm')],
  },
  {
    name: 'stability: autocorrelations count once',
    file: source('stability/autocorrelationTime'),
    find: 'time += (2 * sums.at(++W)) / sums.at(0);',
    replace: 'time += sums.at(++W) / sums.at(0);',
    tests: [test('stability/stability.golden'), test('stability/memory.closedForm')],
  },
  {
    name: 'stability: batch means are divided as if batches were single numbers',
    file: source('stability/timeAverage'),
    find: 'return Math.sqrt((b * squares) / (a - 1) / values.length);',
    replace: 'return Math.sqrt(squares / (a - 1) / values.length);',
    tests: [test('stability/stability.golden')],
  },
  {
    name: 'stability: a spectrum counts half of the rate twice',
    file: source('stability/welchDensity'),
    find: 'f === 0 || 2 * f === L ? 1 : 2',
    replace: 'f === 0 ? 1 : 2',
    tests: [test('stability/stability.golden')],
  },
  {
    name: 'stability: the replaced examples stand in each other’s sets',
    file: source('stability/neighbourSets'),
    find: 'const shared = order.slice(sets).sort();',
    replace: 'const shared = order.slice(1).sort();',
    tests: [test('stability/neighbours.identity')],
  },
];

const unlearnableFaults = [
  {
    name: 'unlearnable: rank counts every singular value',
    file: source('unlearnable/projectOut'),
    find: 'value > tolerance * values[0]',
    replace: 'value > 0 * values[0]',
    tests: [test('unlearnable/projection.golden')],
  },
  {
    name: 'unlearnable: the learning rate falls once and not twice',
    file: source('unlearnable/softmaxRegression'),
    find: '4 * epoch >= 3 * epochs ? 0.1 : 1',
    replace: '4 * epoch >= 3 * epochs ? 1 : 1',
    tests: [test('unlearnable/projection.golden')],
  },
  {
    name: 'unlearnable: squares of the second channel are those of the first',
    file: source('unlearnable/classwisePoison'),
    find: 'return (c * down + Math.floor(y / patch)) * across',
    replace: 'return (0 * c * down + Math.floor(y / patch)) * across',
    tests: [test('unlearnable/poisons.closedForm')],
  },
  {
    name: 'unlearnable: perturbations are those before clipping',
    file: source('unlearnable/poisoned'),
    find: 'perturbations[k] = changed[k] - inputs[k];',
    replace: 'perturbations[k] = scale * delta[j];',
    tests: [test('unlearnable/poisons.closedForm')],
  },
];

export const stabilityRoomFaults = [...stabilityFaults, ...unlearnableFaults];
