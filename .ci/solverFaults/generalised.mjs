// Faults in searches of pencils. Same form as solverFaults.mjs.
const source = (name) => `packages/lanczos/src/generalised/${name}.ts`;
const tests = ['packages/lanczos/test/generalised/eigshGeneralised.closedForm.test.ts'];

export const generalisedFaults = [
  {
    name: 'generalised: inner products of pairs are those of x alone',
    file: 'packages/lanczos/src/factorization/basisRows.ts',
    find: 'this.shift = (op.size - this.inner) * this.bytesEach;',
    replace: 'this.shift = 0;',
    tests,
  },
  {
    name: 'generalised: a solve is believed and not held against B',
    file: source('productsMetric'),
    find: 'this.solveError = Math.max(this.solveError, norm(left) / size);',
    replace: 'this.solveError = 0;',
    tests,
  },
  {
    name: 'generalised: ends of B are not looked at',
    file: source('productsMetric'),
    find: 'this.indefinite = below(ends) || below(inverse);',
    replace: 'this.indefinite = false;',
    tests,
  },
  {
    name: 'generalised: the powers of two of A and B are added',
    file: source('eigshGeneralised'),
    find: 'const e = (this.#A.exponent ?? 0) - B.exponent;',
    replace: 'const e = (this.#A.exponent ?? 0) + B.exponent;',
    tests,
  },
  {
    name: 'generalised: a threshold is told in another scale',
    file: source('eigshGeneralised'),
    find: 'timesPower(threshold, B.exponent - (this.#A.exponent ?? 0))',
    replace: 'timesPower(threshold, 0)',
    tests,
  },
  {
    name: 'generalised: rounding by a nearly singular B counts as nothing',
    file: source('eigshGeneralised'),
    find: 'return Math.max(8 * this.#eps * B.condition, 3 * solves);',
    replace: 'return Math.max(8 * this.#eps, 3 * solves);',
    tests,
  },
  {
    name: 'generalised: vectors come back without Lᵀ',
    file: source('matrixMetric'),
    find: 'solveLowerTransposed(l, n, y);\n      scale(y);',
    replace: 'scale(y);',
    tests,
  },
];
