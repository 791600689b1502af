import { beforeEach, expect, test, vi } from 'vitest';
import { exampleJacobian, gramMatrix, kroneckerFactors, layerCorrelations } from '@hyperribbon/curvature';
import { mlp } from '@hyperribbon/nn';
import { smallExamples } from './smallExamples.js';

// what every workspace was asked for and what it got: where relaxed SIMD is missing both flavours have the same bits, and only this
// tells them apart
const observed = vi.hoisted(() => ({
  made: [] as { readonly deterministic: boolean | undefined; readonly engine: string }[],
  engine: 'wasm' as 'wasm' | 'typescript',
}));
vi.mock('@hyperribbon/kernels', async (original) => {
  const kernels = (await original()) as typeof import('@hyperribbon/kernels');
  const createWorkspace: typeof kernels.createWorkspace = (options) => {
    // the check of a loss is small and forces its engine
    if (options.engine !== undefined) return kernels.createWorkspace(options);
    const workspace = kernels.createWorkspace({ ...options, engine: observed.engine });
    observed.made.push({ deterministic: options.deterministic, engine: workspace.info.engine });
    return workspace;
  };
  return { ...kernels, createWorkspace };
});
const { made } = observed;
beforeEach(() => {
  made.splice(0);
  observed.engine = 'wasm';
});

const network = mlp([9, 13, 7, 4], { activation: 'tanh' });
const params = network.init(3, 'float64');
// 37 rows at a time: two whole chunks and a smaller last one
const examples = smallExamples(90, 9, 4);

/** Bytes of every matrix that is computed layer by layer, or over pairs of examples. */
const matrices = (deterministic?: boolean): Record<string, string> => {
  const options = deterministic === undefined ? {} : { deterministic };
  const bits = (values: readonly Float64Array[]): string =>
    values
      .map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength).toString('hex'))
      .join();
  return {
    layerCorrelations: bits(
      layerCorrelations(network, params, examples, { chunkSize: 37, ...options }).flatMap(
        ({ activations, gradients }) => [activations, gradients],
      ),
    ),
    gramMatrix: bits([gramMatrix(network, params, examples, options)]),
  };
};

test('matrices of layers and examples have the same bits from WebAssembly and from its twin', () => {
  const wasm = matrices(true);
  expect(new Set(made.map(({ engine }) => engine))).toEqual(new Set(['wasm']));
  made.splice(0);
  observed.engine = 'typescript';
  const twin = matrices(true);
  expect(new Set(made.map(({ engine }) => engine))).toEqual(new Set(['typescript']));
  expect(twin).toEqual(wasm);
});

test('they take the kernels that they are asked for, fast ones if nothing is said', () => {
  for (const deterministic of [true, false, undefined]) {
    made.splice(0);
    matrices(deterministic);
    exampleJacobian(network, params, examples, deterministic === undefined ? {} : { deterministic });
    expect(new Set(made.map((asked) => asked.deterministic))).toEqual(new Set([deterministic ?? false]));
    // the last chunk of the correlations has a plan of its own
    expect(made.length).toBeGreaterThanOrEqual(4);
  }
});

test('factors of a prior run on deterministic kernels always', () => {
  for (const kind of ['kfra', 'kfac'] as const) {
    made.splice(0);
    kroneckerFactors(network, params, examples.inputs, examples.count, { kind });
    expect(made.length).toBeGreaterThanOrEqual(2);
    expect(new Set(made.map(({ deterministic }) => deterministic))).toEqual(new Set([true]));
  }
});
