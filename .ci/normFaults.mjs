// Faults in norms of layers and spectra of convolutions. Same form as solverFaults.mjs.
const source = (name) => `packages/complexity/src/${name}.ts`;
const test = (name) => `packages/complexity/test/${name}.test.ts`;

export const normFaults = [
  {
    name: 'norms: rows and columns change places in a sum of norms',
    file: source('norms/matrixNorms'),
    find: 'squares[j] += square;',
    replace: 'squares[i % columns] += square;',
    tests: [test('norms/networkNorms.golden')],
  },
  {
    name: 'norms: windows over the edge count as if they were whole',
    file: source('norms/convolution'),
    find: 'i * s + a * d - pad >= 0 &&',
    replace: 'i * s + a * d >= 0 &&',
    tests: [test('norms/convolutions.dense')],
  },
  {
    name: 'norms: a limit of a spectral norm forgets that patches overlap',
    file: source('norms/layerNorms'),
    find: 'Math.sqrt(reads) * groupSpectral(layer)',
    replace: 'groupSpectral(layer)',
    tests: [test('norms/convolutions.dense')],
  },
  {
    name: 'norms: circular padding on the image without its zeros passes for a limit',
    file: source('norms/layerNorms'),
    find: 'Math.max(before + input[axis] + after, reach)',
    replace: 'input[axis]',
    tests: [test('norms/convolutions.dense')],
  },
  {
    name: 'norms: frequencies of real kernels count once and not twice',
    file: source('norms/convolutionSpectrum'),
    find: 'let copy = same ? 1 : 2;',
    replace: 'let copy = 1;',
    tests: [test('norms/convolutionSpectrum.dense')],
  },
  {
    name: 'norms: a step keeps places without dividing by its root',
    file: source('norms/frequencies'),
    find: '1 / Math.sqrt(sh * sw)',
    replace: '1 / (sh * sw)',
    tests: [test('norms/convolutionSpectrum.dense')],
  },
  {
    name: 'norms: a complex reflection is not conjugated',
    file: source('norms/complexSingularValues'),
    find: 'wr[j] = tr * x + ti * y;',
    replace: 'wr[j] = tr * x - ti * y;',
    tests: [test('norms/convolutionSpectrum.dense')],
  },
  {
    name: 'norms: the bias of merged layers is only the upper one',
    file: source('norms/mergedLayers'),
    find: 'sum += above.filters[o * inner + i] * below.bias[i];',
    replace: 'sum += 0 * above.filters[o * inner + i] * below.bias[i];',
    tests: [test('norms/homogeneous.identity')],
  },
  {
    name: 'norms: the constant input is handed on by the last layer, too',
    file: source('norms/networkNorms'),
    find: 'const kept = i + 1 < chain.layers.length;',
    replace: 'const kept = true;',
    tests: [test('norms/homogeneous.identity')],
  },
  {
    name: 'norms: overlapping maxima stretch no more than those of windows apart',
    file: source('norms/between'),
    find: 'Math.sqrt(overlapOf(maker.params.window!))',
    replace: '1',
    tests: [test('norms/chains.property')],
  },
  {
    name: 'norms: a margin is taken from the largest output, its own among them',
    file: source('norms/sampleNorms'),
    find: 'if (j !== label && !(row[j] <= other))',
    replace: 'if (!(row[j] <= other))',
    tests: [test('norms/networkNorms.golden')],
  },
];
