// Faults in the search for the smallest singular values, and in counting. Same form as solverFaults.mjs.
const source = (name) => `packages/lanczos/src/svd/${name}.ts`;
const inRank = (name) => `packages/lanczos/src/rank/${name}.ts`;
const ranks = ['packages/lanczos/test/rank/rank.closedForm.test.ts'];
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
  {
    name: 'rank: values have no error',
    file: inRank('countBelow'),
    find: 'if (least[i] - error <= threshold) possible++;',
    replace: 'if (values[i] <= threshold) possible++;',
    tests: ranks,
  },
  {
    name: 'rank: what is not listed counts as not there',
    file: inRank('countBelow'),
    find: 'listed < found || found === A.short ? listed : A.short',
    replace: 'listed',
    tests: ranks,
  },
  {
    name: 'rank: the search starts at the threshold and not below it',
    file: inRank('rank'),
    find: 'above: (tol - width) * norm,',
    replace: 'above: tol * norm,',
    tests: ranks,
  },
  {
    name: 'rank: the threshold forgets the size of the operator',
    file: inRank('rankOptions'),
    find: 'tol = Math.min(1, Math.max(rows, columns) * eps)',
    replace: 'tol = Math.min(1, eps)',
    tests: ranks,
  },
  {
    name: 'null space: the surplus of columns is left out',
    file: inRank('nullSpace'),
    find: 'if (rows >= columns) return op;',
    replace: 'if (rows >= 0) return op;',
    tests: ranks,
  },
  {
    name: 'null space: only so many directions as were looked for first',
    file: inRank('countBelow'),
    find: "if (found.reason !== 'too-many' || k >= Math.min(short, most + 1)) return found;",
    replace: 'return found;',
    tests: ranks,
  },
  {
    name: 'svds smallest: noise that was seen bounds that of AᵀA in float32',
    file: source('gramMargin'),
    find: 'eps > 2 ** -52 ? 10 * eps : 0',
    replace: '0',
    tests,
  },
  {
    name: 'svds smallest: float32 is scaled as late as float64',
    file: source('shortSide'),
    find: "op.dtype === 'float32' ? 30 : undefined",
    replace: 'undefined',
    tests,
  },
];
