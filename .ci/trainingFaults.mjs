// Faults of training: update rules, training mode, micro-batches, checkpoints.
const golden = ['packages/nn/test/training/training.golden.test.ts'];
const optimizers = ['packages/nn/test/training/optimizers.golden.test.ts'];
const property = ['packages/nn/test/training/training.property.test.ts'];
const room = 'packages/nn/src/training';

export const trainingFaults = [
  {
    name: 'training: weight decay apart from the gradient that forgets the learning rate',
    file: `${room}/optimizers/weightDecay.ts`,
    find: 'const factor = 1 - learningRate * strength;',
    replace: 'const factor = 1 - 0.05 * learningRate * strength;',
    tests: optimizers,
  },
  {
    name: 'training: biases that decay where matrices alone should',
    file: `${room}/optimizers/weightDecay.ts`,
    find: 'shape.length >= 2',
    replace: 'shape.length >= 1',
    tests: optimizers,
  },
  {
    name: 'training: a look ahead of Muon that counts the gradient in full',
    file: `${room}/optimizers/muonUpdate.ts`,
    find: 'nesterov ? rest * g[i] + momentum * mean : mean',
    replace: 'nesterov ? g[i] + momentum * mean : mean',
    tests: ['packages/nn/test/training/muon.secondImplementation.test.ts'],
  },
  {
    name: 'training: running statistics that stay where they were',
    file: `${room}/train.ts`,
    find: 'buffers.set(last.buffersAfter);',
    replace: '',
    tests: golden,
  },
  {
    name: 'training: gradients that are never clipped',
    file: `${room}/train.ts`,
    find: 'if (clipNorm !== undefined) clip(last.gradient, clipNorm);',
    replace: '',
    tests: golden,
  },
  {
    name: 'training: statistics of micro-batches that count alike, however many examples they have',
    file: `${room}/microBatches.ts`,
    find: 'rows[micro] * step.buffersAfter[i]',
    replace: 'rows[0] * step.buffersAfter[i]',
    tests: property,
  },
  {
    name: 'training: dropout that draws the same in every epoch',
    file: `${room}/batchSource.ts`,
    find: "purpose: 'dropout', index: at.step",
    replace: "purpose: 'dropout', index: at.batch",
    tests: property,
  },
  {
    name: 'training: a gradient that is not finite and moves the weights',
    file: `${room}/batchGradients.ts`,
    find: 'allFinite(plan.gradient) && ',
    replace: '',
    tests: property,
  },
  {
    name: 'training: checkpoints for hooks that later steps change',
    file: `${room}/watchRun.ts`,
    find: '...structuredClone(snapshot(state)),',
    replace: '...snapshot(state),',
    tests: property,
  },
  {
    name: 'training: a run that is resumed with the statistics of its start',
    file: `${room}/runState.ts`,
    find: 'storedBuffer(resume, name, views[i].length) ?? named[name]',
    replace: 'named[name]',
    tests: property,
  },
];
