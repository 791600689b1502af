import { constant, type Tensor } from '@hyperribbon/autodiff';
import { checkGrads } from '@hyperribbon/autodiff/testing';
import { type Network, bufferValues, sizeOf, unflatten, weightsByName } from '@hyperribbon/nn';
import { parseArchitecture, parseStack, stack, stackOf } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';
import { expect, it } from 'vitest';

/** Derivatives of logits and new buffers by weights and input, forwards and backwards, first and second. */
function checked(network: Network, mode: 'evaluation' | 'training') {
  const params = network.init(2, 'float64').map((w, i) => w + 0.1 * Math.sin(i));
  const views = unflatten(network, params);
  const arrays = network.parameters.map(({ name, shape }) => ({ data: views[name], shape: [...shape] }));
  const values = bufferValues(network, 'float64');
  const buffers = (network.buffers ?? []).map(({ name, shape }) => ({ data: values[name], shape: [...shape] }));
  const { draws = 0 } = network;
  const uniforms = stream({ seed: 6, purpose: 'draws' }).uniform(new Float64Array(3 * draws));
  const draw = stream({ seed: 5, purpose: 'rows' });
  const shape = [3, network.inputs];
  const tokens = Float64Array.from({ length: shape[0] * shape[1] }, (_, i) => (3 * i + 1) % (network.vocabulary ?? 1));
  const x = { data: draw.normal(new Float64Array(tokens.length)), shape };
  const f = (weights: readonly Tensor[], states: readonly Tensor[], real: Tensor) => {
    const input = network.vocabulary === undefined ? real : constant(tokens, shape);
    const named = weightsByName(network, weights);
    if (mode === 'evaluation') return network.apply(named, input);
    const known = Object.fromEntries((network.buffers ?? []).map(({ name }, i) => [name, states[i]]));
    const given = draws > 0 ? { buffers: known, uniforms: constant(uniforms, [3, draws]) } : { buffers: known };
    const outputs = network.applyTraining!(named, input, given);
    return [outputs.logits, ...Object.values(outputs.buffers)];
  };
  return checkGrads(f as never, [arrays, buffers, x] as never);
}

/** The same modules with tanh in place of relu, whose kinks no difference sees through. */
function smooth(network: Network): Network {
  const layers = JSON.stringify(stackOf(network)).replaceAll('"kind":"relu"', '"kind":"tanh"');
  return parseStack(layers);
}

// third derivatives of batch norms of few examples are large: differences of the second order are off by 1e-6 of them
const tol = 1e-5;

it.each([
  ['resnet:8:3:1,4,4:width=0.125', 'training'],
  ['resnet:8:3:1,4,4:width=0.125,norm=fixup', 'evaluation'],
  ['wrn:10-1:2:1,4,4', 'evaluation'],
  ['vit:4,1,2:3:1,8,8:dropout=0.2', 'training'],
  ['gpt:4,1,2:5:3:dropout=0.2', 'training'],
  ['allcnn:2,2:2:4,4,1', 'training'],
] as const)('derivatives of %s in %s are limits of differences', (text, mode) => {
  expect(checked(smooth(parseArchitecture(text)), mode).worst.error).toBeLessThan(tol);
});

it('derivatives of attention:softmax:2:3:heads=2,layers=2 are limits of differences', () => {
  const network = parseArchitecture('attention:softmax:2:3:heads=2,layers=2');
  expect(checked(network, 'evaluation').worst.error).toBeLessThan(tol);
});

it('derivatives pass through the statistics of a batch, and buffers keep theirs', () => {
  const network = stack({
    input: [2, 3, 3],
    layers: [
      { kind: 'conv2d', out: 3, kernel: 2 },
      { kind: 'batchNorm' },
      { kind: 'tanh' },
      { kind: 'flatten' },
      { kind: 'batchNorm', affine: false },
      { kind: 'linear', out: 2 },
    ],
  });
  expect(checked(network, 'training').worst.error).toBeLessThan(tol);
});

it('derivatives of each module without a golden case are limits of differences', () => {
  const network = stack({
    input: [4, 6],
    layers: [
      { kind: 'positionalEmbedding', law: 'sinusoidal' },
      { kind: 'rmsNorm' },
      { kind: 'attention', heads: 2, weights: 'linear', causal: true },
      { kind: 'classToken', start: { normal: 1 } },
      { kind: 'conv1d', out: 4, kernel: 2, groups: 2 },
      { kind: 'scale' },
      { kind: 'shift' },
      { kind: 'silu' },
      { kind: 'layerNorm', bias: false },
      { kind: 'dropout', rate: 0.4, channels: true },
      { kind: 'position', at: 'last' },
      { kind: 'linear', out: 2 },
    ],
  });
  expect(network.draws).toBe(4);
  expect(sizeOf(network.parameters.find(({ name }) => name === '5')!.shape)).toBe(1);
  expect(checked(network, 'training').worst.error).toBeLessThan(tol);
  expect(checked(network, 'evaluation').worst.error).toBeLessThan(tol);
});
