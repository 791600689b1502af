/** Files that are cut short or have bits turned: a typed error or a sound result, never anything else. */
import { isArgumentError } from '@hyperribbon/contract';
import {
  type OnnxAttribute,
  evaluateOnnx,
  onnxNetwork,
  parseOnnx,
  parseOnnxTensor,
  writeOnnx,
} from '@hyperribbon/onnx';
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Model, type Node, numbers, onnx } from './build.js';

const settings = { seed: 20261130, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: true };

const convolutional: Model = {
  inputs: { x: ['batch', 1, 4, 4] },
  outputs: ['y'],
  weights: {
    'conv.weight': { shape: [2, 1, 3, 3], data: numbers(18, 1) },
    'fc.weight': { shape: [8, 2], data: numbers(16, 2) },
    to: { shape: [2], data: [0, -1], type: 'int64' },
  },
  nodes: [
    { op: 'Conv', in: ['x', 'conv.weight'], out: ['c'], attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1] } },
    { op: 'Relu', in: ['c'], out: ['r'] },
    { op: 'MaxPool', in: ['r'], out: ['p'], attributes: { kernel_shape: [2, 2], strides: [2, 2] } },
    { op: 'Reshape', in: ['p', 'to'], out: ['f'] },
    { op: 'MatMul', in: ['f', 'fc.weight'], out: ['y'] },
  ],
};
const good = onnx(convolutional);

/** what reading gives: an error of ours, or nothing */
function outcome(read: () => unknown): unknown {
  try {
    read();
    return undefined;
  } catch (error) {
    return error;
  }
}

function expectSound(error: unknown): void {
  // a plan that would take more memory than there is has an error of its own
  if (error === undefined || (error as Error).name === 'MemoryLimitError') return;
  expect(isArgumentError(error), String(error)).toBe(true);
  expect((error as Error).message.length).toBeLessThan(600);
}

describe('a file', () => {
  it('is read whole', () => {
    expect(onnxNetwork(good).network).toMatchObject({ inputs: 16, classes: 2, size: 34, inputShape: [1, 4, 4] });
  });

  it('cut short at any byte is refused or a smaller message', () => {
    for (let length = 0; length < good.length; length++) {
      const bytes = good.subarray(0, length);
      const error = outcome(() => parseOnnx(bytes));
      expectSound(error);
      // without its last message, the version, the file is whole
      if (length < good.length - 4) expect(error).toMatchObject({ name: 'FormatError' });
    }
  });

  it('with bits turned is refused or read', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(7)), { minLength: 1, maxLength: 4 }), (flips) => {
        const bytes = good.slice();
        for (const [at, bit] of flips) bytes[at] ^= 1 << bit;
        expectSound(outcome(() => onnxNetwork(bytes, { unused: 'ignore' })));
      }),
      { ...settings, numRuns: 400 },
    );
  });

  it('of random bytes is refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), (bytes) => {
        expectSound(outcome(() => onnxNetwork(bytes)));
      }),
      { ...settings, numRuns: 300 },
    );
  });

  it('with lengths swapped for huge ones is refused without room being made for them', () => {
    const huge: Model = {
      ...convolutional,
      weights: { ...convolutional.weights, to: { shape: [2], data: [2 ** 40, 2 ** 40], type: 'int64' } },
    };
    expect(() => onnxNetwork(onnx(huge))).toThrow(/Reshape node giving "f"/);
    const range: Model = {
      inputs: { x: ['batch', 2] },
      outputs: ['y'],
      weights: {
        from: { shape: [], data: [0] },
        limit: { shape: [], data: [1e15] },
        step: { shape: [], data: [1] },
        w: { shape: [2], data: [1, 2] },
      },
      nodes: [
        { op: 'Range', in: ['from', 'limit', 'step'], out: ['r'] },
        { op: 'Mul', in: ['x', 'w'], out: ['m'] },
        { op: 'Add', in: ['m', 'r'], out: ['y'] },
      ],
    };
    expect(() => onnxNetwork(onnx(range))).toThrow(/Range node giving "r".*too much/);
  });

  it('with loops in loops is stopped, however few bytes they take', () => {
    const loop = (depth: number): Node => ({
      op: 'Loop',
      in: ['rounds', '', 'y0'],
      out: ['y'],
      attributes: {
        body: {
          inputs: ['i', 'go', 'y0'],
          outputs: ['go', 'y'],
          nodes: depth === 0 ? [{ op: 'Add', in: ['y0', 'y0'], out: ['y'] }] : [loop(depth - 1)],
        },
      },
    });
    const bomb: Model = {
      inputs: { x: ['batch', 2] },
      outputs: ['y'],
      weights: {
        w: { shape: [2, 2], data: [1, 2, 3, 4] },
        rounds: { shape: [], data: [4000], type: 'int64' },
        y1: { shape: [], data: [0] },
      },
      nodes: [
        { op: 'MatMul', in: ['x', 'w'], out: ['h'] },
        { op: 'Identity', in: ['y1'], out: ['y0'] },
        { ...loop(3), out: ['many'] },
        { op: 'Add', in: ['h', 'many'], out: ['y'] },
      ],
    };
    expect(() => onnxNetwork(onnx(bomb))).toThrow(/node .* \(opset 17\) is one too many: the loops of the graph/);
  });

  it('with attributes and whole numbers out of range is refused or computed', () => {
    const rows = JSON.parse(readFileSync(new URL('./golden/conformance.json', import.meta.url), 'utf8')) as {
      readonly model: string;
      readonly inputs: readonly (string | null)[];
    }[];
    const decode = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'));
    const extreme = fc.constantFrom(0, -1, 1, 7, 65_536, 2 ** 31 - 1, -(2 ** 31), 2 ** 40, 2 ** 53 - 1);
    fc.assert(
      fc.property(
        fc.constantFrom(...rows),
        fc.infiniteStream(extreme),
        fc.infiniteStream(fc.boolean()),
        (row, values, coins) => {
          const coin = (): boolean => coins.next().value as boolean;
          const value = (old: number): number => (coin() ? (values.next().value as number) : old);
          const mutated = (attribute: OnnxAttribute): OnnxAttribute => {
            if (attribute.kind === 'int') return { ...attribute, value: value(attribute.value) };
            return attribute.kind === 'ints' ? { ...attribute, value: attribute.value.map(value) } : attribute;
          };
          const { graph, opset } = parseOnnx(decode(row.model));
          const nodes = graph.nodes.map((node) => ({
            ...node,
            attributes: new Map([...node.attributes].map(([name, attribute]) => [name, mutated(attribute)])),
          }));
          const fed = graph.inputs.flatMap(({ name }, i) => {
            if (row.inputs[i] === null) return [];
            const tensor = parseOnnxTensor(decode(row.inputs[i]));
            const whole = tensor.type.startsWith('int');
            return [[name, whole ? { ...tensor, data: tensor.data.map(value) } : tensor] as const];
          });
          const bytes = writeOnnx({
            irVersion: 8,
            producer: 'test',
            opsets: new Map([['', opset]]),
            graph: { ...graph, nodes },
          });
          expectSound(outcome(() => evaluateOnnx(bytes, Object.fromEntries(fed))));
        },
      ),
      { ...settings, numRuns: 500 },
    );
  });
});
