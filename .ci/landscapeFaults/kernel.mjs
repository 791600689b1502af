// Faults in tangent kernels and how they change. Same form as solverFaults.mjs.
const source = (name) => `packages/landscape/src/kernel/${name}.ts`;
const test = (name) => `packages/landscape/test/kernel/${name}.test.ts`;

export const kernelFaults = [
  {
    name: 'kernel: the trace is the sum over logits and not their mean',
    file: source('neuralTangentKernel'),
    find: 'value[i] /= k;',
    replace: 'value[i] /= 1;',
    tests: [test('tangentKernel.dense')],
  },
  {
    name: 'kernel: the mean over logits takes their products with each other',
    file: source('neuralTangentKernel'),
    find: 'matrix[(i * k + c) * rows + j * k + c] / k',
    replace: 'matrix[(i * k + c) * rows + j * k] / k',
    tests: [test('tangentKernel.dense')],
  },
  {
    name: 'kernel: correlation is not centred',
    file: source('kernelChange'),
    find: 'cosine(a, b, ma, mb)',
    replace: 'cosine(a, b, 0, 0)',
    tests: [test('kernelChange.closedForm')],
  },
  {
    name: 'kernel: the relative change is over the kernel after',
    file: source('kernelChange'),
    find: 'relativeChange.value /= norm(before, from);',
    replace: 'relativeChange.value /= norm(after, from);',
    tests: [test('kernelChange.closedForm')],
  },
  {
    name: 'kernel: alignment is centred over rows alone',
    file: source('kernelAlignment'),
    find: ' - rowMeans[at % n] + mean',
    replace: '',
    tests: [test('kernelChange.closedForm')],
  },
  {
    name: 'kernel: a run whose loss is infinite counts for a seed',
    file: source('kernelAgainstWidth'),
    find: ' || !Number.isFinite(ended.loss)',
    replace: '',
    tests: [test('kernelAgainstWidth.property')],
  },
  {
    name: 'kernel: sizes beyond float64 are told as infinite',
    file: source('kernelChange'),
    find: 'Number.isFinite(value) ? undefined',
    replace: 'value !== undefined ? undefined',
    tests: [test('kernelChange.closedForm')],
  },
  {
    name: 'kernel: a sample sorted by label is of all examples',
    file: source('kernelSample'),
    find: 'Int32Array.from({ length: pool }, (_, i) => i)',
    replace: 'Int32Array.from({ length: examples.count }, (_, i) => i)',
    tests: [test('kernelAgainstWidth.property')],
  },
];
