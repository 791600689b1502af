// Faults of sharpness-aware steps, sign descent, norm bias and straight-through weights. Same form as trainingFaults.mjs.
const room = 'packages/nn/src/training';
const property = ['packages/nn/test/training/sharpnessAware.property.test.ts'];
const golden = ['packages/nn/test/training/rules.golden.test.ts'];
const binary = ['packages/nn/test/models/binaryWeights.closedForm.test.ts'];

export const optimiserFaults = [
  {
    name: 'sharpness-aware: asam that stretches its ball once and not twice',
    file: `${room}/sharpnessAware.ts`,
    find: 'rho * (isScaled[i] === 1 ? (Math.abs(w[i]) + eta) * share : share)',
    replace: 'rho * share',
    tests: golden,
  },
  {
    name: 'sharpness-aware: biases that are scaled as weights are',
    file: `${room}/sharpnessAware.ts`,
    find: "shape.length >= 2 || name.includes('weight')",
    replace: 'shape.length >= 1',
    tests: golden,
  },
  {
    name: 'sharpness-aware: running statistics of the second pass',
    file: `${room}/sharpnessAwareGradients.ts`,
    find: 'buffersAfter: buffersAfter!,',
    replace: 'buffersAfter: last.buffersAfter,',
    tests: property,
  },
  {
    name: 'sharpness-aware: the gradient at w where that at w + ε is meant',
    file: `${room}/sharpnessAwareGradients.ts`,
    find: 'gradients.again(there)',
    replace: 'gradients.again(weights)',
    tests: golden,
  },
  {
    name: 'norm bias: a norm that is compared with the root of its target',
    file: `${room}/normBias.ts`,
    find: 'squares > target ? strength',
    replace: 'Math.sqrt(squares) > target ? strength',
    tests: golden,
  },
  {
    name: 'sign descent: a zero slope that counts as negative',
    file: `${room}/optimizers/rules.ts`,
    find: 'if (slope !== 0) w[i] = slope > 0',
    replace: 'w[i] = slope > 0',
    tests: property,
  },
  {
    name: 'sign descent: a decay that the sign swallows',
    file: `${room}/optimizers/createUpdate.ts`,
    find: " || optimizer.kind === 'sign') {",
    replace: ') {',
    tests: golden,
  },
  {
    name: 'augmentation: the network of the start in place of that of the step',
    file: `${room}/train.ts`,
    find: 'const sight = { weights: state.weights, network: () => evaluated(network, state) };',
    replace: 'const sight = { weights: state.weights.slice(), network: () => evaluated(network, state) };',
    tests: property,
  },
  {
    name: 'binary weights: a gradient that passes latent weights beyond ±1',
    file: 'packages/nn/src/latent/straightThroughSign.ts',
    find: 'greater(abs(w), 1)',
    replace: 'greater(abs(w), 2)',
    tests: binary,
  },
  {
    name: 'binary weights: zero that counts as negative',
    file: 'packages/nn/src/latent/straightThroughSign.ts',
    find: 'const sign = sub(1, mul(2, step(neg(w))));',
    replace: 'const sign = sub(mul(2, step(w)), 1);',
    tests: binary,
  },
  {
    name: 'binary weights: buffers from before training in the network of the binary weights',
    file: 'packages/nn/src/latent/usedWeights.ts',
    find: 'withBuffers(plain, bufferValues(network, ',
    replace: 'withBuffers(plain, bufferValues(plain, ',
    tests: binary,
  },
];
