// Faults in kept lists of inputs and in long sweeps. Same form as solverFaults.mjs; the modules of kernels are compiled, so theirs lie in the twins.
const chunked = (name) => `packages/autodiff/src/plan/chunked/${name}.ts`;
const lists = ['packages/autodiff/test/plan/inputLists.identity.test.ts'];
const twins = ['packages/kernels/test/lists/lists.identity.test.ts'];

export const speedFaults = [
  {
    name: 'lists: new data keep the lists of the old',
    file: chunked('inputLists'),
    find: 'if (kept.made) workspace',
    replace: 'if (count === kept.entries) workspace',
    tests: lists,
  },
  {
    name: 'lists: data with more entries than there is room for are listed all the same',
    file: chunked('inputLists'),
    find: 'kept.made = count <= kept.entries;',
    replace: 'kept.made = true;',
    tests: lists,
  },
  {
    name: 'lists: rows and columns share one list',
    file: chunked('inputLists'),
    find: 'return a.input === b.input && a.trans === b.trans &&',
    replace: 'return a.input === b.input || a.trans === b.trans &&',
    tests: lists,
  },
  {
    name: 'lists: a refused product is not made up for',
    file: 'packages/autodiff/src/plan/bind/bindListed.ts',
    find: ' === 1)',
    replace: ' >= 0)',
    tests: lists,
  },
  {
    name: 'lists: memory is not asked whether they fit',
    file: chunked('planLinearized'),
    find: 'if (bytes + more > room) break;',
    replace: '',
    tests: lists,
  },
  {
    name: 'lists: infinities of the second matrix are multiplied as if zeros were nothing',
    file: 'packages/kernels/src/twin/lists.ts',
    find: 'if (!Number.isFinite(x[pb + p * stepP + j * stepJ])) return 0;',
    replace: 'if (x[pb + p * stepP + j * stepJ] === undefined) return 0;',
    tests: twins,
  },
];
