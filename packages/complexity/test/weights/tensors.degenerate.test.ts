import {
  analyzeTensor,
  depthFlow,
  farms,
  loraDelta,
  loraPairs,
  modelValues,
  tensorDistance,
  weightMatrices,
  weightSpectrum,
} from '@hyperribbon/complexity/weights';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { expectNear } from '../near.js';

const normal = (n: number, index = 0): Float64Array =>
  stream({ seed: 9, purpose: 'tensor', index }).normal(new Float64Array(n));

function reasonOf(name: string, shape: number[], data: ArrayLike<number>, dtype?: string): string {
  const report = analyzeTensor({ name, shape, data, ...(dtype === undefined ? {} : { dtype }) }, { draws: 0 });
  return report.analyzed ? 'analyzed' : report.reason;
}

describe('every tensor is analysed or refused with a reason', () => {
  it('refuses what has no spectrum', () => {
    expect(reasonOf('b', [4], normal(4))).toBe('one-dimensional');
    expect(reasonOf('w', [0, 4], new Float64Array(0))).toBe('empty');
    expect(reasonOf('w', [4, 4], new Int8Array(16), 'int8')).toBe('quantized');
    // readers of graphs hand integers over as doubles
    expect(reasonOf('w', [4, 4], new Float64Array(16), 'int64')).toBe('quantized');
    expect(reasonOf('w', [12, 12], new Float64Array(144).fill(2))).toBe('constant');
    expect(reasonOf('w', [12, 12], new Float64Array(144))).toBe('constant');
    expect(reasonOf('w', [12, 12], normal(144).fill(NaN, 7, 8))).toBe('not-finite');
    expect(reasonOf('w', [9, 12], normal(108))).toBe('too-few-eigenvalues');
    expect(
      reasonOf(
        'w',
        [12, 12],
        normal(144).map((x) => x * 1e-150),
      ),
    ).toBe('too-few-eigenvalues');
    expect(
      reasonOf(
        'w',
        [12, 12],
        normal(144).map((x) => x * 1e200),
      ),
    ).toBe('out-of-range');
    expect(reasonOf('transformer.wte.weight', [12, 12], normal(144))).toBe('embedding');
    expect(reasonOf('model.embed_tokens.weight', [12, 12], normal(144))).toBe('embedding');
    expect(
      reasonOf(
        'w',
        [12, 12],
        normal(144).map((x) => x * 1e150),
      ),
    ).toBe('analyzed');
    expect(() => analyzeTensor({ name: 'w', shape: [2, 2], data: normal(3) })).toThrow(/needs 4 entries, got 3/);
  });
  it('analyses embeddings on request, and takes another least number of eigenvalues', () => {
    const table = { name: 'wte.weight', shape: [12, 12], data: normal(144) };
    expect(analyzeTensor(table, { draws: 0, embeddings: 'analyze' }).analyzed).toBe(true);
    const small = { name: 'w', shape: [8, 8], data: normal(64) };
    expect(analyzeTensor(small, { draws: 0, minEigenvalues: 5 }).analyzed).toBe(true);
  });
});

describe('the matrices of filters', () => {
  const data = normal(12 * 10 * 6);
  it('are slices times √(places/2), pooled', () => {
    const matrices = weightMatrices([12, 10, 3, 2], data);
    expect([matrices.N, matrices.M, matrices.blocks]).toEqual([12, 10, 6]);
    expectNear(matrices.scale ** 2, 3, 1e-14);
    const slice = Float64Array.from({ length: 120 }, (_, i) => data[i * 6 + 4]);
    expect(matrices.block(4)).toEqual(slice);
    const { eigenvalues } = weightSpectrum(matrices);
    expect(eigenvalues.length).toBe(60);
    const norm = data.reduce((sum, x) => sum + x * x, 0);
    expectNear(
      eigenvalues.reduce((sum, x) => sum + x, 0),
      3 * norm,
      1e-12,
    );
  });
  it('are one matrix of rows on request', () => {
    const { eigenvalues } = weightSpectrum(weightMatrices([12, 10, 3, 2], data, 'filters'));
    const matrix = weightSpectrum(weightMatrices([12, 60], data));
    expect(eigenvalues).toEqual(matrix.eigenvalues);
  });
  it('have the rank of a deficient matrix', () => {
    const u = normal(40);
    const low = Float64Array.from({ length: 400 }, (_, i) => u[Math.floor(i / 20)] * u[20 + (i % 20)]);
    expect(weightSpectrum(weightMatrices([20, 20], low)).rank).toBe(1);
  });
});

describe('exponents of one aspect ratio', () => {
  it('are those of the matrix itself where it has the ratio', () => {
    const data = normal(900);
    const matrices = weightMatrices([30, 30], data);
    const found = farms(matrices);
    const report = analyzeTensor({ name: 'w', shape: [30, 30], data }, { draws: 0 });
    if (!report.analyzed) throw new Error(report.sentence);
    expect([found!.windows, found!.side]).toEqual([1, 30]);
    expectNear(found!.fit.alpha, report.fit.alpha, 1e-8);
  });
  it('pool windows that cover a long matrix', () => {
    const found = farms(weightMatrices([20, 100], normal(2000)), 2);
    expect([found!.side, found!.ratio]).toEqual([20, 2]);
    expect(found!.windows).toBe(5);
    expect(() => farms(weightMatrices([20, 20], normal(400)), 0.5)).toThrow(/ratio must be at least 1/);
  });
});

describe('values of a model', () => {
  const reports = [0, 1, 2].map((index) =>
    analyzeTensor({ name: `w${index}`, shape: [16, 12], data: normal(192, index) }, { draws: 20, twins: false, index }),
  );
  it('are means with standard errors over layers', () => {
    const alphas = reports.map((report) => (report.analyzed ? report.fit.alpha : NaN));
    const mean = alphas.reduce((a, b) => a + b) / 3;
    const found = modelValues(reports).find(({ metric }) => metric === 'alpha')!;
    expectNear(found.mean, mean, 1e-14);
    expectNear(found.standardError, Math.sqrt(alphas.reduce((s, a) => s + (a - mean) ** 2, 0) / 6), 1e-12);
    expect(modelValues([])).toEqual([]);
  });
  it('flow with depth, alpha with its interval', () => {
    const flow = depthFlow(reports, 'alpha');
    expect(flow.map(({ depth, name }) => [depth, name])).toEqual([
      [0, 'w0'],
      [1, 'w1'],
      [2, 'w2'],
    ]);
    expect(flow[1].interval![0]).toBeLessThan(flow[1].value);
    expect(() => depthFlow(reports, 'beta' as 'alpha')).toThrow(/metric/);
  });
  it('is α̂ = 4.75 of layers (2.5, 10) and (3.5, 100)', () => {
    expectNear((2.5 * Math.log10(10) + 3.5 * Math.log10(100)) / 2, 4.75, 1e-15);
  });
});

describe('two checkpoints, and adapters', () => {
  it('are apart by norms of the difference', () => {
    const A = normal(12);
    const B = A.map((a, i) => a + (i === 5 ? 3 : 0));
    const found = tensorDistance([3, 4], A, B);
    expectNear(found.distance, 3, 1e-14);
    expectNear(found.spectral, 3, 1e-12);
    expectNear(found.stableRank, 1, 1e-12);
    expect(tensorDistance([3, 4], A, A)).toMatchObject({ distance: 0, relative: 0, spectral: 0 });
    expectNear(tensorDistance([3, 4], A, A).cosine, 1, 1e-14);
    expect(tensorDistance([2], Float64Array.of(0, 0), Float64Array.of(3, 4)).distance).toBe(5);
    expect(() => tensorDistance([3], A, B)).toThrow(/A/);
    expect(() => tensorDistance([1], Float64Array.of(NaN), Float64Array.of(1))).toThrow(/A/);
  });
  it('finds pairs by their names and multiplies them', () => {
    const names = [
      'm.q_proj.lora_A.default.weight',
      'm.q_proj.lora_B.default.weight',
      'up.lora_up.weight',
      'x.lora_A.weight',
    ];
    expect(loraPairs(names)).toEqual([{ name: 'm.q_proj', down: names[0], up: names[1] }]);
    expect(loraPairs(['up.lora_down.weight', 'up.lora_up.weight'])[0].name).toBe('up');
    const delta = loraDelta(
      { shape: [2, 1], data: Float32Array.of(1, 2) },
      { shape: [1, 3], data: Float32Array.of(3, 4, 5) },
    );
    expect([delta.shape, [...delta.data]]).toEqual([
      [2, 3],
      [3, 4, 5, 6, 8, 10],
    ]);
    expect(() => loraDelta({ shape: [2, 1], data: normal(2) }, { shape: [2, 3], data: normal(6) })).toThrow(
      /no product/,
    );
  });
});
