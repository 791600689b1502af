// Faults in questions about parts: some parameters, single examples, single tokens. Same form as solverFaults.mjs.
const curvature = (name) => `packages/curvature/test/${name}.test.ts`;
const tokens = curvature('answers/tokens.identity');

export const scopeFaults = [
  {
    name: 'the loss of an example is divided by all its positions, not by those that are asked for',
    file: 'packages/nn/src/tokenCrossEntropy.ts',
    find: 'div(total, counted)',
    replace: 'div(total, mul(positions, div(counted, counted)))',
    tests: ['packages/nn/test/tokens.identity.test.ts'],
  },
  {
    name: 'all tokens of an example are drawn with one number',
    file: 'packages/curvature/src/operators/drawLabels.ts',
    find: 'drawClass(z as FloatArray, at * vocabulary, drawn[i], weights)',
    replace: 'drawClass(z as FloatArray, at * vocabulary, drawn[first * positions], weights)',
    tests: [tokens],
  },
  {
    name: 'outer products of sampled tokens are those of their mean',
    file: 'packages/curvature/src/operators/sampledTokenLoss.ts',
    find: 'mul(rsqrt(counted), sum(losses, 1))',
    replace: 'mul(mul(rsqrt(counted), rsqrt(counted)), sum(losses, 1))',
    tests: [tokens],
  },
  {
    name: 'a part of a vector goes to the front of the whole',
    file: 'packages/nn/src/restrict.ts',
    find: 'into.set(values.subarray(offset, offset + to - from), from);',
    replace: 'into.set(values.subarray(offset, offset + to - from), offset);',
    tests: [curvature('parameters.dense')],
  },
  {
    name: 'biases are layers of their own',
    file: 'packages/nn/src/layerBlocks.ts',
    find: 'if (bias !== undefined) join(weight, bias);',
    replace: 'if (bias === undefined) join(weight, weight);',
    tests: [curvature('parameters.dense')],
  },
  {
    name: 'constants that are made anew in every call are constants of their own',
    file: 'packages/autodiff/src/trace/collect.ts',
    find: '?.find((other) => sameNumbers(data, other))',
    replace: '?.find((other) => other === data)',
    tests: [curvature('answers/tokenMemory.identity'), 'packages/autodiff/test/passes/simplify.identity.test.ts'],
  },
  {
    name: 'constants are one where their first number is',
    file: 'packages/autodiff/src/trace/collect.ts',
    find: 'for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false;',
    replace: 'for (let i = 0; i < 1; i++) if (x[i] !== y[i]) return false;',
    tests: ['packages/autodiff/test/passes/simplify.identity.test.ts'],
  },
  {
    name: 'the mean of JᵀJ is a sum',
    file: 'packages/curvature/src/inputs/inputJacobian.ts',
    find: 'out[j] = sum / count;',
    replace: 'out[j] = sum;',
    tests: [curvature('exampleGradients.dense')],
  },
  {
    name: 'noise of weights that several positions share enters each of them anew',
    file: 'packages/pac-bayes/src/networks/noise/noisyForward.ts',
    find: 'return positions === 1 && alone;',
    replace: 'return positions > 0 && alone;',
    tests: ['packages/cli/test/everyModel/bounds.dense.test.ts'],
  },
];
