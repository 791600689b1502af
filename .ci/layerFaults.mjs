// Faults in the operations of layers and in the walks over them, for faults.mjs.

const autodiff = (name) => `packages/autodiff/test/${name}.test.ts`;

export const layerFaults = [
  {
    name: 'layers: batch statistics with the unbiased variance in the output',
    file: 'packages/autodiff/src/ops/layers/batchNormTraining.ts',
    find: 'const normal = standardized(found, axes, epsilon);',
    replace:
      'const normal = standardized({ ...found, variance: p.scale(found.variance, found.count / (found.count - 1)) }, axes, epsilon);',
    tests: [autodiff('layers/layers.golden')],
  },
  {
    name: 'layers: variance by E x² − (E x)²',
    file: 'packages/autodiff/src/ops/layers/moments.ts',
    find: "variance: over(p.unary('square', deviations))",
    replace: "variance: p.sub(over(p.unary('square', x)), p.unary('square', mean))",
    tests: [autodiff('layers/layers.closedForm')],
  },
  {
    name: 'layers: a query that sees no key gets the mean of the values',
    file: 'packages/autodiff/src/ops/layers/masked.ts',
    find: 'return p.select(allowed, softmax(hidden(x, allowed), axis), p.zerosLike(x));',
    replace: 'return softmax(hidden(x, allowed), axis);',
    tests: [autodiff('layers/layers.closedForm')],
  },
  {
    name: 'layers: zeros that rounding up adds count in a mean',
    file: 'packages/autodiff/src/ops/pooling.ts',
    find: 'const share = countPadding ? counted : inside;',
    replace: 'const share = countPadding ? undefined : inside;',
    tests: [autodiff('layers/layers.golden')],
  },
  {
    name: 'layers: windows that begin outside when a pooling rounds up',
    file: 'packages/autodiff/src/ops/images/imageWindow.ts',
    find: '(count - 1) * stride >= length + before ? count - 1 : count',
    replace: 'count',
    tests: [autodiff('layers/images.closedForm')],
  },
  {
    name: 'autodiff: windows with gaps lowered as if they had none',
    file: 'packages/autodiff/src/plan/lower/lowerConvolution.ts',
    find: 'return dilationH === 1 && dilationW === 1;',
    replace: 'return dilationH === 1 || dilationW === 1;',
    tests: [autodiff('plan/planPrimitives.dense')],
  },
  {
    name: 'walk: grouped convolutions among the maps that are one matrix',
    file: 'packages/nn/src/networkProgram.ts',
    find: 'layers.filter(({ groups }) => groups === 1)',
    replace: 'layers.filter(({ groups }) => groups >= 1)',
    tests: ['packages/curvature/test/groupedLayers.dense.test.ts'],
  },
  {
    name: 'walk: one number for each example taken for one for each output',
    file: 'packages/autodiff/src/walk/scaleShifts.ts',
    find: 'length === 1 || maker.params.axes![i] === channel',
    replace: 'length === 1 || maker.params.axes![i]! >= 0',
    tests: [autodiff('walk/questions.closedForm')],
  },
  {
    name: 'walk: sums of unequal degree called homogeneous',
    file: 'packages/autodiff/src/walk/homogeneity.ts',
    find: 'known.every((degree) => degree === known[0])',
    replace: 'known.some((degree) => degree === known[0])',
    tests: [autodiff('walk/questions.closedForm')],
  },
  {
    name: 'nn: a batch norm folded into weights that are used twice',
    file: 'packages/nn/src/foldBatchNorm.ts',
    find: 'scaleShifts(program, roles).filter(({ map }) => map.alone)',
    replace: 'scaleShifts(program, roles)',
    tests: ['packages/nn/test/foldBatchNorm.identity.test.ts'],
  },
];
