// Faults in factors of sharpness, parts of the Gauss-Newton matrix and bounds by Jacobians. Same form as solverFaults.mjs.
const source = (name) => `packages/landscape/src/sharpness/${name}.ts`;
const test = (name) => `packages/landscape/test/sharpness/${name}.test.ts`;

export const sharpnessFaults = [
  {
    name: 'sharpness: the residual is the sum of both parts',
    file: source('curvatureSplit'),
    find: 'add(H, scale(G, -1))',
    replace: 'add(H, scale(G, 1))',
    tests: [test('curvatureSplit.dense')],
  },
  {
    name: 'sharpness: factors of layers forget the bias',
    file: source('layerFactors'),
    find: 'const one = bias ? 1 : 0;',
    replace: 'const one = 0;',
    tests: [test('sharpnessFactors.dense')],
  },
  {
    name: 'sharpness: the first layer is what the second one gives',
    file: source('sharpnessFactors'),
    find: 'beforePatches(traced.program, traced.maps[1].input)',
    replace: 'beforePatches(traced.program, traced.maps[1].output)',
    tests: [test('sharpnessFactors.dense')],
  },
  {
    name: 'sharpness: the change by losses is that by the kernel as well',
    file: source('sharpnessChange'),
    find: 'sharpness.value / gaussNewton.value',
    replace: 'gaussNewton.value / sharpness.value',
    tests: [test('sharpnessFactors.dense')],
  },
  {
    name: 'gradient in the top: shares are not squared',
    file: source('gradientInTop'),
    find: 'share += dot * dot;',
    replace: 'share += Math.abs(dot);',
    tests: [test('gradientInTop.dense')],
  },
  {
    name: 'conjugate kernel: a mean over rows and not over examples',
    file: source('conjugateKernel'),
    find: 'part.map((x) => k * x)',
    replace: 'part.map((x) => x)',
    tests: [test('conjugateKernel.dense')],
  },
  {
    name: 'outliers: the part within classes keeps its means',
    file: source('outlierStructure'),
    find: '(u[row] - sums[group] / totals[group])',
    replace: 'u[row]',
    tests: [test('outlierStructure.dense')],
  },
  {
    name: 'outliers: cross-class means are not taken around those of their class',
    file: source('classMeans'),
    find: 'own * (x - centre[j])',
    replace: 'own * x',
    tests: [test('outlierStructure.dense')],
  },
  {
    name: 'rescaled layers: a skip around the next layer is not seen',
    file: source('rescaleLayers'),
    find: 'cutAt(program, next.output)',
    replace: 'cutAt(program, next.input)',
    tests: [test('rescaleLayers.identity')],
  },
  {
    name: 'bounds by Jacobians: the demand on slopes takes one error off and not both',
    file: source('slopeBound'),
    find: '(apart - errors[i] - errors[j])',
    replace: '(apart - errors[i])',
    tests: [test('jacobianBounds.closedForm')],
  },
  {
    name: 'bounds by Jacobians: the upper one forgets the variation',
    file: source('lipschitzBounds'),
    find: 'norm + variation[i]',
    replace: 'norm',
    tests: [test('jacobianBounds.closedForm')],
  },
  {
    name: 'bounds by Jacobians: cells have no diagonal',
    file: source('coveringRadius'),
    find: '(lipschitz * Math.sqrt(dimension))',
    replace: 'lipschitz',
    tests: [test('jacobianBounds.closedForm')],
  },
  {
    name: 'sharpness: its change is read from its peak even where that is the end',
    file: 'packages/cli/src/landscape/changeOfSharpness.ts',
    find: 'Math.max(value / last, last / value)',
    replace: 'value / last',
    tests: ['packages/cli/test/landscape/changeOfSharpness.closedForm.test.ts'],
  },
  {
    name: 'sharpness: a page says that sharpness follows a factor that the others outweigh',
    file: 'packages/report/src/sections/jacobian/words.ts',
    find: 'if (ratio < 1 !== factors[most] < 1)',
    replace: 'if (ratio < 1 === factors[most] < 1)',
    tests: ['packages/report/test/sharpnessChange.identity.test.ts'],
  },
];
