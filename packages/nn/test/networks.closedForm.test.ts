import { flatten, lenet, mlp, unflatten, withBuffers } from '@hyperribbon/nn';
import { allCnn, architectureOf, networkFromArrays, parseArchitecture } from '@hyperribbon/nn/models';
import { describe, expect, it } from 'vitest';

describe('sizes', () => {
  it.each([
    [[784, 600, 2], 472202],
    [[784, 600, 600, 2], 832802],
    [[784, 1200, 2], 944402],
    [[784, 1200, 1200, 2], 2385602],
  ])('mlp %j has %i weights', (widths, size) => expect(mlp(widths).size).toBe(size));

  it('LeNet has 44426 weights', () => expect(lenet().size).toBe(44426));
  it('All-CNN with c₁, c₂ has the weights of its five convolutions and batch norms', () => {
    const count = (a: number, b: number, k: number): number => a * b * k * k + 3 * b;
    const total = count(3, 64, 3) + count(64, 64, 3) + count(64, 128, 3) + count(128, 128, 3) + count(128, 10, 1);
    expect(allCnn().size).toBe(total);
  });
});

describe('parseArchitecture', () => {
  it.each([
    'mlp:tanh:784,256,256,10',
    'mlp:relu:3,2',
    'lenet:6,16:120,84:10',
    'lenet:2,3:7:4',
    'allcnn:4,8:10:32,32,3',
    'allcnn:2,3:5:8,8,1',
  ])('reads %s back as its own name', (text) => expect(parseArchitecture(text).name).toBe(text));

  it('is not taken for what makes other networks, whatever their name', () => {
    expect(architectureOf(lenet({ channels: [2, 3], hidden: [7], classes: 4 }))).toBe('lenet:2,3:7:4');
    expect(architectureOf({ ...mlp([3, 2]), name: 'mine' })).toBeUndefined();
    expect(architectureOf({ ...mlp([3, 2, 2], { activation: 'relu' }), name: 'mlp:tanh:3,2,2' })).toBeUndefined();
    const image = { height: 4, width: 4, channels: 1 };
    const trained = { 'bn1.running_mean': Float64Array.of(1) };
    expect(architectureOf(allCnn({ channels: [1, 1], image }))).toBe('allcnn:1,1:10:4,4,1');
    expect(architectureOf(withBuffers(allCnn({ channels: [1, 1], image }), trained))).toBeUndefined();
  });

  it('fills in what is left off', () => {
    expect(parseArchitecture('lenet').name).toBe('lenet:6,16:120,84:10');
    expect(parseArchitecture('lenet:4,8').name).toBe('lenet:4,8:120,84:10');
  });

  it.each([
    ['mlp:tanh', 'expected mlp:ACTIVATION:WIDTHS'],
    ['mlp:tanh:784,,10', 'widths to be whole numbers ≥ 1 with commas between, got "784,,10"'],
    [
      'mlp:swish:4,2',
      'activation: must be one of linear, relu, tanh, sigmoid, softplus, gelu, geluTanh, silu, got swish',
    ],
    ['mlp:tanh:4', 'widths must name inputs and classes'],
    ['lenet:6', 'expected two numbers of channels'],
    ['lenet:6,16:120:1,2', 'expected one number of classes'],
    ['transformer', 'expected mlp:ACTIVATION:WIDTHS, lenet:CHANNELS:HIDDEN:CLASSES, allcnn:'],
    ['constructor:8', 'expected mlp:ACTIVATION:WIDTHS'],
  ])('refuses %s', (text, message) => expect(() => parseArchitecture(text)).toThrow(message));
});

describe('initial weights', () => {
  const net = mlp([30, 20, 5], { activation: 'relu' });

  it('are uniform on ±1/√fan_in, weights and biases alike', () => {
    const { W1, b1, W2 } = unflatten(net, net.init(7, 'float64'));
    const bound = 1 / Math.sqrt(30);
    for (const array of [W1, b1]) for (const w of array) expect(Math.abs(w)).toBeLessThanOrEqual(bound);
    expect(Math.max(...W1)).toBeGreaterThan(0.98 * bound);
    expect(Math.min(...W1)).toBeLessThan(-0.98 * bound);
    const variance = Array.from(W1).reduce((sum, w) => sum + w * w, 0) / W1.length;
    // 600 draws: the relative deviation of the variance is √(4/5)/√600 = 0.037; five of them
    expect(Math.abs(variance / ((bound * bound) / 3) - 1)).toBeLessThan(0.18);
    expect(Math.max(...W2)).toBeGreaterThan(bound);
    expect(Math.max(...W2)).toBeLessThanOrEqual(1 / Math.sqrt(20));
  });

  it('depend on the seed, and float32 is the rounded float64', () => {
    expect(net.init(1)).toBeInstanceOf(Float32Array);
    expect(net.init(1)).toEqual(Float32Array.from(net.init(1, 'float64')));
    expect(net.init(1)).not.toEqual(net.init(2));
  });

  it('of one layer do not depend on the width of another', () => {
    const wider = mlp([30, 20, 9], { activation: 'relu' });
    expect(unflatten(wider, wider.init(3))['W1']).toEqual(unflatten(net, net.init(3))['W1']);
  });
});

describe('flatten and unflatten', () => {
  const net = mlp([3, 2, 2]);

  it('are inverse, and unflatten returns views', () => {
    const flat = Float64Array.from({ length: net.size }, (_, i) => i);
    const views = unflatten(net, flat);
    expect(Object.keys(views)).toEqual(['W1', 'b1', 'W2', 'b2']);
    expect(views['b1']).toEqual(Float64Array.of(6, 7));
    expect(flatten(net, views)).toEqual(flat);
    views['b1'][0] = -1;
    expect(flat[6]).toBe(-1);
  });

  it('name what does not fit', () => {
    expect(() => unflatten(net, new Float32Array(5))).toThrow(
      'unflatten: mlp:tanh:3,2,2 has 14 weights, got a vector of 5',
    );
    const views = unflatten(net, new Float32Array(14));
    expect(() => flatten(net, { W1: views['W1'] })).toThrow('has a parameter b1, got no such array');
    expect(() => flatten(net, { ...views, b2: new Float32Array(3) })).toThrow(
      'b2 has shape (2), that is 2 numbers, got 3',
    );
  });
});

describe('networkFromArrays', () => {
  const arrays = (shapes: Record<string, number[]>): Map<string, { shape: number[]; data: Float32Array }> =>
    new Map(
      Object.entries(shapes).map(([name, shape]) => [
        name,
        { shape, data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i) },
      ]),
    );

  it('infers the widths of an mlp', () => {
    const { network, params } = networkFromArrays('mlp:relu', arrays({ W2: [3, 2], b2: [2], W1: [4, 3], b1: [3] }));
    expect(network.name).toBe('mlp:relu:4,3,2');
    expect(Array.from(params.subarray(10, 18))).toEqual([10, 11, 0, 1, 2, 0, 1, 2]);
    expect(params).toBeInstanceOf(Float32Array);
  });

  it('infers the channels of a LeNet', () => {
    const { network } = networkFromArrays(
      'lenet',
      arrays({
        'conv1.weight': [2, 1, 5, 5],
        'conv1.bias': [2],
        'conv2.weight': [3, 2, 5, 5],
        'conv2.bias': [3],
        'fc1.weight': [48, 7],
        'fc1.bias': [7],
        'fc2.weight': [7, 4],
        'fc2.bias': [4],
      }),
    );
    expect(network.name).toBe('lenet:2,3:7:4');
  });

  it('refuses integers and arrays that are shorter than their shape', () => {
    const named = arrays({ W1: [2, 2], b1: [2] });
    const ints = new Map(named).set('b1', { shape: [2], data: new Int32Array(2) as never });
    expect(() => networkFromArrays('mlp:tanh', ints)).toThrow(
      'b1 must hold float32 or float64 numbers, got an Int32Array of length 2',
    );
    const short = new Map(named).set('W1', { shape: [2, 2], data: new Float32Array(3) });
    expect(() => networkFromArrays('mlp:tanh', short)).toThrow('W1 has shape (2, 2), that is 4 numbers, but holds 3');
  });

  it.each([
    ['mlp', { W1: [2, 2], b1: [2] }, 'kind must be mlp:ACTIVATION (such as mlp:tanh), lenet or allcnn:…, got "mlp"'],
    [
      'mlp:tanh',
      { weight: [2, 2] },
      'weight has no bias among weight; networks here have one in every layer: add zeros',
    ],
    ['mlp:tanh', { history: [2, 2] }, 'expected arrays W1 (in, out), b1, …, or fc1.weight, fc1.bias, …, got history'],
    [
      'mlp:tanh',
      { W1: [4], b1: [3] },
      'neither stored (in, out) nor transposed as in PyTorch, (out, in): W1 of shape (4,) with b1',
    ],
    ['mlp:tanh', { W1: [4, 3], b1: [5] }, 'W1 of shape (4, 3) with b1 of shape (5,)'],
    ['mlp:tanh', { W1: [4, 3], b1: [3], W2: [2, 3], b2: [2] }, 'the layers do not follow one another, neither stored'],
    ['mlp:tanh', { W1: [4, 3], b1: [3], W3: [3, 2], b3: [2] }, 'between W1 and W3 a layer is missing, by its number'],
    ['mlp:tanh', { W1: [4, 3], b1: [3], b2: [3] }, 'mlp:tanh has no parameter b2'],
    ['mlp:tanh', { W1: [4, 3], b1: [3], 'bn.running_mean': [3] }, 'mlp:tanh has no parameter bn.running_mean'],
    ['lenet', { 'conv1.weight': [2, 1, 5, 5] }, 'a LeNet has two convolutions, conv1.weight (out, 1, 5, 5) and'],
  ])('refuses %s from %j', (kind, shapes, message) => {
    expect(() => networkFromArrays(kind, arrays(shapes as Record<string, number[]>))).toThrow(message);
  });
});
