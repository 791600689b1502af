// Faults in sparse matrices and in reading them. Same form as solverFaults.mjs.
const source = (name) => `packages/linop/src/sparse/${name}.ts`;
const market = (name) => `packages/data/src/formats/matrixMarket/${name}.ts`;
const dense = ['packages/linop/test/sparse/dense.test.ts'];
const degenerate = ['packages/linop/test/sparse/degenerate.test.ts'];
const malformed = ['packages/data/test/matrixMarket/malformed.property.test.ts'];
const golden = ['packages/data/test/matrixMarket/golden.test.ts'];

export const sparseFaults = [
  {
    name: 'sparse: entries of one place, the last stays',
    file: source('compressedRows'),
    find: 'sums[length - 1] += values[p];',
    replace: 'sums[length - 1] = values[p];',
    tests: degenerate,
  },
  {
    name: 'sparse: a mirrored entry may differ',
    file: source('checkParts'),
    find: 'if (own === other && a.values[p] === mirror.values[p]) continue;',
    replace: 'if (own === other) continue;',
    tests: degenerate,
  },
  {
    name: 'sparse: a column past the last is let in',
    file: source('checkParts'),
    find: 'value[p] >= below',
    replace: 'value[p] > below',
    tests: degenerate,
  },
  {
    name: 'sparse: the diagonal is stored twice',
    file: source('sparseMatrix'),
    find: 'lower.indices[end - 1] === i ? end - 1 : end',
    replace: 'lower.indices[end - 1] === i ? end : end',
    tests: dense,
  },
  {
    name: 'sparse: a lower triangle is taken for an upper one',
    file: source('sparseMatrix'),
    find: "given === 'upper' ? a : mirror",
    replace: "given === 'lower' ? a : mirror",
    tests: dense,
  },
  {
    name: 'Matrix Market: the mirrored entry of a skew-symmetric matrix keeps its sign',
    file: market('expandSymmetry'),
    find: "'skew-symmetric': [-1, -1]",
    replace: "'skew-symmetric': [1, 1]",
    tests: golden,
  },
  {
    name: 'Matrix Market: sizes are believed',
    file: market('marketHeader'),
    find: 'if (lines.left < least)',
    replace: 'if (lines.left < 0)',
    tests: malformed,
  },
  {
    name: 'Matrix Market: entries beyond those announced are left out',
    file: market('parseMatrixMarket'),
    find: 'if (lines.advanceToWords()) lines.fail(`${header.entries} entries',
    replace: 'if (lines.line < 0) lines.fail(`${header.entries} entries',
    tests: malformed,
  },
];
