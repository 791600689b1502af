// Faults in modules and models, for faults.mjs.

const models = (name) => `packages/nn/test/models/${name}.test.ts`;

export const networkFaults = [
  {
    name: 'modules: running variances average what outputs are divided by',
    file: 'packages/nn/src/modules/batchNorm.ts',
    find: 'average(running.variance, batch.unbiasedVariance)',
    replace: 'average(running.variance, batch.variance)',
    tests: [models('modules.golden')],
  },
  {
    name: 'modules: positions see those after them',
    file: 'packages/nn/src/modules/attention.ts',
    find: 'bySoftmax(q, k, v, { causal })',
    replace: 'bySoftmax(q, k, v, { causal: false })',
    tests: [models('modules.golden'), models('models.closedForm')],
  },
  {
    name: 'modules: images are flattened with their channels last',
    file: 'packages/nn/src/modules/flatten.ts',
    find: 'transpose(h, [0, 3, 1, 2])',
    replace: 'h',
    tests: [models('modules.golden')],
  },
  {
    name: 'modules: each dropout takes the first draws',
    file: 'packages/nn/src/modules/stack.ts',
    find: 'taken += count;',
    replace: 'taken = count;',
    tests: [models('stack.property')],
  },
  {
    name: 'modules: options that no module has are dropped',
    file: 'packages/nn/src/modules/table.ts',
    find: 'if (strange !== undefined)',
    replace: 'if (strange === "")',
    tests: [models('stack.property')],
  },
  {
    name: 'models: the first stage of a residual net halves the image',
    file: 'packages/nn/src/models/resnet.ts',
    find: 'i === 0 ? [before, stage === 0 ? 1 : 2] : [out, 1]',
    replace: 'i === 0 ? [before, 2] : [out, 1]',
    tests: [models('modules.golden')],
  },
  {
    name: 'models: a question in context attends to itself',
    file: 'packages/nn/src/models/attentionRegressor.ts',
    find: 'slice(tokens, [0, 0, 0], [batch, length, width])',
    replace: 'tokens',
    tests: [models('attentionRegressor.closedForm')],
  },
];
