// Faults in linear dynamics, for faults.mjs.

const deep = (name) => `packages/linear-dynamics/test/deep/${name}.test.ts`;

export const dynamicsFaults = [
  {
    name: 'linear-dynamics: equal singular values that move one by one',
    file: 'packages/linear-dynamics/src/deep/flow/endToEndPreconditioner.ts',
    find: 's - singularValues[to]! <= equal &&',
    replace: 'to === from &&',
    tests: ['packages/linear-dynamics/test/deep/endToEndFlow.identity.test.ts'],
  },
  {
    name: 'linear-dynamics: residuals that are rounding refused',
    file: 'packages/linear-dynamics/src/sgd/finiteMoments.ts',
    find: '4 * Math.max(n, d) * Number.EPSILON * fitted',
    replace: '0 * fitted',
    tests: ['packages/linear-dynamics/test/sgd.closedForm.test.ts'],
  },
  {
    name: 'linear-dynamics: a target whose square overflows is dropped',
    file: 'packages/linear-dynamics/src/trajectories/cloud.ts',
    find: "requireFinite(caller, 'square of target', sumOfSquares(cloud.target ?? []) * maximum(targetWeights));",
    replace: '',
    tests: ['packages/linear-dynamics/test/trajectories.contract.test.ts'],
  },
  {
    name: 'linear-dynamics: a residual that is a difference of squares',
    file: 'packages/linear-dynamics/src/trajectories/spectra/regressionSpectrum.ts',
    find: '(targets[from * outputs + i] - value) ** 2 / n',
    replace: '(targets[from * outputs + i] ** 2 - value ** 2) / n',
    tests: ['packages/linear-dynamics/test/trajectories.contract.test.ts'],
  },
  {
    name: 'linear-dynamics: an end-to-end flow that gains a rank',
    file: 'packages/linear-dynamics/src/deep/flow/endToEndPreconditioner.ts',
    find: 'if (rank < values.length) values.fill(0, rank);',
    replace: '',
    tests: [deep('heldRank.identity')],
  },
  {
    name: 'linear-dynamics: rounding that never grows',
    file: 'packages/linear-dynamics/src/deep/flow/roundingGrowth.ts',
    find: 'delta.set(this.#next);',
    replace: '',
    tests: [deep('heldRank.identity')],
  },
  {
    name: 'linear-dynamics: dual variables near 1 whose distance is lost',
    file: 'packages/linear-dynamics/src/deep/models/leastPenalty.ts',
    find: '? -inner : direct',
    replace: '? direct : direct',
    tests: [deep('kernelToRich.golden')],
  },
  {
    name: 'linear-dynamics: vectors of equal singular values taken as they come',
    file: 'packages/linear-dynamics/src/deep/twoLayer/commonBasis.ts',
    find: 'turnPairs(left, right, values, sigma, rank, [inputs, outputs]);',
    replace: '',
    tests: [deep('aligned.identity')],
  },
  {
    name: 'linear-dynamics: a rate of 0 for ever',
    file: 'packages/linear-dynamics/src/trajectories/iterate.ts',
    find: '(v === 0 ? 1 : exp(-v * t))',
    replace: 'exp(-v * t)',
    tests: [deep('infinity.closedForm')],
  },
  {
    name: 'linear-dynamics: eigenvalues of rounding that are learned in time',
    file: 'packages/linear-dynamics/src/sgd/kernelDescent.ts',
    find: 'value > floor ? value : 0',
    replace: 'value > 0 ? value : 0',
    tests: [deep('infinity.closedForm')],
  },
  {
    name: 'linear-dynamics: a slope from where training never comes',
    file: 'packages/linear-dynamics/src/trajectories/phase/phasePoint.ts',
    find: 'slopeOptions === undefined && reached >= FEWEST',
    replace: 'false',
    tests: ['packages/linear-dynamics/test/phasePoint.closedForm.test.ts'],
  },
  {
    name: 'linear-dynamics: distances from norms that cancel',
    file: 'packages/linear-dynamics/src/sgd/kernelMatrix.ts',
    find: 'apart > CLOSE * (zz + xx) ? apart : difference(1, 1)',
    replace: 'Math.max(0, apart)',
    tests: ['packages/linear-dynamics/test/extremes.closedForm.test.ts'],
  },
];
