/** Operators that ONNX's test data of 2022 does not have, older forms of others, and layouts: against formulas written out. */
import { logits } from '@hyperribbon/nn';
import { evaluateOnnx, onnxNetwork } from '@hyperribbon/onnx';
import { describe, expect, it } from 'vitest';
import { type Attribute, type Weights, numbers, onnx } from './build.js';

interface One {
  readonly op: string;
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly weights?: Readonly<Record<string, Weights>>;
  readonly opset?: number;
}

/** One operator on x, with the weights as its further inputs, in float64. */
function evaluated(
  { op, attributes = {}, weights = {}, opset = 20 }: One,
  shape: readonly number[],
  x: readonly number[],
) {
  const bytes = onnx({
    opset,
    inputs: { x: shape },
    outputs: ['y'],
    weights,
    nodes: [{ op, in: ['x', ...Object.keys(weights)], out: ['y'], attributes }],
  });
  return evaluateOnnx(bytes, { x: { shape, data: x } }, { dtype: 'float64' }).y;
}

const close = (values: readonly number[], digits = 12): number[] =>
  values.map((v) => expect.closeTo(v, digits) as number);

describe('activations newer than the data', () => {
  const x = [-3, -0.5, 0, 0.25, 2];

  it('Gelu is x Φ(x), or its approximation by tanh', () => {
    // Φ at these places, from tables of 12 digits
    const phi = [0.00134989803163, 0.308537538725987, 0.5, 0.598706325682924, 0.977249868051821];
    expect([...evaluated({ op: 'Gelu' }, [5], x).data]).toEqual(close(x.map((v, i) => v * phi[i])));
    const approximate = x.map((v) => (v / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3))));
    const { data } = evaluated({ op: 'Gelu', attributes: { approximate: 'tanh' } }, [5], x);
    expect([...data]).toEqual(close(approximate));
    expect(() => evaluated({ op: 'Gelu', attributes: { approximate: 'sin' } }, [5], x)).toThrow(/none or tanh/);
  });

  it('Mish is x tanh(ln(1 + eˣ))', () => {
    expect([...evaluated({ op: 'Mish' }, [5], x).data]).toEqual(
      close(x.map((v) => v * Math.tanh(Math.log(1 + Math.exp(v))))),
    );
  });
});

describe('LpNormalization', () => {
  it('divides by the 1- or 2-norm along an axis', () => {
    const x = [3, -4, 6, 8];
    const along = (p: number, axis: number): number[] => [
      ...evaluated({ op: 'LpNormalization', attributes: { p, axis } }, [2, 2], x).data,
    ];
    expect(along(2, -1)).toEqual(close([0.6, -0.8, 0.6, 0.8]));
    expect(along(1, 1)).toEqual(close([3 / 7, -4 / 7, 6 / 14, 8 / 14]));
    expect(along(1, 0)).toEqual(close([3 / 9, -4 / 12, 6 / 9, 8 / 12]));
  });
});

describe('GroupNormalization', () => {
  const shape = [2, 4, 3];
  const x = numbers(24, 1);
  const normal = x.map((v, i) => {
    const group = x.slice(Math.floor(i / 6) * 6, Math.floor(i / 6) * 6 + 6);
    const mean = group.reduce((a, b) => a + b) / 6;
    const variance = group.reduce((sum, u) => sum + (u - mean) ** 2, 0) / 6;
    return (v - mean) / Math.sqrt(variance + 1e-5);
  });

  it.each([
    ['by group before opset 21', 20, [2, 3], (i: number): number => Math.floor(i / 6) % 2],
    ['by channel since', 21, [2, 3, 4, 5], (i: number): number => Math.floor(i / 3) % 4],
  ] as const)('normalises groups of channels, scale and shift %s', (_name, opset, scale, place) => {
    const count = scale.length;
    const shift = numbers(count, 2);
    const { data } = evaluated(
      {
        op: 'GroupNormalization',
        opset,
        attributes: { num_groups: 2, epsilon: { float: 1e-5 } },
        weights: { scale: { shape: [count], data: scale }, shift: { shape: [count], data: shift } },
      },
      shape,
      x,
    );
    expect([...data]).toEqual(close(normal.map((v, i) => v * scale[place(i)] + shift[place(i)])));
  });
});

describe('what changed between opsets', () => {
  const x = numbers(8, 3);

  it('Softmax before 13 runs over all axes from its own on, since then over one', () => {
    const old = evaluated({ op: 'Softmax', opset: 11, attributes: { axis: 1 } }, [2, 2, 2], x).data;
    const young = evaluated({ op: 'Softmax', opset: 13, attributes: { axis: 1 } }, [2, 2, 2], x).data;
    expect(old[0] + old[1] + old[2] + old[3]).toBeCloseTo(1, 12);
    expect(young[0] + young[2]).toBeCloseTo(1, 12);
    expect(Math.abs(old[0] + old[2] - 1)).toBeGreaterThan(0.1);
  });

  it.each([
    ['Squeeze', 11, { axes: [0] }, {}, [1, 8], [8]],
    ['Squeeze', 13, {}, { axes: [0] }, [1, 8], [8]],
    ['Unsqueeze', 11, { axes: [0, 2] }, {}, [8], [1, 8, 1]],
    ['Unsqueeze', 13, {}, { axes: [0, 2] }, [8], [1, 8, 1]],
    ['ReduceSum', 11, { axes: [1] }, {}, [2, 4], [2, 1]],
    ['ReduceSum', 13, {}, { axes: [1] }, [2, 4], [2, 1]],
    ['ReduceMean', 17, { axes: [1], keepdims: 0 }, {}, [2, 4], [2]],
    ['ReduceMean', 18, { keepdims: 0 }, { axes: [1] }, [2, 4], [2]],
    ['Clip', 6, { min: { float: 0 }, max: { float: 0.5 } }, {}, [8], [8]],
    ['Split', 11, { axis: 0, split: [8] }, {}, [8], [8]],
    ['Pad', 2, { pads: [0, 2] }, {}, [8], [10]],
    ['Pad', 13, {}, { pads: [0, 2] }, [8], [10]],
    ['Slice', 9, { starts: [2], ends: [100] }, {}, [8], [6]],
    ['Slice', 13, {}, { starts: [2], ends: [100] }, [8], [6]],
  ] as const)(
    '%s of opset %i takes axes and bounds from attributes or inputs',
    (op, opset, attributes, inputs, from, to) => {
      const weights = Object.fromEntries(
        Object.entries(inputs as Record<string, readonly number[]>).map(([name, data]) => [
          name,
          { shape: [data.length], data, type: 'int64' as const },
        ]),
      );
      expect(
        evaluated({ op, opset, attributes: (attributes as One['attributes']) ?? {}, weights }, from, x).shape,
      ).toEqual(to);
    },
  );

  it('epsilon is the decimal that was meant, not its float32', () => {
    const model = {
      op: 'LayerNormalization',
      attributes: { epsilon: { float: 1e-5 } },
      weights: { scale: { shape: [2], data: [1, 1] } },
    };
    const [low] = evaluated(model, [1, 2], [0, 2e-3]).data;
    expect(low).toBeCloseTo(-1e-3 / Math.sqrt(1e-6 + 1e-5), 14);
    expect(Math.abs(low + 1e-3 / Math.sqrt(1e-6 + Math.fround(1e-5)))).toBeGreaterThan(1e-10);
  });
});

describe('images', () => {
  const image = (...nodes: Parameters<typeof onnx>[0]['nodes']): Parameters<typeof onnx>[0] => ({
    inputs: { x: ['batch', 2, 4, 4] },
    outputs: ['y'],
    weights: {
      w1: { shape: [3, 2, 3, 3], data: numbers(54, 1) },
      b1: { shape: [3, 1, 1], data: numbers(3, 2) },
      w2: { shape: [3, 3, 3, 3], data: numbers(81, 3) },
      fc: { shape: [12, 2], data: numbers(24, 4) },
    },
    nodes,
  });
  const pads = { pads: [1, 1, 1, 1] };
  const chain = onnx(
    image(
      { op: 'Conv', in: ['x', 'w1'], out: ['c'], attributes: pads },
      { op: 'Add', in: ['c', 'b1'], out: ['s'] },
      { op: 'Relu', in: ['s'], out: ['r'] },
      { op: 'Conv', in: ['r', 'w2'], out: ['d'], attributes: pads },
      { op: 'Add', in: ['d', 's'], out: ['t'] },
      { op: 'MaxPool', in: ['t'], out: ['p'], attributes: { kernel_shape: [2, 2], strides: [2, 2] } },
      { op: 'Flatten', in: ['p'], out: ['f'] },
      { op: 'MatMul', in: ['f', 'fc'], out: ['y'] },
    ),
  );

  it('have their channels last between convolutions, and are turned at the ends only', async () => {
    const { networkProgram } = await import('@hyperribbon/nn');
    const { program } = networkProgram(onnxNetwork(chain).network, 5);
    // of the examples, not of the weights: those have 5 as a length
    const turned = program.equations.filter(
      ({ op, output }) => op === 'transpose' && program.values[output].shape[0] === 5,
    );
    expect(turned.length).toBe(2);
  });

  it('give the same logits as loops over places', () => {
    const { network, params } = onnxNetwork(chain);
    const x = numbers(32, 7);
    const given = { inputs: Float32Array.from(x), labels: Int32Array.of(0), count: 1, features: 32, classes: 2 };
    const at = (data: readonly number[], c: number, i: number, j: number): number =>
      i < 0 || j < 0 || i > 3 || j > 3 ? 0 : data[c * 16 + i * 4 + j];
    const conv = (data: readonly number[], w: readonly number[], inner: number): number[] =>
      Array.from({ length: 48 }, (_, n) => {
        const [o, i, j] = [Math.floor(n / 16), Math.floor(n / 4) % 4, n % 4];
        let sum = 0;
        for (let c = 0; c < inner; c++)
          for (let k = 0; k < 9; k++)
            sum += w[(o * inner + c) * 9 + k] * at(data, c, i + Math.floor(k / 3) - 1, j + (k % 3) - 1);
        return sum;
      });
    const b = numbers(3, 2);
    const s = conv(x, numbers(54, 1), 2).map((v, n) => v + b[Math.floor(n / 16)]);
    const t = conv(
      s.map((v) => Math.max(0, v)),
      numbers(81, 3),
      3,
    ).map((v, n) => v + s[n]);
    const p = Array.from({ length: 12 }, (_, n) => {
      const [c, i, j] = [Math.floor(n / 4), Math.floor(n / 2) % 2, n % 2];
      return Math.max(...[0, 1, 2, 3].map((k) => at(t, c, 2 * i + Math.floor(k / 2), 2 * j + (k % 2))));
    });
    const fc = numbers(24, 4);
    const y = [0, 1].map((o) => p.reduce((sum, v, n) => sum + v * fc[2 * n + o], 0));
    expect([...logits(network, Float64Array.from(params), given)]).toEqual(close(y, 10));
  });
});
