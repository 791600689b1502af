import { type Examples, mlp, momentum, squaredError } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { describe, expect, test } from 'vitest';
import { kernelAgainstWidth, kernelFamilies, type KernelRun, kernelSample } from '../../src/kernel.js';

/** Four classes of 10 numbers: 0.8 of a mean and noise, standardised. */
function classMeans(count: number): Examples {
  const [features, classes] = [10, 4];
  const means = stream({ seed: 1, purpose: 'means' }).normal(new Float64Array(classes * features));
  const noise = stream({ seed: 1, purpose: 'noise' }).normal(new Float64Array(count * features));
  const raw = noise.map((x, at) => x + 0.8 * means[(Math.floor(at / features) % classes) * features + (at % features)]);
  const inputs = new Float32Array(raw.length);
  for (let j = 0; j < features; j++) {
    const column = Array.from({ length: count }, (_, i) => raw[i * features + j]);
    const mean = column.reduce((sum, x) => sum + x, 0) / count;
    const sd = Math.sqrt(column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / count);
    column.forEach((x, i) => (inputs[i * features + j] = (x - mean) / sd));
  }
  return { inputs, labels: Int32Array.from({ length: count }, (_, i) => i % classes), count, features, classes };
}

const examples = classMeans(200);
const family = { family: 'one hidden layer', network: (width: number) => mlp([10, width, 4], { activation: 'relu' }) };
const sample = kernelSample(examples, { among: 25 });

describe('The kernel of wider networks changes less', () => {
  test('correlations rise and changes fall with width: 8, 32, 128', async () => {
    const training = {
      epochs: 1500,
      batchSize: 200,
      optimizer: momentum(0.9),
      schedule: { kind: 'constant', learningRate: 0.01 },
    } as const;
    const { rows } = await kernelAgainstWidth(family, examples, {
      widths: [128, 8, 32],
      seeds: [0, 1],
      sample,
      training,
    });
    expect(rows.map(({ width }) => width)).toEqual([8, 32, 128]);
    const correlations = rows.map(({ correlation }) => correlation.mean);
    const changes = rows.map(({ relativeChange }) => relativeChange.mean);
    // an independent program has .76, .82, .91 and 13.9, 7.7, 2.7 on a set of the same law
    expect(correlations[1]).toBeGreaterThan(correlations[0]);
    expect(correlations[2]).toBeGreaterThan(correlations[1]);
    expect(correlations[2]).toBeGreaterThan(0.85);
    expect(changes[0]).toBeGreaterThan(1.5 * changes[1]);
    expect(changes[1]).toBeGreaterThan(1.5 * changes[2]);
    expect(rows.every(({ seeds, correlation }) => seeds === 2 && correlation.standardError > 0)).toBe(true);
  });
});

describe('A study goes on where it stood', () => {
  const training = { epochs: 2, batchSize: 50 };
  test('runs that are known are not done again, and rows are the same', async () => {
    const kept: KernelRun[] = [];
    const whole = await kernelAgainstWidth(family, examples, {
      widths: [4, 8],
      seeds: [0, 1],
      sample,
      training,
      onRun: (run) => void kept.push(run),
    });
    const done: number[] = [];
    const onRun = (run: KernelRun): void => void done.push(run.width * 10 + run.seed);
    const more = await kernelAgainstWidth(family, examples, {
      widths: [4, 8],
      seeds: [0, 1],
      sample,
      training,
      done: kept.slice(0, 3),
      onRun,
    });
    expect(done).toEqual([81]);
    expect(more.rows).toEqual(whole.rows);
  });

  const lost = [
    { of: 'a loss that is not finite on the way', learningRate: 1e3, epochs: 20 },
    { of: 'a step to infinite weights', learningRate: 1e20, epochs: 3 },
    {
      of: 'a last step to an infinite loss, where the kernel is finite',
      learningRate: 1e11,
      epochs: 1,
      loss: squaredError,
    },
  ];
  for (const { of, learningRate, ...rest } of lost)
    test(`runs that diverge count for no seed and are named: ${of}`, async () => {
      const schedule = { kind: 'constant', learningRate } as const;
      const { rows, runs, missing } = await kernelAgainstWidth(family, examples, {
        widths: [4],
        seeds: [0, 1],
        sample,
        training: { batchSize: 200, optimizer: momentum(0.9), schedule, ...rest },
      });
      expect(rows[0]).toMatchObject({ width: 4, seeds: 0, correlation: { mean: Number.NaN } });
      expect(runs.map(({ trainingLoss }) => trainingLoss)).toEqual([Number.NaN, Number.NaN]);
      expect(runs[0].change.alignmentBefore).not.toBeNull();
      expect(missing).toEqual(
        [0, 1].map((seed) => `width 4, seed ${seed}: training came to a loss that is not finite`),
      );
    });

  test('an abort ends it', async () => {
    const options = { widths: [4], seeds: [0], sample, training, signal: AbortSignal.abort() };
    await expect(kernelAgainstWidth(family, examples, options)).rejects.toThrow(/abort/iu);
  });
});

describe('Families', () => {
  test('all four residual networks, with and without sums and norms, train and have kernels before and after', async () => {
    const shape = [1, 8, 8] as const;
    const inputs = stream({ seed: 2, purpose: 'images' }).normal(new Float32Array(12 * 64));
    const images = {
      inputs,
      labels: Int32Array.from({ length: 12 }, (_, i) => i % 3),
      count: 12,
      features: 64,
      shape,
      classes: 3,
    };
    const { resnet, noSkip, noNorm, plain } = kernelFamilies({ image: shape, classes: 3 });
    const names = [resnet, noSkip, noNorm, plain].map((one) => one.family);
    expect(new Set(names).size).toBe(4);
    for (const one of [resnet, noSkip, noNorm, plain]) {
      const few = kernelSample(images, { count: 4 });
      const { runs } = await kernelAgainstWidth(one, images, {
        widths: [2],
        seeds: [0],
        sample: few,
        training: { epochs: 2, batchSize: 12 },
      });
      expect(Number.isFinite(runs[0].change.correlation)).toBe(true);
      expect(runs[0].changeWithStatistics === null).toBe(one === noNorm || one === plain);
    }
  });

  test('a convolutional network of five layers', () => {
    const net = kernelFamilies({ image: [1, 14, 14], classes: 10 }).convNet.network(2);
    expect(net.parameters.filter(({ shape }) => shape.length === 4).map(({ shape }) => shape[0])).toEqual([
      2, 4, 4, 8, 8,
    ]);
    expect(() => kernelFamilies({ image: [1, 14, 14], classes: 10 }).mlp2.network(0)).toThrow(/width/u);
  });
});

describe('The sample', () => {
  test('is the first of a first batch sorted by label, or drawn', () => {
    const first = kernelSample(examples, { count: 5, among: 12 });
    expect([...first.rows]).toEqual([0, 4, 8, 1, 5]);
    expect(first.words).toBe('the first 5 of the first 12 examples sorted by label');
    const drawn = kernelSample(examples, { count: 40, pick: 'drawn', seed: 3 });
    expect(new Set(drawn.rows).size).toBe(40);
    expect([...drawn.examples.labels]).toEqual([...drawn.examples.labels].toSorted((a, b) => a - b));
    expect(() => kernelSample(examples, { count: 201 })).toThrow(/count/u);
    expect(() => kernelSample(examples, { among: 30, pick: 'drawn' })).toThrow(/leave it off/u);
  });
});
