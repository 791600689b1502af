// Faults in linear solves. Same form as solverFaults.mjs.
const source = (name) => `packages/lanczos/src/solve/${name}.ts`;
const tests = ['packages/lanczos/test/solve/solve.dense.test.ts'];

export const solveFaults = [
  {
    name: 'solve: a residual is believed and not measured',
    file: source('corrections'),
    find: 'if (now > before / 2)',
    replace: 'if (before < Infinity)',
    tests,
  },
  {
    name: 'solve: a correction that made it worse stays',
    file: source('corrections'),
    find: 'if (this.#best === undefined || size < this.#best.residual)',
    replace: 'if (size > 0)',
    tests,
  },
  {
    name: 'solve: the solution is not scaled back by the power of A',
    file: source('corrections'),
    find: 'this.#exponent - e))',
    replace: 'this.#exponent))',
    tests,
  },
  {
    name: 'cg: a direction without curvature is gone along',
    file: source('cg'),
    find: '4 * eps * seen.norm * squares',
    replace: '-Infinity',
    tests,
  },
  {
    name: 'minres: the rotation before the last is forgotten',
    file: source('minres'),
    find: 'old * oldest[i]',
    replace: '0 * oldest[i]',
    tests,
  },
  {
    name: 'minres: a least-squares solution is gone on from',
    file: source('minres'),
    find: 'if (root <= tol * this.norm ||',
    replace: 'if (root < 0 ||',
    tests,
  },
  {
    name: 'lsqr: the sign of a rotation is lost',
    file: source('lsqr'),
    find: 'bar = -cosine * alpha;',
    replace: 'bar = cosine * alpha;',
    tests,
  },
  {
    name: 'lsqr: damping is of the residual alone',
    file: source('rectangularSystem'),
    find: 'out[i] += damp * own[i];',
    replace: 'out[i] += 0 * own[i];',
    tests,
  },
];
