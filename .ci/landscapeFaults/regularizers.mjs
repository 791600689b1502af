// Faults in what regularisers do and how they are compared. Same form as solverFaults.mjs.
const source = (name) => `packages/landscape/src/regularizers/${name}.ts`;
const test = (name) => `packages/landscape/test/regularizers/${name}.test.ts`;

export const regularizerFaults = [
  {
    name: 'filters: the inverse transform turns the wrong way',
    file: 'packages/lanczos/src/svd/mapConvolutionSpectrum.ts',
    find: 'c * re[from + i * perInput] + s * im[from + i * perInput]',
    replace: 'c * re[from + i * perInput] - s * im[from + i * perInput]',
    tests: ['packages/lanczos/test/svd/mapConvolutionSpectrum.dense.test.ts'],
  },
  {
    name: 'filters: what was cut off forgets opposite frequencies',
    file: 'packages/lanczos/src/svd/mapConvolutionSpectrum.ts',
    find: 'squares += copies * found.squares;',
    replace: 'squares += found.squares;',
    tests: ['packages/lanczos/test/svd/mapConvolutionSpectrum.dense.test.ts'],
  },
  {
    name: 'ranks: weights are read as (outputs, inputs) where the program has (inputs, outputs)',
    file: source('filterLayers'),
    find: 'const [row, column] = transposed ? [i, o] : [o, i];',
    replace: 'const [row, column] = transposed ? [o, i] : [i, o];',
    tests: [test('projectRanks.golden')],
  },
  {
    name: 'ranks: RankMin caps and RankMax cuts off',
    file: source('projectRanks'),
    find: '(sigma < threshold ? 0 : sigma)',
    replace: 'Math.min(sigma, threshold)',
    tests: [test('projectRanks.golden')],
  },
  {
    name: 'PGD: inputs leave the ball',
    file: source('pgd'),
    find: 'Math.min(Math.max(to, clean[k] - radius), clean[k] + radius)',
    replace: 'to',
    tests: [test('pgd.closedForm')],
  },
  {
    name: 'PGD: the sign of zero is one',
    file: source('pgd'),
    find: 'slope > 0 && slope < Infinity',
    replace: 'slope >= 0 && slope < Infinity',
    tests: [test('pgd.closedForm')],
  },
  {
    name: 'PGD: starts depend on the chunk that an example is in',
    file: source('pgdAttack'),
    find: 'index: from + i }',
    replace: 'index: i }',
    tests: [test('pgd.closedForm')],
  },
  {
    name: 'robust accuracy: an example that one attack turned counts as right if the last did not',
    file: source('robustAccuracy'),
    find: 'keepCommon(still, isRight(found.inputs, from, to));',
    replace: 'still.set(isRight(found.inputs, from, to));',
    tests: [test('pgd.closedForm')],
  },
  {
    name: 'comparison: sharpness is that of the labels as they are and not of what was minimised',
    file: source('compareRegularizers'),
    find: 'networkSpectrum(run.network, params, trainedOn,',
    replace: 'networkSpectrum(run.network, params, examples,',
    tests: [test('compareRegularizers.golden')],
  },
  {
    name: 'comparison: ties have no mean rank',
    file: source('correlation'),
    find: 'below + (same - 1) / 2',
    replace: 'below',
    tests: [test('correlation.closedForm')],
  },
];
