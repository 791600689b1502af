import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  countSharedInputs,
  type DataSet,
  examplesIdentity,
  inputCorrelation,
  mnist,
  mnistFromBytes,
  type MnistSplits,
  subset,
} from '@hyperribbon/data';

/**
 * By hashlib.sha256 of Python 3 over the idx files and numpy 2.4.6: train, prior, test of the ten digits, then of the binary task.
 * Whoever changes them breaks every certificate that was written.
 */
const IDENTITIES = [
  'sha256:0970817b61a8d609bf79dbab2e3f69cedbd518de9a2c95b8ce5342743e551610',
  'sha256:5f23e1104a24af54bf93a2b426f81bee9e1c75168fc6cf44c8d5726fe315f97c',
  'sha256:3bd41418b14e3bfd4b897593a9a1fdf8be3174ffe6b5dd53fefd5743571cedaa',
  'sha256:8f1f0b15f019e86ed9a22d0a5b9c7ee1e811309c674f19fa4516a4715d4eb5de',
  'sha256:8d754654dbe253b1642620d4f5c67c2457c595ba62c5982bd75bcda47ff9bcb8',
  'sha256:0a9311160a22cc6fc1fa5c42befcb71bf75279df6d80070088fd0a6553ede50d',
];

interface Golden {
  trace1000: number;
  trace10000: number;
  centredTrace1000: number;
  entries1000: [number, number, number, number][];
  counts10000: number[];
  pixelSums: number[];
  binaryShares: number[];
}
const golden = JSON.parse(readFileSync(new URL('./golden/mnist.json', import.meta.url), 'utf8')) as Golden;

let digits: MnistSplits;
let binary: MnistSplits;
beforeAll(async () => {
  digits = await mnist();
  binary = await mnist({ task: 'binary' });
});

const trace = (matrix: Float64Array, d: number): number => {
  let sum = 0;
  for (let i = 0; i < d; i++) sum += matrix[i * (d + 1)];
  return sum;
};
const close = (value: number, reference: number): boolean =>
  Math.abs(value - reference) <= 1e-12 * Math.abs(reference) + 1e-15;
const parts = ({ train, prior, test }: MnistSplits): DataSet[] => [train, prior, test];

describe('MNIST', () => {
  it('has 55 000, 5000 and 10 000 examples of 784 pixels, as bytes over 255 rounded to float32', () => {
    expect(parts(digits).map(({ count }) => count)).toEqual([55_000, 5_000, 10_000]);
    const levels = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);
    parts(digits).forEach(({ inputs, features, classes, count }, i) => {
      expect([features, classes, inputs.length]).toEqual([784, 10, 784 * count]);
      let sum = 0;
      let odd = 0;
      for (let k = 0; k < inputs.length; k++) {
        const byte = Math.round(inputs[k] * 255);
        sum += byte;
        if (inputs[k] !== levels[byte]) odd++;
      }
      expect(odd).toBe(0);
      expect(sum).toBe(golden.pixelSums[i]);
    });
  });

  it('counts its first 10 000 digits as the specification does', () => {
    const counts = Array.from({ length: 10 }, () => 0);
    for (const label of digits.train.labels.subarray(0, 10_000)) counts[label]++;
    expect(counts).toEqual([1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]);
    expect(counts).toEqual(golden.counts10000);
  });

  it('the binary task is digit > 4; 0.48953 of the training digits are', () => {
    parts(binary).forEach((part, i) => {
      const wanted = parts(digits)[i].labels.map((digit) => (digit > 4 ? 1 : 0));
      expect(part.labels).toEqual(wanted);
      expect(part.classes).toBe(2);
      expect(part.labels.reduce((a, b) => a + b, 0)).toBe(golden.binaryShares[i]);
    });
    expect(golden.binaryShares[0] / 55_000).toBeCloseTo(0.48953, 5);
  });

  it('no two parts share an image, but a part shares all of its own', () => {
    const { train, prior, test } = digits;
    expect(countSharedInputs(train, prior)).toBe(0);
    expect(countSharedInputs(train, test)).toBe(0);
    expect(countSharedInputs(subset(train, 0, 900), subset(train, 500, 1000))).toBe(400);
  });

  it('identities name the content: stable, and different for each part and task', () => {
    const all = [...parts(digits), ...parts(binary)].map(examplesIdentity);
    expect(new Set(all).size).toBe(6);
    expect(all).toEqual(IDENTITIES);
  });

  it('limit keeps the first examples of each part', async () => {
    const small = await mnist({ task: 'digits', limit: 7 });
    expect(parts(small).map(({ count }) => count)).toEqual([7, 7, 7]);
    parts(small).forEach((part, i) => {
      expect(examplesIdentity(part)).toBe(examplesIdentity(subset(parts(digits)[i], 0, 7)));
    });
  });
});

describe('input correlation of MNIST', () => {
  it('matches numpy on the first 1000 images, centred and not', () => {
    const C = inputCorrelation(digits.train, { count: 1000 });
    const centred = inputCorrelation(digits.train, { count: 1000, centre: true });
    expect(close(trace(C, 784), golden.trace1000)).toBe(true);
    expect(close(trace(centred, 784), golden.centredTrace1000)).toBe(true);
    expect(close(trace(C, 784), golden.trace1000 * (1 + 1e-11))).toBe(false);
    for (const [i, j, value, centredValue] of golden.entries1000) {
      expect(close(C[784 * i + j], value)).toBe(true);
      expect(Math.abs(centred[784 * i + j] - centredValue)).toBeLessThan(1e-14);
    }
    expect(trace(C, 784)).toBeCloseTo(85.891, 3);
  });

  it('has trace 88.191 over the first 10 000 images', () => {
    // by groups of 98 pixels, whose traces add up: the same sums at an eighth of the work
    let sum = 0;
    for (let group = 0; group < 8; group++) {
      const inputs = new Float32Array(98 * 10_000);
      for (let n = 0; n < 10_000; n++) {
        inputs.set(digits.train.inputs.subarray(784 * n + 98 * group, 784 * n + 98 * (group + 1)), 98 * n);
      }
      sum += trace(inputCorrelation({ inputs, count: 10_000, features: 98 }), 98);
    }
    expect(close(sum, golden.trace10000)).toBe(true);
    expect(sum).toBeCloseTo(88.191, 3);
  });
});

describe('mistakes', () => {
  it('bad options are named', async () => {
    await expect(mnist({ task: 'parity' as 'binary' })).rejects.toThrow(
      /^mnist: task must be one of 'digits', 'binary', got "parity"/,
    );
    await expect(mnist({ limit: 0 })).rejects.toThrow(/limit/);
    await expect(mnist({ limit: 2.5 })).rejects.toThrow(RangeError);
  });

  it('a folder without the files says what is missing', async () => {
    await expect(mnist({ directory: '/nowhere' })).rejects.toThrow(/cannot read .*idx/);
    await expect(mnist({ directory: '/nowhere' })).rejects.toMatchObject({ badArgument: true });
  });

  it('files that are not those of MNIST are refused', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'mnist-'));
    try {
      const two = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 1, 2);
      for (const name of [
        'train-images-idx3-ubyte',
        'train-labels-idx1-ubyte',
        't10k-images-idx3-ubyte',
        't10k-labels-idx1-ubyte',
      ]) {
        await writeFile(join(directory, name), two);
      }
      await expect(mnist({ directory })).rejects.toMatchObject({ name: 'FormatError', format: 'idx' });
      expect(() => mnistFromBytes({ trainImages: two, trainLabels: two, testImages: two, testLabels: two })).toThrow(
        /60000, 28, 28/,
      );
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
