// Faults on the ground floor and in what networks are read from, for faults.mjs.

const contract = (name) => `packages/contract/test/${name}.test.ts`;

export const floorFaults = [
  {
    name: 'nn: weights in the order in which objects list them',
    file: 'packages/nn/src/parameterLayout.ts',
    find: 'return parameters.map(({ name }) => values[name]);',
    replace: 'return Object.values(values);',
    tests: ['packages/curvature/test/contracts.identity.test.ts'],
  },
  {
    name: 'nn: sizes of networks not compared with their shapes',
    file: 'packages/nn/src/examples.ts',
    find: 'if (size !== total)',
    replace: 'if (size < 0)',
    tests: ['packages/curvature/test/contracts.identity.test.ts'],
  },
  {
    name: 'nn: numbers that are infinite in float32 taken',
    file: 'packages/nn/src/examples.ts',
    find: "const single = dtype === 'float32';",
    replace: 'const single = false;',
    tests: ['packages/curvature/test/contracts.identity.test.ts'],
  },
  {
    name: 'contract: a pause a moment late',
    file: 'packages/contract/src/pacer.ts',
    find: 'if (performance.now() - last < every) return false;',
    replace: 'if (performance.now() - last <= every) return false;',
    tests: [contract('pacer.property')],
  },
  {
    name: 'contract: a pause counted from before itself',
    file: 'packages/contract/src/pacer.ts',
    find: '      last = performance.now();\n      return true;',
    replace: '      return true;',
    tests: [contract('pacer.property')],
  },
  {
    name: 'contract: reports at every question',
    file: 'packages/contract/src/pacer.ts',
    find: '    last = now;',
    replace: '',
    tests: [contract('pacer.property')],
  },
  {
    name: 'contract: the pace of what was done before',
    file: 'packages/contract/src/progress.ts',
    find: 'now.done - since.done',
    replace: 'now.done',
    tests: [contract('pacer.property')],
  },
  {
    name: 'contract: a look-alike taken for an array',
    file: 'packages/contract/src/floatArray.ts',
    find: 'ArrayBuffer.isView(value) ?',
    replace: 'value != null ?',
    tests: [contract('realms.identity')],
  },
  {
    name: 'contract: an end of an open interval let in',
    file: 'packages/contract/src/require.ts',
    find: 'value > low && value < high',
    replace: 'value > low && value <= high',
    tests: [contract('require.closedForm')],
  },
  {
    name: 'contract: infinity let in',
    file: 'packages/contract/src/require.ts',
    find: 'value > 0 && value < Infinity',
    replace: 'value > 0',
    tests: [contract('require.closedForm')],
  },
  {
    name: 'contract: inherited properties read',
    file: 'packages/contract/src/decode.ts',
    find: 'return Object.entries(value);',
    replace:
      'const all: [string, unknown][] = []; for (const k in value) all.push([k, (value as never)[k]]); return all;',
    tests: [contract('decode.closedForm')],
  },
  {
    name: 'contract: a signal taken for its reason',
    file: 'packages/contract/src/abortError.ts',
    find: 'isSignal(signal) ? signal.reason : signal',
    replace: 'signal',
    tests: [contract('abort.closedForm')],
  },
  {
    name: 'contract: a stub that throws in place of setImmediate ends the wait',
    file: 'packages/contract/src/pacer.ts',
    find: 'for (const later of [setImmediate, byMessage, setTimeout]) {',
    replace: 'for (const later of [setImmediate ?? byMessage]) {',
    tests: [contract('pacer.property')],
  },
  {
    name: 'random: streams that need a TextEncoder',
    file: 'packages/random/src/fnv1a64.ts',
    find: "text.replaceAll(/\\p{Surrogate}/gu, '\\ufffd')",
    replace: 'new TextDecoder().decode(new TextEncoder().encode(text))',
    tests: ['packages/random/test/golden.test.ts'],
  },
  {
    name: 'nn: weights told by the classes of this realm',
    file: 'packages/nn/src/networkFromArrays.ts',
    find: "typedArrayName(data) === 'Float64Array'",
    replace: 'data instanceof Float64Array',
    tests: ['packages/nn/test/realms.identity.test.ts'],
  },
  {
    name: 'contract: a worker that cannot start and does not say which script was tried',
    file: 'packages/contract/src/threads/threadRequests.ts',
    find: "reason === 'start' ? advice : ''",
    replace: "''",
    tests: ['packages/contract/test/threadStart.contract.test.ts'],
  },
];
