// Faults in what is measured of fine-tuning and capacity. Same form as solverFaults.mjs.
const source = (name) => `packages/landscape/src/capacity/${name}.ts`;
const test = (name) => `packages/landscape/test/capacity/${name}.test.ts`;

export const capacityFaults = [
  {
    name: 'effective Gram matrix: an example left out is trained without at the rate of all',
    file: source('effectiveGram'),
    find: 'time: time / (examples - 1)',
    replace: 'time: time / examples',
    tests: [test('effectiveGram.closedForm')],
  },
  {
    name: 'effective Gram matrix: one output of an example is left out and the others stay',
    file: source('effectiveGram'),
    find: 'row < first || row >= first + outputs',
    replace: 'row !== first',
    tests: [test('effectiveGram.closedForm')],
  },
  {
    name: 'effective Gram matrix: the null space of the kernel decays',
    file: source('effectiveGram'),
    find: 'value <= least ? 1 : exp',
    replace: 'value <= least ? 0 : exp',
    tests: [test('effectiveGram.closedForm')],
  },
  {
    name: 'learning capacity: slopes are against N and not its inverse',
    file: source('learningCapacity'),
    find: 'x += weights[i] / counts[i];',
    replace: 'x += weights[i] * counts[i];',
    tests: [test('learningCapacity.closedForm')],
  },
  {
    name: 'learning capacity: sizes weigh by their error and not its inverse square',
    file: source('learningCapacity'),
    find: '(least / standardError) * (least / standardError)',
    replace: 'standardError / least',
    tests: [test('learningCapacity.closedForm')],
  },
  {
    name: 'learning curve: every repeat has the same sample',
    file: source('learningCurve'),
    find: 'index: repeat }',
    replace: 'index: 0 }',
    tests: [test('learningCapacity.closedForm')],
  },
  {
    name: 'fine-tuning: heads count from the weights before',
    file: source('fineTuningDistance'),
    find: 'heads.includes(name) ? 0 : start[i]',
    replace: 'start[i]',
    tests: [test('fineTuningDistance.dense')],
  },
  {
    name: 'fine-tuning: blocks have the terms between layers',
    file: source('fineTuningDistance'),
    find: '    x.set(v);\n    operator.apply(x, product);',
    replace: '    operator.apply(x, product);',
    tests: [test('fineTuningDistance.dense')],
  },
  {
    name: 'fine-tuning: the positive part is the modulus',
    file: source('fineTuningDistance'),
    find: 'Math.max(value, 0), Math.min',
    replace: 'Math.abs(value), Math.min',
    tests: [test('fineTuningDistance.dense')],
  },
];
