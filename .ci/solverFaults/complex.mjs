// Faults in searches of Hermitian operators. Same form as solverFaults.mjs.
const source = (name) => `packages/lanczos/src/complex/${name}.ts`;
const tests = ['packages/lanczos/test/complex/eigshComplex.closedForm.test.ts'];

const jacobi = ['packages/lanczos/test/complex/hermitianJacobi.identity.test.ts'];

export const complexFaults = [
  {
    name: 'complex: products that are linear over the real numbers only are taken',
    file: source('eigshComplex'),
    find: 'if (off > rounding * Math.max(size, norm(second)))',
    replace: 'if (off > Infinity)',
    tests,
  },
  {
    name: 'complex: a vector and i times it count as two',
    file: source('complexVectors'),
    find: 'for (const x of left) subtractPart(x, next);',
    replace: '',
    tests,
  },
  {
    name: 'complex: the phase of a rotation is lost',
    file: source('hermitianJacobi'),
    find: 's: { re: (t * c * re) / size, im: (t * c * im) / size }',
    replace: 's: { re: t * c, im: 0 }',
    tests: jacobi,
  },
  {
    name: 'complex: eigenvectors are those of the conjugate',
    file: source('hermitianJacobi'),
    find: '(j % 2 === 0 ? x : -x)',
    replace: 'x',
    tests: jacobi,
  },
  {
    name: 'complex: the scale of products is lost',
    file: source('eigshComplex'),
    find: 'timesPower(value, exponent);',
    replace: 'timesPower(value, 0 * exponent);',
    tests,
  },
];
