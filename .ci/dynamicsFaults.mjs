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
];
