// Faults in constructed minima and their certificates. Same form as solverFaults.mjs.
const source = (name) => `packages/landscape/src/minima/${name}.ts`;
const test = (name) => `packages/landscape/test/minima/${name}.test.ts`;

export const minimaFaults = [
  {
    name: 'minima: offsets take the singular pair with the larger one',
    file: source('factorAffine'),
    find: 'plus < minus ? 1 : -1',
    replace: 'plus < minus ? -1 : 1',
    tests: [test('constructed.golden')],
  },
  {
    name: 'minima: the head forgets the offsets',
    file: source('factorAffine'),
    find: 'head.bias[c] -= offsets[j] * last[j * outputs + c]',
    replace: 'head.bias[c] -= 0 * last[j * outputs + c]',
    tests: [test('constructed.golden'), test('certificates.degenerate')],
  },
  {
    name: 'minima: one class of features that are lit is taken for all',
    file: source('separation'),
    find: 'if (missing.length > 0) found.push',
    replace: 'if (missing.length > 1) found.push',
    tests: [test('linearMinimum.closedForm')],
  },
  {
    name: 'minima: the Hessian of cross-entropy leaves the product of the means out',
    file: source('logisticNewton'),
    find: 'let weight = -mean[i * free + a] * mean[i * free + b];',
    replace: 'let weight = 0;',
    tests: [test('linearMinimum.closedForm'), test('constructed.golden')],
  },
  {
    name: 'minima: whatever Newton ends at counts as attained',
    file: source('linearMinimum'),
    find: 'if (!(attainment < 1)) {',
    replace: 'if (Number.isNaN(attainment)) {',
    tests: [test('linearMinimum.closedForm')],
  },
  {
    name: 'minima: directions that the affine map does not use are forgotten in the rank',
    file: source('hessianRank'),
    find: 'predicted: slopes * rho + (kappa - slopes) * head,',
    replace: 'predicted: slopes * rho,',
    tests: [test('constructed.golden')],
  },
  {
    name: 'minima: a zero gradient and curvature are called a minimum at a kink',
    file: source('judgeMinimum'),
    find: 'if (margin < kinkTol)',
    replace: 'if (margin < 0)',
    tests: [test('certificates.degenerate')],
  },
  {
    name: 'minima: a Dirac filter reads the corner of its window',
    file: source('diracFilters'),
    find: 'weights[(tap * channels + c) * outputs + used + c] = 1;',
    replace: 'weights[c * outputs + used + c] = 1;',
    tests: [test('constructed.golden')],
  },
];
