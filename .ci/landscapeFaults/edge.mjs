// Faults in thresholds of stability, tracked eigenpairs and watched runs of descent. Same form as solverFaults.mjs.
const source = (name) => `packages/landscape/src/dynamics/${name}.ts`;
const test = (name) => `packages/landscape/test/dynamics/${name}.test.ts`;

export const edgeFaults = [
  {
    name: 'thresholds: that of Nesterov momentum is that of the heavy ball',
    file: source('stabilityThreshold'),
    find: '(2 + 2 * beta) / (eta * (1 + 2 * beta)),',
    replace: '(2 + 2 * beta) / eta,',
    tests: [test('stabilityThreshold.closedForm')],
  },
  {
    name: 'thresholds: decoupled decay counts as if there were no momentum',
    file: source('stabilityThreshold'),
    find: 'share * (2 / eta - lambda),',
    replace: '(2 * share) / eta - lambda,',
    tests: [test('stabilityThreshold.closedForm')],
  },
  {
    name: 'preconditioner: squares are not corrected for their start',
    file: source('preconditioner'),
    find: 'Math.sqrt(v / (1 - unseen))',
    replace: 'Math.sqrt(v)',
    tests: [test('stabilityThreshold.closedForm')],
  },
  {
    name: 'tracked pairs: nothing looks out for a missing eigenvalue',
    file: source('trackPairs'),
    find: 'lookout > 0 ? 1 : 0',
    replace: '0',
    tests: [test('trackPairs.dense')],
  },
  {
    name: 'tracked pairs: the largest pair alone must converge',
    file: source('trackPairs'),
    find: 'const open = pairs.slice(0, k).filter',
    replace: 'const open = pairs.slice(0, 1).filter',
    tests: [test('trackPairs.dense')],
  },
  {
    name: 'watched runs: a resumed run tracks from nothing',
    file: source('watchDescent'),
    find: 'edgeMeter(run, resume?.meter)',
    replace: 'edgeMeter(run)',
    tests: [test('watchDescent.degenerate')],
  },
  {
    name: 'operators: other weights leave the loss where it was',
    file: 'packages/curvature/src/operators/buildOperator.ts',
    find: '      loss = linearise();',
    replace: '      linearise();',
    tests: ['packages/curvature/test/setWeights.identity.test.ts'],
  },
  {
    name: 'side measures: the share of the gradient is not divided by its square',
    file: source('sideMeasures'),
    find: 'return inside / whole;',
    replace: 'return inside;',
    tests: [test('sideMeasures.identity')],
  },
];
