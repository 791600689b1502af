// Faults in gradient flow and central flow. Same form as solverFaults.mjs.
const source = (name) => `packages/landscape/src/dynamics/${name}.ts`;
const test = (name) => `packages/landscape/test/dynamics/${name}.test.ts`;

export const flowFaults = [
  {
    name: 'gradient flow: errors of halved steps are those of the whole step',
    file: source('rungeKutta4'),
    find: '(16 / 15) * distance',
    replace: 'distance',
    tests: [test('gradientFlow.closedForm')],
  },
  {
    name: 'gradient flow: the method is one of Euler in its last stage',
    file: source('rungeKutta4'),
    find: '[h, 1],',
    replace: '[h, 0],',
    tests: [test('gradientFlow.closedForm')],
  },
  {
    name: 'gradient flow: steps are twice as long as the sharpness allows',
    file: source('stepControl'),
    find: 'sharpness > 0 ? safety / sharpness : Infinity',
    replace: 'sharpness > 0 ? (2 * safety) / sharpness : Infinity',
    tests: [test('gradientFlow.closedForm')],
  },
  {
    name: 'central flow: oscillation pushes twice as hard as it does',
    file: source('centralStep'),
    find: '(-0.5 * value) / P[i]',
    replace: '-value / P[i]',
    tests: [test('centralToy.closedForm')],
  },
  {
    name: 'central flow: entries off the diagonal count once',
    file: source('centralStep'),
    find: '(i === j ? 1 : 2) * X[i * k + j]',
    replace: 'X[i * k + j]',
    tests: [test('centralToy.closedForm')],
  },
  {
    name: 'central flow: coordinates off the diagonal lose their root of two',
    file: source('centralStep'),
    find: 'i === j ? 1 : Math.SQRT2',
    replace: 'i === j ? 1 : 1',
    tests: [test('centralToy.closedForm')],
  },
  {
    name: 'central flow: squares forget by the step of a run and not by that of its flow',
    file: source('centralRule'),
    find: 'const rate = (1 - smoothing) / smoothing;',
    replace: 'const rate = 1 - smoothing;',
    tests: [test('centralToy.closedForm')],
  },
  {
    name: 'central flow: what was measured at the end is not measured again where it goes on',
    file: source('centralFlow'),
    find: '    running.pairs = running.follower.state();\n',
    replace: '',
    tests: [test('centralFlow.degenerate')],
  },
  {
    name: 'complementarity: predictor steps reach as far as they like',
    file: source('complementarity'),
    find: 'const length = Math.min(1, along);',
    replace: 'const length = 1;',
    tests: [test('complementarity.property')],
  },
  {
    name: 'complementarity: the residual looks at X alone',
    file: source('complementarity'),
    find: 'x.map((value, i) => value - s[i]),',
    replace: 'x.slice(),',
    tests: [test('complementarity.property')],
  },
  {
    name: 'tracked pairs: a list above a threshold ends where the basis does',
    file: source('trackPairs'),
    find: 'pairs[pairs.length - 1].value > above &&',
    replace: 'false &&',
    tests: [test('trackPairs.dense')],
  },
];
