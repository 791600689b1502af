// Faults in products with functions of an operator. Same form as solverFaults.mjs.
const source = (name) => `packages/lanczos/src/functions/${name}.ts`;
const tests = ['packages/lanczos/test/functions/applyFunction.dense.test.ts'];

export const functionFaults = [
  {
    name: 'functions: the steps are taken for settled at once',
    file: source('applyFunction'),
    find: 'if (!(5 * change <= tol * size))',
    replace: 'if (change > size)',
    tests,
  },
  {
    name: 'functions: what was left out counts as nothing',
    file: source('leftOut'),
    find: 'return size * (beta * largest);',
    replace: 'return 0;',
    tests,
  },
  {
    name: 'functions: signs of the coupling are lost',
    file: source('applyFunction'),
    find: '(_, i) => krylov.entry(i + 1, i));',
    replace: '(_, i) => -krylov.entry(i + 1, i));',
    tests,
  },
  {
    name: 'functions: rounding of the spectrum counts as nothing',
    file: source('applyFunction'),
    find: 'changes[i] = share * change;',
    replace: 'changes[i] = 0 * change;',
    tests,
  },
  {
    name: 'functions: values below zero by rounding have no root',
    file: source('namedFunctions'),
    find: 'x >= -2 * resolution ? 0',
    replace: 'x >= 0 ? 0',
    tests,
  },
  {
    name: 'functions: the scale of b is lost',
    file: source('applyFunction'),
    find: 'scaleByPower(values.slice(), e)',
    replace: 'scaleByPower(values.slice(), 0)',
    tests,
  },
];
