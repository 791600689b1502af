// Faults in factorisations of dense matrices. Same form as solverFaults.mjs.
const source = (name) => `packages/lanczos/src/${name}.ts`;
const tests = ['packages/lanczos/test/dense/factorizations.golden.test.ts'];

export const denseFaults = [
  {
    name: 'dense: a pivot of zero passes',
    file: source('dense/cholesky'),
    find: 'else if (s > (i + 1) * 2 ** -52 * size)',
    replace: 'else if (s >= 0)',
    tests,
  },
  {
    name: 'dense: singular values of rounding count',
    file: source('svd/leastSquares'),
    find: '{ tolerance = Math.max(m, n) * 2 ** -52 }: RankOptions',
    replace: '{ tolerance = 0 }: RankOptions',
    tests,
  },
  {
    name: 'dense: the scale of b is lost',
    file: source('svd/leastSquares'),
    find: 'timesPower(x / timesPower(y, -e), size - e)',
    replace: 'timesPower(x / timesPower(y, -e), -e)',
    tests,
  },
  {
    name: 'dense: pivots are those before the exchange',
    file: source('dense/qr'),
    find: '[pivots[step], pivots[best]] = [pivots[best], pivots[step]];',
    replace: '',
    tests,
  },
  {
    name: 'dense: columns of a zero remainder keep it',
    file: source('dense/qr'),
    find: 'tau[step] = (beta - alpha) / beta;',
    replace: 'tau[step] = (beta - alpha) / (beta + NOTHING + alpha * 1e-3);',
    tests,
  },
  {
    name: 'dense: vectors of a pencil are those of the scaled one',
    file: source('dense/eighGeneralised'),
    find: 'x[j] *= factors[j] * half;',
    replace: 'x[j] *= factors[j];',
    tests,
  },
];
