// Faults in lobpcg, block starts and the convention for signs. Same form as solverFaults.mjs.
const source = (name) => `packages/lanczos/src/solve/${name}.ts`;
const tests = ['packages/lanczos/test/solve/lobpcg.closedForm.test.ts'];

export const lobpcgFaults = [
  {
    name: 'lobpcg: residuals are believed and not measured',
    file: source('lobpcg'),
    find: 'const open = left.flatMap((size, i) => (size > limit(i) ? [i] : []));',
    replace: 'const open = left.flatMap((size, i) => (size > 30 * limit(i) ? [i] : []));',
    tests,
  },
  {
    name: 'lobpcg: constraints are kept in the plain inner product',
    file: source('lobpcg'),
    find: 'this.#locked.push({ x, bx });',
    replace: 'this.#locked.push({ x, bx: x });',
    tests,
  },
  {
    name: 'lobpcg: values of the largest keep the sign of the search',
    file: source('lobpcg'),
    find: 'timesPower(this.#sign * this.#values[i], a - b)',
    replace: 'timesPower(this.#values[i], a - b)',
    tests,
  },
  {
    name: 'lobpcg: the preconditioner is not used',
    file: source('lobpcg'),
    find: 'await this.#add(directions, z, before);',
    replace: 'await this.#add(directions, r.slice(), before);',
    tests,
  },
  {
    name: 'lobpcg: an indefinite metric passes',
    file: source('lobpcg'),
    find: 'if (squares > 0 && !(dot(x, bx) >',
    replace: 'if (squares < 0 && !(dot(x, bx) >',
    tests,
  },
  {
    name: 'eigsh: of a block of start vectors the first alone is used',
    file: 'packages/lanczos/src/eigsh/startSearch.ts',
    find: 'at < given; at += f.n)',
    replace: 'at < f.n; at += f.n)',
    tests: ['packages/lanczos/test/start/blockStart.identity.test.ts'],
  },
  {
    name: 'orient: rounding chooses among equal entries',
    file: 'packages/lanczos/src/dense/orient.ts',
    find: 'const EQUAL = 1 - 2 ** -20;',
    replace: 'const EQUAL = 1;',
    tests: ['packages/lanczos/test/dense/orient.identity.test.ts'],
  },
];
