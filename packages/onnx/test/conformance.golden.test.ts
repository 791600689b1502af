/** Models of ONNX's own test data with their inputs and outputs (golden/README.md): every operator that they have, on its smallest ones. */
import { type OnnxArray, evaluateOnnx, onnxOperators, parseOnnx, parseOnnxTensor } from '@hyperribbon/onnx';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Row {
  readonly name: string;
  readonly operators: readonly string[];
  readonly model: string;
  readonly inputs: readonly (string | null)[];
  readonly outputs: readonly (string | null)[];
}
const rows = JSON.parse(readFileSync(new URL('./golden/conformance.json', import.meta.url), 'utf8')) as Row[];
const decode = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'));

type Tensor = ReturnType<typeof parseOnnxTensor>;

/** bfloat16 is stored as 16-bit integers in this data */
function asDeclared(tensor: Tensor, type: string | undefined): Tensor {
  if (type !== 'bfloat16' || tensor.type !== 'uint16') return tensor;
  return { ...tensor, type, data: new Float32Array(Uint32Array.from(tensor.data, (x) => x * 2 ** 16).buffer) };
}

function outputsOf({ model, inputs }: Row, shift = 0): ReturnType<typeof evaluateOnnx> {
  const bytes = decode(model);
  const { graph } = parseOnnx(bytes);
  const wide = [...graph.inputs, ...graph.outputs].some(({ type }) => type === 'float64');
  const fed: Record<string, OnnxArray> = {};
  graph.inputs.forEach(({ name, type }, i) => {
    const file = inputs[i];
    if (file === null || file === undefined) return;
    const tensor = asDeclared(parseOnnxTensor(decode(file)), type);
    fed[name] = { ...tensor, data: tensor.data.map((x) => x + shift) };
  });
  const options = { dtype: wide ? 'float64' : 'float32' } as const;
  try {
    return evaluateOnnx(bytes, fed, options);
  } catch (error) {
    // floats that decide shapes
    if (!/depends on the data|as long as the data/.test((error as Error).message)) throw error;
    const known = Object.entries(fed).map(([name, array]) => [name, { ...array, known: true }]);
    return evaluateOnnx(bytes, Object.fromEntries(known) as Record<string, OnnxArray>, options);
  }
}

/** largest error relative to the largest number of each output, over its tolerance */
function excess(row: Row, found: ReturnType<typeof evaluateOnnx>): number {
  const { graph } = parseOnnx(decode(row.model));
  const errors = Object.values(found).map((output, o) => {
    const wanted = asDeclared(parseOnnxTensor(decode(row.outputs[o]!)), graph.outputs[o].type);
    if (wanted.shape.join() !== output.shape.join()) return Infinity;
    const scale = [...wanted.data].reduce(
      (most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most),
      1e-30,
    );
    const tolerance = wanted.type === 'float16' ? 1e-3 : wanted.type === 'bfloat16' ? 1e-2 : 1e-5;
    const of = (x: number, i: number): number =>
      x === output.data[i] || Object.is(x, output.data[i]) ? 0 : Math.abs(x - output.data[i]) / scale / tolerance;
    return [...wanted.data].map(of).reduce((worst, x) => (x <= worst ? worst : x), 0);
  });
  return errors.reduce((worst, x) => (x <= worst ? worst : x), 0);
}

describe('a model of the conformance data gives its recorded outputs', () => {
  it.each(rows.map((row) => [row.name, row.operators.join(' '), row] as const))('%s: %s', (_name, _operators, row) => {
    expect(excess(row, outputsOf(row))).toBeLessThanOrEqual(1);
  });
});

describe('the collection', () => {
  it('has every operator that is computed, but for those that are newer than the data', () => {
    const seen = new Set(rows.flatMap(({ operators }) => operators));
    expect(onnxOperators().filter((name) => !seen.has(name))).toEqual([
      'Gelu',
      'GroupNormalization',
      'LpNormalization',
      'Mish',
    ]);
  });

  it('catches outputs that are off by ten tolerances', () => {
    const row = rows.find(({ name }) => name === 'tanh') ?? rows.find(({ operators }) => operators.includes('Tanh'))!;
    expect(excess(row, outputsOf(row, 1e-4))).toBeGreaterThan(1);
  });
});
