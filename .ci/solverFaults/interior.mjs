// Faults in searches near a number. Same form as solverFaults.mjs.
const source = (name) => `packages/lanczos/src/interior/${name}.ts`;
const tests = ['packages/lanczos/test/interior/eigshNear.closedForm.test.ts'];

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
    file: source('eigshNear'),
    find: 'bound: Math.max(tried.bound, this.#remainder)',
    replace: 'bound: tried.bound',
    tests,
  },
  {
    name: 'interior: nothing says how near an unlisted value may be',
    file: source('eigshNear'),
    find: 'if (clear >= needed)',
    replace: 'if (needed > -Infinity)',
    tests,
  },
  {
    name: 'interior: the radius that is clear is that of the listed values and half more',
    file: source('eigshNear'),
    find: 'Math.max(0, 1 - Math.max(bound, this.#remainder)) / most',
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
    file: source('eigshNear'),
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
];
