// Oracle: the operator of some parameters is the block of theirs in the matrix of all.
import { dense, mul } from '@hyperribbon/autodiff';
import {
  blockOperators,
  curvatureCost,
  type CurvatureOptions,
  exampleJacobian,
  fisher,
  gaussNewton,
  gramMatrix,
  hessian,
  kroneckerFactors,
  layerCorrelations,
  logitJacobian,
} from '@hyperribbon/curvature';
import {
  collectRestricted,
  defineNetwork,
  expandRestricted,
  layerBlocks,
  lenet,
  mlp,
  type Network,
  networkFromData,
  networkIdentity,
  networkToData,
  restrict,
  logits,
} from '@hyperribbon/nn';
import { describe, expect, it } from 'vitest';
import { matrixOf, relativeDistance, smallExamples, someVector } from './smallExamples.js';

const net = mlp([3, 4, 3, 2]);
const params = net.init(5, 'float64');
const examples = smallExamples(6, 3, 2);
const options = { dtype: 'float64', chunkSize: 4 } as const;
const which = /^(b1|W2|b3)$/;
const part = restrict(net, params, which);
/** places of the chosen numbers in the whole vector */
const places = part.ranges.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i));

function blockOf(whole: Float64Array, size: number): Float64Array {
  return Float64Array.from(places.flatMap((i) => places.map((j) => whole[i * size + j])));
}

describe('a restricted network', () => {
  it('is the same function of fewer weights', () => {
    expect(part.network.parameters.map(({ name, shape }) => [name, shape])).toEqual([
      ['b1', [4]],
      ['W2', [4, 3]],
      ['b3', [2]],
    ]);
    expect(part.params).toEqual(Float64Array.from(places, (i) => params[i]));
    for (const dtype of ['float64', 'float32'] as const)
      expect(logits(part.network, part.params, examples, { dtype })).toEqual(logits(net, params, examples, { dtype }));
    const other = part.params.map((w) => w + 0.1);
    const moved = expandRestricted(part, other, params.slice());
    expect(logits(part.network, other, examples)).toEqual(logits(net, moved as Float64Array, examples));
  });

  it('says where its weights are in the whole vector', () => {
    const v = someVector(part.network.size);
    const whole = expandRestricted(part, v);
    expect(whole).toHaveLength(net.size);
    expect(collectRestricted(part, whole)).toEqual(v);
    expect(whole.filter((x) => x !== 0)).toHaveLength(v.length);
    expect(part.network.init(3, 'float64')).toEqual(collectRestricted(part, net.init(3, 'float64')));
  });

  it('travels as data, with an identity that its constants are part of', () => {
    const copy = networkFromData(networkToData(part.network));
    expect(logits(copy, part.params, examples)).toEqual(logits(net, params, examples));
    expect(networkIdentity(copy)).toBe(networkIdentity(part.network));
    const elsewhere = restrict(net, net.init(6, 'float64'), which);
    expect(networkIdentity(elsewhere.network)).not.toBe(networkIdentity(part.network));
  });

  it('is chosen by a pattern, names or a function, and is the network itself where all are', () => {
    const names = (filter: Parameters<typeof restrict>[2]): string[] =>
      restrict(net, params, filter).network.parameters.map(({ name }) => name);
    expect(names(['b3', 'b1', 'W2'])).toEqual(['b1', 'W2', 'b3']);
    expect(names((name) => name.startsWith('b'))).toEqual(['b1', 'b2', 'b3']);
    expect(names(/w/gi)).toEqual(['W1', 'W2', 'W3']);
    expect(restrict(net, params, /./).network).toBe(net);
    expect(names(Object.assign(Object.create(null), { source: 'W', flags: '' }) as RegExp)).toEqual(['W1', 'W2', 'W3']);
  });

  it.each([
    [/weight/, 'restrict: parameters must choose one at least, but /weight/ matches none of W1, b1, W2, b2, W3, b3'],
    [[], 'an empty list matches none of'],
    [['W1', 'W9'], 'restrict: mlp:tanh:3,4,3,2 has no parameter "W9"; it has W1, b1, W2, b2, W3, b3'],
    [7, 'restrict: parameters must be a RegExp, a list of names or a function of names, got 7'],
    [null, 'a list of names'],
  ])('%s chooses nothing', (filter, message) => {
    expect(() => restrict(net, params, filter as RegExp)).toThrow(message);
  });
});

const makers = {
  hessian: (more: CurvatureOptions) => hessian(net, params, examples, { ...options, ...more }),
  gaussNewton: (more: CurvatureOptions) => gaussNewton(net, params, examples, { ...options, ...more }),
  'fisher, exact': (more: CurvatureOptions) => fisher(net, params, examples, { ...options, ...more }),
  'fisher, sampled': (more: CurvatureOptions) =>
    fisher(net, params, examples, { ...options, ...more, kind: 'sampled', seed: 3 }),
  'fisher, empirical': (more: CurvatureOptions) =>
    fisher(net, params, examples, { ...options, ...more, kind: 'empirical' }),
  logitJacobian: (more: CurvatureOptions) => logitJacobian(net, params, examples, { ...options, ...more, logit: 1 }),
};

describe('the option parameters makes of the matrix its block:', () => {
  it.each(Object.entries(makers))('%s', (_, make) => {
    const [whole, block] = [make({}), make({ parameters: which })];
    expect(block.size).toBe(places.length);
    expect(block.info.parameters).toEqual(['b1', 'W2', 'b3']);
    expect(whole.info.parameters).toBeUndefined();
    expect(relativeDistance(matrixOf(block), blockOf(matrixOf(whole), net.size))).toBeLessThan(1e-14);
    expect(relativeDistance(block.gradient(), collectRestricted(part, whole.gradient()))).toBeLessThan(1e-14);
    expect(block.loss).toBe(whole.loss);
    expect(() => make({ parameters: /none/ })).toThrow(/^(hessian|gaussNewton|fisher|logitJacobian): parameters must/);
  });

  it('Jacobians, Gram matrices and costs', () => {
    const [whole, block] = [{}, { parameters: which }].map((more) =>
      exampleJacobian(net, params, examples, { ...options, ...more }),
    );
    expect(block.columns).toBe(places.length);
    const [all, own] = [new Float64Array(net.size), new Float64Array(places.length)];
    const u = someVector(6);
    whole.applyTransposed(u, all);
    block.applyTransposed(u, own);
    expect(relativeDistance(own, collectRestricted(part, all))).toBeLessThan(1e-14);

    const gram = gramMatrix(net, params, examples, { parameters: which });
    gram.forEach((value, ij) => {
      const rows = [Math.floor(ij / 6), ij % 6].map((i) => {
        const row = new Float64Array(places.length);
        block.applyTransposed(
          Float64Array.from({ length: 6 }, (_, k) => Number(k === i)),
          row,
        );
        return row;
      });
      expect(value).toBeCloseTo(rows[0].reduce((sum, x, k) => sum + x * rows[1][k], 0) / 6, 12);
    });

    const { bytes } = curvatureCost('hessian', net, 6, { ...options, parameters: which });
    expect(bytes).toBe(hessian(net, params, examples, { ...options, parameters: which }).info.bytes);
    expect(bytes).toBeLessThan(curvatureCost('hessian', net, 6, options).bytes);
  });

  it.each(['kfra', 'kfac'] as const)('factors of layers, %s', (kind) => {
    const all = kroneckerFactors(net, params, examples.inputs, 6, { kind });
    const some = kroneckerFactors(net, params, examples.inputs, 6, { kind, parameters: ['W2', 'W3', 'b3'] });
    expect(some.map(({ weight, bias }) => [weight, bias])).toEqual([
      ['W2', undefined],
      ['W3', 'b3'],
    ]);
    some.forEach(({ input, output }, i) => {
      expect(relativeDistance(input, all[i + 1].input)).toBeLessThan(1e-14);
      expect(relativeDistance(output, all[i + 1].output)).toBeLessThan(1e-14);
    });
    const [layer, ...others] = layerCorrelations(net, params, examples, { parameters: ['W2'] });
    expect(others).toEqual([]);
    expect(layer.weight).toBe('W2');
    expect(relativeDistance(layer.gradients, layerCorrelations(net, params, examples)[1].gradients)).toBeLessThan(
      1e-14,
    );
  });
});

describe('the layers of a network', () => {
  const dotted = defineNetwork({
    inputs: 2,
    classes: 2,
    parameters: [
      { name: 'a.weight', shape: [2, 2], start: 0.1 },
      { name: 'scale', shape: [2], start: 1 },
      { name: 'a.bias', shape: [2], start: 0 },
    ],
    apply: ({ 'a.weight': W, 'a.bias': b, scale }, x) => mul(scale, dense(x, W, b)),
  });

  it('are its matrices with their biases, and what shares the name up to the last dot', () => {
    const names = (network: Network): unknown[] =>
      layerBlocks(network).map(({ name, parameters }) => [name, parameters]);
    expect(names(net)).toEqual([
      ['W1', ['W1', 'b1']],
      ['W2', ['W2', 'b2']],
      ['W3', ['W3', 'b3']],
    ]);
    expect(names(dotted)).toEqual([
      ['a', ['a.weight', 'a.bias']],
      ['scale', ['scale']],
    ]);
    for (const network of [net, dotted, lenet()])
      expect(layerBlocks(network).reduce((sum, { size }) => sum + size, 0)).toBe(network.size);
  });

  it('each have an operator, whose matrix is the block of theirs', () => {
    const whole = matrixOf(hessian(net, params, examples, options));
    const blocks = [...blockOperators('hessian', net, params, examples, options)];
    let first = 0;
    for (const { operator, size } of blocks) {
      const own = Float64Array.from({ length: size * size }, (_, ij) => {
        const [i, j] = [Math.floor(ij / size), ij % size];
        return whole[(first + i) * net.size + first + j];
      });
      expect(relativeDistance(matrixOf(operator), own)).toBeLessThan(1e-13);
      first += size;
    }
    expect(first).toBe(net.size);
    const chosen = [...blockOperators('fisher', net, params, examples, { ...options, parameters: ['b1', 'W3'] })];
    expect(chosen.map(({ name, parameters, size }) => [name, parameters, size])).toEqual([
      ['W1', ['b1'], 4],
      ['W3', ['W3'], 6],
    ]);
    expect(() => [...blockOperators('trace' as 'fisher', net, params, examples)]).toThrow('blockOperators: kind');
  });
});
