// Oracle: the other readers of the same files, and networks whose spectra are known. One array at a time gives what whole files give.
import { readFileSync } from 'node:fs';
import { parseSafetensors, writeNpz } from '@hyperribbon/data';
import { describe, expect, it } from 'vitest';
import { filtersFirst } from '../../src/weights/filtersFirst.js';
import { runWeights } from '../../src/weights/runWeights.js';
import { openTensorFile } from '../../src/weights/tensorFile.js';
import { verdict } from '../../src/weights/verdict.js';
import { weightsPlan } from '../../src/weights/weightsPlan.js';
import { weightSpectraSection } from '../../src/weights/weightsRecord.js';
import { file } from '../cases/files.js';
import { safetensors } from '../cases/weights.js';

const line = { update: () => {}, done: () => {}, stopped: () => {} };
const choices = { draws: 20, fast: true, embeddings: false, seed: 0 };
const values = (n: number, scale = 1): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => scale * Math.sin(1 + i * i));

describe('a safetensors file by parts', () => {
  const path = safetensors('parts.safetensors', {
    a: { shape: [3, 4], data: values(12) },
    b: { shape: [2, 2], data: new Int32Array([1, -2, 3, 4]) },
  });

  it('has the arrays of the file read whole, and their sizes', async () => {
    const opened = await openTensorFile(path, 'weights');
    const whole = parseSafetensors(new Uint8Array(readFileSync(path))).tensors;
    for (const name of opened.names) expect(opened.read(name)).toEqual(whole.get(name));
    expect(opened.names.map((name) => opened.sizeOf(name))).toEqual([48, 16]);
    expect(opened.held).toBe(0);
    opened.close();
  });
});

describe('filters of Keras', () => {
  const [height, width, inputs, outputs] = [2, 3, 4, 5];
  const data = Float64Array.from({ length: 120 }, (_, i) => i);

  it('come as (out, in, height, width), every entry at its place', () => {
    const moved = filtersFirst('conv2d/kernel:0', { shape: [height, width, inputs, outputs], dtype: 'float64', data });
    expect(moved.shape).toEqual([outputs, inputs, height, width]);
    for (let h = 0; h < height; h++)
      for (let w = 0; w < width; w++)
        for (let i = 0; i < inputs; i++)
          for (let o = 0; o < outputs; o++)
            expect(moved.data[((o * inputs + i) * height + h) * width + w]).toBe(
              data[((h * width + w) * inputs + i) * outputs + o],
            );
  });

  it('are told by their name alone', () => {
    const tensor = { shape: [height, width, inputs, outputs], dtype: 'float64', data };
    expect(filtersFirst('conv.weight', tensor)).toBe(tensor);
  });
});

describe('arrays of a file', () => {
  const path = file(
    'diagonal.npz',
    writeNpz({
      W: { shape: [12, 12], data: Float64Array.from({ length: 144 }, (_, i) => (i % 13 === 0 ? 1 + i / 13 : 0)) },
      x: { shape: [12, 12], data: values(144) },
    }),
  );
  const unaborted = new AbortController().signal;

  it('have the squares of a diagonal as their eigenvalues, each in the section of the report', async () => {
    const opened = await openTensorFile(path, 'weights');
    const result = await runWeights(opened, weightsPlan(opened, {}, path), choices, { signal: unaborted, line });
    const { layers } = weightSpectraSection(result, { model: 'diagonal.npz', draws: 0 });
    expect(layers[0].curve.map(([, atLeast]) => atLeast)).toEqual(Array.from({ length: 12 }, (_, i) => 12 - i));
    layers[0].curve.forEach(([value], i) => expect(Math.abs(value / (i + 1) ** 2 - 1)).toBeLessThan(1e-12));
  });

  it('that were not reached before an interruption are named', async () => {
    const opened = await openTensorFile(path, 'weights');
    const controller = new AbortController();
    const stopping = { ...line, update: ({ done }: { readonly done: number }) => done === 1 && controller.abort() };
    const result = await runWeights(opened, weightsPlan(opened, {}, path), choices, {
      signal: controller.signal,
      line: stopping as typeof line,
    });
    expect([result.reports.map(({ name }) => name), result.missing]).toEqual([['W'], ['x']]);
  });
});

describe('the verdict', () => {
  const fit = { alpha: 3, xmin: 1, xmax: 9, D: 0.1, sigma: 0.1, tail: 80, values: 100 };
  const test = { level: 0.95, p: 0.2, draws: 99, reach: 1 };

  it('says what the test, the other laws and the size of the tail say', () => {
    expect(verdict({ fit })).toBe('heavy tail');
    expect(verdict({ fit, test })).toBe('heavy tail, a power law is not ruled out');
    expect(verdict({ fit, test: { ...test, p: 0.01 } })).toBe('not a power law (p = .01)');
    expect(verdict({ fit: { ...fit, tail: 7 } })).toBe('heavy tail; only 7 eigenvalues in its tail');
    expect(verdict({ fit: { ...fit, alpha: Infinity } })).toMatch(/^no exponent/);
    const lognormal = {
      law: 'lognormal',
      ratio: -5,
      normalised: -3,
      p: 0.003,
      same: false,
      parameters: [0, 1],
    } as const;
    expect(verdict({ fit, alternatives: [lognormal] })).toBe('heavy tail; lognormal fits better');
    expect(verdict({ fit, alternatives: [{ ...lognormal, ratio: 5 }] })).toBe('heavy tail');
    expect([1.5, 7, 20].map((alpha) => verdict({ fit: { ...fit, alpha } }))).toEqual([
      'very heavy tail',
      'light tail',
      'no tail to speak of',
    ]);
  });
});
