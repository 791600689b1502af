/** What is refused, is refused by a typed error that names node, operator and opset and says what to do. */
import { evaluateOnnx, onnxNetwork, parseOnnx } from '@hyperribbon/onnx';
import { describe, expect, it } from 'vitest';
import { type Model, type Node, bytes, int, message, numbers, onnx, text } from './build.js';

const w = { shape: [3, 2], data: numbers(6, 1) };
const base: Model = {
  inputs: { x: ['batch', 3] },
  outputs: ['y'],
  weights: { w },
  nodes: [{ op: 'MatMul', in: ['x', 'w'], out: ['y'] }],
};
const behind = (...nodes: readonly Node[]): Model => ({
  ...base,
  nodes: [{ op: 'MatMul', in: ['x', 'w'], out: ['h'] }, ...nodes],
});

const refused: readonly (readonly [what: string, model: Model, message: RegExp])[] = [
  [
    'an operator that is not computed',
    behind({ op: 'LSTM', in: ['h'], out: ['y'], name: 'rnn' }),
    /LSTM node "rnn" \(opset 17\) has an operator that is not computed here: export .*opset_version=17/,
  ],
  [
    'several of them, the first by its output',
    behind({ op: 'GRU', in: ['h'], out: ['g'] }, { op: 'Det', in: ['g'], out: ['y'] }),
    /GRU node giving "g" \(opset 17\).*; neither are Det/,
  ],
  [
    'an opset of the future',
    { ...base, opset: 99 },
    /opset 99, and those up to 21 are read: export with opset_version=21/,
  ],
  [
    'a name that nothing gives',
    behind({ op: 'Add', in: ['h', 'nowhere'], out: ['y'], name: 'sum' }),
    /Add node "sum" \(opset 17\) reads "nowhere", which nothing gives/,
  ],
  [
    'shapes that do not go together',
    { ...base, weights: { w: { shape: [4, 2], data: numbers(8, 1) } } },
    /MatMul node giving "y" \(opset 17\) inner dimensions differ: \(2, 3\) x \(4, 2\)/,
  ],
  [
    'a shape that depends on the data',
    behind(
      { op: 'ReduceSum', in: ['h'], out: ['s'], attributes: { keepdims: 0 } },
      { op: 'Cast', in: ['s'], out: ['i'], attributes: { to: 7 } },
      { op: 'Unsqueeze', in: ['i', 'zero'], out: ['u'] },
      { op: 'Reshape', in: ['h', 'u'], out: ['y'] },
    ),
    /Reshape node giving "y" \(opset 17\) the shape depends on the data that is fed/,
  ],
  [
    'a cast to what is no number',
    behind({ op: 'Cast', in: ['h'], out: ['y'], attributes: { to: 8 } }),
    /Cast node giving "y" \(opset 17\) casts to string/,
  ],
  [
    'lengths that are open beside the batch',
    { ...base, inputs: { x: ['batch', 'length'] } },
    /leaves lengths beside the batch open.*give inputShape/,
  ],
  [
    'two inputs',
    { ...behind({ op: 'Add', in: ['h', 'z'], out: ['y'] }), inputs: { x: ['batch', 3], z: ['batch', 2] } },
    /is fed 2 inputs \("x", "z"\), one is needed: fix the others by the option fixed/,
  ],
  ['an output that the input does not reach', { ...base, outputs: ['w'] }, /the wanted output depends on no input/],
  [
    'an output whose first axis does not count examples',
    behind({ op: 'ReduceSum', in: ['h'], out: ['y'], attributes: { keepdims: 1 } }),
    /output "y" is \(1, 1\) for 2 examples/,
  ],
  [
    'a missing input',
    behind({ op: 'Add', in: ['h'], out: ['y'] }),
    /Add node giving "y" \(opset 17\) input 1 is missing/,
  ],
  [
    'an axis that does not exist',
    behind({ op: 'Softmax', in: ['h'], out: ['y'], attributes: { axis: 5 } }),
    /Softmax node giving "y" \(opset 17\) axis 5 does not exist/,
  ],
  [
    'an attribute of another kind',
    behind({ op: 'Softmax', in: ['h'], out: ['y'], attributes: { axis: 'last' } }),
    /attribute "axis" must be of kind int, got string/,
  ],
];

describe('refused by name:', () => {
  it.each(refused)('%s', (_what, model, text) => {
    const bytes = onnx({ ...model, weights: { zero: { shape: [1], data: [0], type: 'int64' }, ...model.weights } });
    let error: unknown;
    try {
      onnxNetwork(bytes);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ badArgument: true });
    expect((error as Error).message).toMatch(text);
    expect((error as Error).message.length).toBeLessThan(500);
  });

  it('options that there are not', () => {
    expect(() => onnxNetwork(onnx(base), { parametrs: [] } as never)).toThrow(/no option parametrs/);
    expect(() => onnxNetwork(onnx(base), { output: 'q' })).toThrow(/output must be one of "y"/);
    expect(() => onnxNetwork(onnx(base), { input: 'q' })).toThrow(/input must be one of "x"/);
    expect(() => onnxNetwork(onnx(base), { inputShape: [4] })).toThrow(/inputShape must fit one example \(3\)/);
    expect(() => onnxNetwork([1, 2] as never)).toThrow(/bytes must be a Uint8Array/);
    expect(() => evaluateOnnx(onnx(base), {})).toThrow(/input "x" is missing/);
  });

  it('functions of other domains', () => {
    const node = message(1, text(1, 'x'), text(2, 'y'), text(4, 'FusedGelu'), text(7, 'com.microsoft'));
    const file = message(
      7,
      node,
      message(11, text(1, 'x'), message(2, message(1, int(1, 1), message(2, message(1, text(2, 'N')))))),
      message(12, text(1, 'y')),
    );
    expect(() => onnxNetwork(file)).toThrow(/com\.microsoft\.FusedGelu node giving "y"/);
  });
});

describe('external data', () => {
  const place = (key: string, value: string): Uint8Array => message(13, text(1, key), text(2, value));
  const tensor = message(
    5,
    int(1, 3),
    int(1, 2),
    int(2, 1),
    text(8, 'w'),
    place('location', 'weights.bin'),
    place('offset', '8'),
    place('length', '24'),
    int(14, 1),
  );
  const whole = onnx({ ...base, weights: {} });
  // the graph is the second field of the file
  const graphAt = whole.indexOf(7 * 8 + 2);
  const graph = bytes(
    7,
    Uint8Array.from([...whole.subarray(graphAt + 2, graphAt + 2 + whole[graphAt + 1]), ...tensor]),
  );
  const file = Uint8Array.from([
    ...whole.subarray(0, graphAt),
    ...graph,
    ...whole.subarray(graphAt + 2 + whole[graphAt + 1]),
  ]);

  it('is refused by name, and taken from a function that is given', () => {
    expect(() => parseOnnx(file)).toThrow(
      /tensor "w" lies outside the file, in "weights.bin": give its bytes by the option external/,
    );
    const data = Float32Array.of(1, 2, 3, 4, 5, 6);
    const seen: unknown[] = [];
    const { params } = onnxNetwork(file, {
      external: (where) => {
        seen.push(where);
        return new Uint8Array(data.buffer);
      },
    });
    expect([...params]).toEqual([...data]);
    expect(seen).toEqual([{ location: 'weights.bin', offset: 8, length: 24 }]);
    expect(() => onnxNetwork(file, { external: () => undefined })).toThrow(/needs 24 bytes of "weights.bin", got none/);
    expect(() => onnxNetwork(file, { external: () => new Uint8Array(3) })).toThrow(/got 3/);
  });
});
