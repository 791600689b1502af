/** Graphs exported in training mode: evaluation with running statistics, training with those of the batch and with dropout, by formulas. */
import { evaluateFunction } from '@hyperribbon/autodiff/testing';
import { bufferValues, logits, unflatten, withBuffers } from '@hyperribbon/nn';
import { onnxNetwork } from '@hyperribbon/onnx';
import { describe, expect, it } from 'vitest';
import { type Model, numbers, onnx } from './build.js';

const scale = [0.5, 2, 1];
const shift = [0.1, -0.2, 0.3];
const means = [0.2, -0.1, 0.4];
const variances = [0.5, 1.5, 0.8];
const W = numbers(6, 4);
const f = Math.fround;

const model = (mode: 0 | 1): Model => ({
  inputs: { x: ['batch', 3] },
  outputs: ['y'],
  weights: {
    'bn.weight': { shape: [3], data: scale },
    'bn.bias': { shape: [3], data: shift },
    'bn.running_mean': { shape: [3], data: means },
    'bn.running_var': { shape: [3], data: variances },
    rate: { shape: [], data: [0.25] },
    train: { shape: [], data: [mode], type: 'int64' },
    W: { shape: [3, 2], data: W },
  },
  nodes: [
    {
      op: 'BatchNormalization',
      in: ['x', 'bn.weight', 'bn.bias', 'bn.running_mean', 'bn.running_var'],
      out: mode === 1 ? ['n', 'm', 'v'] : ['n'],
      attributes: { training_mode: mode, epsilon: { float: 1e-5 }, momentum: { float: 0.9 } },
    },
    { op: 'Dropout', in: ['n', 'rate', 'train'], out: ['d', 'mask'] },
    { op: 'MatMul', in: ['d', 'W'], out: ['y'] },
  ],
});

const rows = 5;
const x = numbers(rows * 3, 9);
const at = (row: number, c: number): number => x[3 * row + c];
const close = (values: readonly number[]): number[] => values.map((v) => expect.closeTo(v, 7) as number);
const times = (normal: (row: number, c: number) => number): number[] =>
  Array.from({ length: rows * 2 }, (_, i) =>
    [0, 1, 2].reduce((sum, c) => sum + normal(Math.floor(i / 2), c) * W[2 * c + (i % 2)], 0),
  );
const examples = { inputs: Float64Array.from(x), labels: new Int32Array(rows), count: rows, features: 3, classes: 2 };

describe('a graph in training mode', () => {
  const { network, params } = onnxNetwork(onnx(model(1)));

  it('keeps running statistics as buffers and not as parameters', () => {
    expect(network.parameters.map(({ name }) => name)).toEqual(['bn.weight', 'bn.bias', 'W']);
    expect(network.buffers?.map(({ name }) => name)).toEqual(['bn.running_mean', 'bn.running_var']);
    expect([...bufferValues(network)['bn.running_mean']]).toEqual(means.map(f));
    expect(network.draws).toBe(3);
  });

  it('is evaluated with them, without dropout', () => {
    const expected = times(
      (row, c) => ((at(row, c) - f(means[c])) / Math.sqrt(f(variances[c]) + 1e-5)) * scale[c] + f(shift[c]),
    );
    expect([...logits(network, params, examples)]).toEqual(close(expected));
    const other = withBuffers(network, { 'bn.running_mean': Float64Array.of(0, 0, 0) });
    expect(Math.abs(logits(other, params, examples)[0] - expected[0])).toBeGreaterThan(1e-3);
  });

  it('trains with the mean and biased variance of its batch, and drops by the draws', () => {
    const uniforms = Array.from({ length: rows * 3 }, (_, i) => ((i * 7) % 10) / 10);
    const wide = Float64Array.from(params);
    const views = unflatten(network, wide);
    const run = evaluateFunction(
      (weights, inputs, values, draws) =>
        network.applyTraining!(
          weights as never,
          inputs as never,
          { buffers: values, uniforms: draws } as never,
        ) as never,
      [
        Object.fromEntries(network.parameters.map(({ name, shape }) => [name, { data: views[name], shape }])),
        { data: Float64Array.from(x), shape: [rows, 3] },
        {
          'bn.running_mean': { data: Float64Array.from(means), shape: [3] },
          'bn.running_var': { data: Float64Array.from(variances), shape: [3] },
        },
        { data: Float64Array.from(uniforms), shape: [rows, 3] },
      ] as never,
    ) as unknown as { logits: Float64Array; buffers: Record<string, Float64Array> };
    const columns = [0, 1, 2].map((c) => Array.from({ length: rows }, (_, row) => at(row, c)));
    const mean = columns.map((column) => column.reduce((a, b) => a + b) / rows);
    const biased = columns.map((column, c) => column.reduce((sum, v) => sum + (v - mean[c]) ** 2, 0) / rows);
    const expected = times((row, c) =>
      uniforms[3 * row + c] < 0.25
        ? 0
        : (((at(row, c) - mean[c]) / Math.sqrt(biased[c] + 1e-5)) * scale[c] + f(shift[c])) / 0.75,
    );
    expect([...run.logits]).toEqual(close(expected));
    expect([...run.buffers['bn.running_mean']]).toEqual(close(means.map((m, c) => 0.9 * m + 0.1 * mean[c])));
    // the unbiased variance, as PyTorch keeps
    const kept = variances.map((v, c) => 0.9 * v + 0.1 * ((biased[c] * rows) / (rows - 1)));
    expect([...run.buffers['bn.running_var']]).toEqual(close(kept));
  });
});

describe('a graph in evaluation mode', () => {
  it('does the same in training', () => {
    const { network } = onnxNetwork(onnx(model(0)));
    expect(network.applyTraining).toBeUndefined();
    expect(network.draws).toBeUndefined();
  });
});

describe('arrays that an exporter merged', () => {
  it('fresh scales of different layers stay different parameters, and variances of one buffers', () => {
    const ones = { shape: [3], data: [1, 1, 1] };
    const { network } = onnxNetwork(
      onnx({
        ...model(0),
        weights: { ...model(0).weights, 'bn.weight': ones },
        nodes: [
          { op: 'Identity', in: ['bn.weight'], out: ['bn.running_var2'] },
          { op: 'Identity', in: ['bn.weight'], out: ['bn2.weight'] },
          { ...model(0).nodes[0], in: ['x', 'bn.weight', 'bn.bias', 'bn.running_mean', 'bn.running_var2'] },
          { op: 'Mul', in: ['n', 'bn2.weight'], out: ['d'] },
          model(0).nodes[2],
        ],
      }),
      { unused: 'ignore' },
    );
    expect(network.parameters.map(({ name }) => name)).toEqual(['bn.weight', 'bn.bias', 'bn2.weight', 'W']);
    expect(network.buffers?.map(({ name }) => name)).toEqual(['bn.running_mean', 'bn.running_var2']);
  });
});
