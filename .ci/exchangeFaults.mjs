// Faults in writing ONNX files and in reading other people's state dicts, for faults.mjs.

const onnx = (name) => `packages/onnx/test/${name}.test.ts`;
const write = 'packages/onnx/src/write/';
const weights = 'packages/nn/src/weights/';

export const exchangeFaults = [
  {
    name: 'exchange: zeros around an image written on the wrong sides',
    file: `${write}rules/windows.ts`,
    find: 'pads: [w.padTop, w.padLeft, bottom, right]',
    replace: 'pads: [w.padTop, bottom, w.padLeft, right]',
    tests: [onnx('roundTrip.identity')],
  },
  {
    name: 'exchange: a transposed operand written as it lies',
    file: `${write}rules/products.ts`,
    find: '...(transB === 1 && { transB }),',
    replace: '',
    tests: [onnx('roundTrip.identity')],
  },
  {
    name: 'exchange: maxima of padded windows written without their padding',
    file: `${write}patterns/pooling.ts`,
    find: '[low[1], low[2], high[1], high[2]]',
    replace: '[0, 0, 0, 0]',
    tests: [onnx('roundTrip.identity')],
  },
  {
    name: "exchange: mean and variance of a batch norm in each other's place",
    file: `${write}patterns/layers.ts`,
    find: 'mean.inputs[0], raised.inputs[0]',
    replace: 'raised.inputs[0], mean.inputs[0]',
    tests: [onnx('roundTrip.identity')],
  },
  {
    name: 'exchange: channels that are convolved twice taken for groups of their own',
    file: `${write}patterns/convolutions.ts`,
    find: 'group: repeated ? shape[3] : window.channels',
    replace: 'group: window.channels',
    tests: [onnx('roundTrip.identity')],
  },
  {
    name: 'exchange: negative integers cut to 32 bits',
    file: 'packages/onnx/src/protobuf/wireWriter.ts',
    find: 'BigInt.asUintN(64, ',
    replace: 'BigInt.asUintN(32, ',
    tests: [onnx('write.identity')],
  },
  {
    name: 'exchange: lengths that count examples written as numbers',
    file: `${write}draft.ts`,
    find: 'open(length) ? -1 : length',
    replace: 'length',
    tests: [onnx('write.identity')],
  },
  {
    name: 'exchange: square weights read as they lie',
    file: `${weights}denseWeights.ts`,
    find: "? { habit: 'out-in', certain: false }",
    replace: "? { habit: 'in-out', certain: false }",
    tests: [onnx('states.golden')],
  },
  {
    name: 'exchange: layers of GPT-2 asked together with all others how they lie',
    file: `${weights}denseWeights.ts`,
    find: 'return /\\bc_(attn|proj|fc)\\.weight$/.test(name);',
    replace: "return name === '';",
    tests: [onnx('states.golden')],
  },
  {
    name: 'exchange: one wrapper taken off where there are two',
    file: `${weights}stateNames.ts`,
    find: 'return shorter === name ? name : unwrapped(shorter);',
    replace: 'return shorter;',
    tests: [onnx('states.golden')],
  },
  {
    name: 'exchange: a head of its own taken for the embedding',
    file: `${weights}networkFromState.ts`,
    find: 'data.length !== table.data.length || Array.from(data).some((x, i) => x !== table.data[i])',
    replace: 'data.length !== table.data.length',
    tests: [onnx('states.golden')],
  },
  {
    name: 'exchange: paths in the index of a model in several files',
    file: 'packages/data/src/shardedWeights.ts',
    find: '!/^[\\w.-]+$/.test(file)',
    replace: 'file.length === 0',
    tests: [onnx('states.golden')],
  },
  {
    name: 'exchange: a graph that was exported for training evaluated with one output of its norms',
    file: 'packages/onnx/src/ops/norms/batchNormalization.ts',
    find: '{ ...options, mean, variance }) }, ...still]',
    replace: '{ ...options, mean, variance }) }]',
    tests: [onnx('torch.golden')],
  },
];
