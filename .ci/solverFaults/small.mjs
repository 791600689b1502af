// Faults in the search for the smallest singular values. Same form as solverFaults.mjs.
const source = (name) => `packages/lanczos/src/svd/${name}.ts`;
const tests = ['packages/lanczos/test/svd/smallest.closedForm.test.ts'];

export const smallFaults = [
  {
    name: 'svds smallest: residuals in A are not looked at, nor what is proven',
    file: source('smallestTriplets'),
    find: 'triplets.residuals[i] <= allowed && value - least[i] <= 2 * allowed',
    replace: 'triplets.residuals[i] <= Infinity',
    tests,
  },
  {
    name: 'svds smallest: further values are never looked at',
    file: source('smallestTriplets'),
    find: 'count = k + MORE;',
    replace: 'break;',
    tests,
  },
  {
    name: 'svds smallest: counts in AᵀA need no margin',
    file: source('smallestTriplets'),
    find: 'Math.sqrt(Math.max(0, value - margin))',
    replace: 'Math.sqrt(Math.max(0, value)) * 1.001',
    tests,
  },
  {
    name: 'svds smallest: the scale is lost',
    file: source('smallestTriplets'),
    find: 'values: triplets.values.map(back),',
    replace: 'values: triplets.values.slice(),',
    tests,
  },
  {
    name: 'svds smallest: vectors are not turned to those of A',
    file: source('tripletsFrom'),
    find: 'const share = dense.u[(count - last + r) * count + i];',
    replace: 'const share = i === count - last + r ? 1 : 0;',
    tests,
  },
  {
    name: 'svds smallest: every value is told from zero',
    file: source('tripletsFrom'),
    find: 'if (!(values[rank] > residual)) break;',
    replace: '',
    tests,
  },
  {
    name: 'svds smallest: the longer side is searched',
    file: source('shortSide'),
    find: 'const wide = op.columns > op.rows;',
    replace: 'const wide = op.columns < op.rows;',
    tests,
  },
];
