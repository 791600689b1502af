// Faults in reading ONNX files, for faults.mjs.

const onnx = (name) => `packages/onnx/test/${name}.test.ts`;

export const onnxFaults = [
  {
    name: 'onnx: a field may reach beyond what holds it',
    file: 'packages/onnx/src/protobuf/wire.ts',
    find: 'if (!(next <= end))',
    replace: 'if (next < 0)',
    tests: [onnx('malformed.golden')],
  },
  {
    name: 'onnx: data of another length than the shape says',
    file: 'packages/onnx/src/protobuf/tensorProto.ts',
    find: 'if (found !== count)',
    replace: 'if (found < 0)',
    tests: [onnx('malformed.golden')],
  },
  {
    name: 'onnx: an epsilon as its float32 and not as its decimal',
    file: 'packages/onnx/src/protobuf/shortest.ts',
    find: 'if (Math.fround(decimal) === x) return decimal;',
    replace: 'if (decimal === x) return decimal;',
    tests: [onnx('operators.closedForm')],
  },
  {
    name: 'onnx: masks taken for parameters',
    file: 'packages/onnx/src/network/parameters.ts',
    find: 'return !isMatrix || hasThree(data);',
    replace: 'return isMatrix || data.length > 0;',
    tests: [onnx('network.closedForm')],
  },
  {
    name: 'onnx: a weight that is written twice is two parameters',
    file: 'packages/onnx/src/network/ties.ts',
    find: 'return turned ? { to: other.name, transposed: true } : undefined;',
    replace: 'return turned ? undefined : undefined;',
    tests: [onnx('network.closedForm')],
  },
  {
    name: 'onnx: a graph for one example mixes those that it is given together',
    file: 'packages/onnx/src/network/batching.ts',
    find: 'if (batch === 1 && (shape[0] !== 2 || !keepsApart(graph)))',
    replace: 'if (batch === 1 && shape[0] !== 2)',
    tests: [onnx('network.closedForm')],
  },
  {
    name: 'onnx: running variances of the biased variance',
    file: 'packages/onnx/src/ops/norms/batchNormalization.ts',
    find: "call.mode === 'training' ? unbiasedVariance : variance",
    replace: "call.mode === 'evaluation' ? unbiasedVariance : variance",
    tests: [onnx('training.closedForm')],
  },
  {
    name: 'onnx: the softmax of old opsets over one axis',
    file: 'packages/onnx/src/ops/norms/softmax.ts',
    find: 'if (!old) return plain(type, f(x, axis, call));',
    replace: 'if (axis >= 0) return plain(type, f(x, axis, call));',
    tests: [onnx('operators.closedForm')],
  },
];
