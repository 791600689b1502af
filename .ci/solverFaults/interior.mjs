// Faults in searches near a number. Same form as solverFaults.mjs.
const source = (name) => `packages/lanczos/src/interior/${name}.ts`;
const tests = ['packages/lanczos/test/interior/eigshNear.closedForm.test.ts'];
const without = ['packages/lanczos/test/interior/withoutSolve.closedForm.test.ts'];

export const interiorFaults = [
  {
    name: 'interior: a solve is believed and not held against A',
    file: source('solveError'),
    find: 'worst = Math.max(worst, remainder(product, y, g,',
    replace: 'worst = Math.max(worst, 0 * remainder(product, y, g,',
    tests,
  },
  {
    name: 'interior: solves of the run itself are not held against A',
    file: source('byInverse'),
    find: 'return Math.max(this.#tried.bound, this.#remainder);',
    replace: 'return this.#tried.bound;',
    tests,
  },
  {
    name: 'interior: nothing says how near an unlisted value may be',
    file: source('eigshNear'),
    find: 'if (clear >= problem.needed(pairs))',
    replace: 'if (problem.needed(pairs) > -Infinity)',
    tests,
  },
  {
    name: 'interior: the radius that is clear is that of the listed values and half more',
    file: source('byInverse'),
    find: 'Math.max(0, 1 - this.bound) / most',
    replace: '1.5 / most',
    tests,
  },
  {
    name: 'interior: residuals in A are not looked at',
    file: source('eigshNear'),
    find: 'residual <= allowed)',
    replace: 'residual < Infinity)',
    tests,
  },
  {
    name: 'interior: the transformed problem is asked for its largest and not its largest magnitudes',
    file: source('byInverse'),
    find: "which: 'LM',",
    replace: "which: 'LA',",
    tests,
  },
  {
    name: 'interior: values are not scaled back',
    file: source('eigshNear'),
    find: 'values: pairs.values.map(back),',
    replace: 'values: pairs.values.slice(),',
    tests,
  },
  {
    name: 'interior: vectors are not turned to those of A',
    file: source('rayleighRitz'),
    find: 'addTo(row(vectors, i), turn[i * k + j], row(rows, j));',
    replace: 'addTo(row(vectors, i), i === j ? 1 : 0, row(rows, j));',
    tests,
  },
  {
    name: 'interior: a polynomial counts as above a level on one side of sigma if it is on the other',
    file: source('windowFilter'),
    find: 'return Math.min(reach(1), reach(-1));',
    replace: 'return Math.max(reach(1), reach(-1));',
    tests: without,
  },
  {
    name: 'interior: steps along a polynomial are longer than its slope allows',
    file: source('windowFilter'),
    find: 'const step = above / slope;',
    replace: 'const step = (40 * above) / slope;',
    tests: without,
  },
  {
    name: 'interior: of more values than k the first are listed and not the nearest',
    file: source('nearProblem'),
    find: '.sort((i, j) => distance(i) - distance(j))',
    replace: '.sort((i, j) => i - j)',
    tests: without,
  },
  {
    name: 'interior: a search that cannot end within its products is begun all the same',
    file: source('byFilter'),
    find: 'if (degree * steps > problem.left)',
    replace: 'if (degree * steps > Infinity)',
    tests: without,
  },
];
