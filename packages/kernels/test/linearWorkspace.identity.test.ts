import { expect, test } from 'vitest';
import { Activation, createWorkspace, type LinearKernels, type Workspace } from '../src/index.js';
import { createLinearWorkspace, kernelInfo, type WorkspaceOptions } from '../src/linear.js';
import { numbers } from './pairedWorkspaces.js';

const M = 13;
const N = 27;
const K = 1030;

/** one of everything that sums, on the same numbers */
function results(space: Workspace<LinearKernels>, dtype: 'float32' | 'float64', activation: number): number[] {
  const table = space[dtype];
  const bytes = dtype === 'float32' ? 4 : 8;
  const place = (length: number, seed: number): number => {
    const pointer = space.allocate(length * bytes);
    const view = dtype === 'float32' ? space.float32View(pointer, length) : space.float64View(pointer, length);
    view.set(numbers(length, seed));
    return pointer;
  };
  const [a, b, c, x] = [place(M * K, 1), place(K * N, 2), place(M * N, 3), place(K, 4)];
  table.gemm(0, 0, M, N, K, 1.25, a, K, b, N, 0.5, c, N, b, activation);
  const y = place(M, 5);
  table.gemv(M, K, 1, a, K, x, 0, y);
  const coefficients = space.allocate(8 * M);
  table.projectionCoefficients(M, 1, K, a, K, x, K, coefficients);
  table.axpy(K, 0.75, a, x);
  table.subtractProjection(M, 1, K, a, K, x, K, coefficients);
  return [c, y, x].flatMap((pointer, i) => {
    const length = [M * N, M, K][i]!;
    return [...(dtype === 'float32' ? space.float32View(pointer, length) : space.float64View(pointer, length))];
  });
}

const choices: readonly Omit<WorkspaceOptions, 'bytes'>[] = [{}, { deterministic: true }, { engine: 'typescript' }];

for (const choice of choices) {
  test(`a linear workspace has the bits of a whole one: ${JSON.stringify(choice)}`, () => {
    const options = { bytes: 1 << 20, ...choice };
    expect(createLinearWorkspace(options).info).toEqual(createWorkspace(options).info);
    expect(kernelInfo(choice)).toEqual(createLinearWorkspace(options).info);
    for (const dtype of ['float32', 'float64'] as const) {
      for (const activation of [Activation.none, Activation.relu]) {
        const own = results(createLinearWorkspace(options), dtype, activation);
        expect(own).toEqual(results(createWorkspace(options), dtype, activation));
        expect(own.some((value) => value > 1)).toBe(true);
      }
    }
  });

  test(`a linear workspace has the linear kernels only: ${JSON.stringify(choice)}`, () => {
    const space = createLinearWorkspace({ bytes: 1024, ...choice });
    const table: object = space.float64;
    expect(Object.keys(table).toSorted()).toEqual(
      'axpby axpy copy dot fill gemm gemv gemvTransposed maxAbs norm2 projectionCoefficients rotateBasis scale subtractProjection sum symv'.split(
        ' ',
      ),
    );
    const [a, c] = [space.allocate(8), space.allocate(8)];
    for (const activation of [Activation.tanh, Activation.sigmoid, 9]) {
      expect(() => space.float64.gemm(0, 0, 1, 1, 1, 1, a, 1, a, 1, 0, c, 1, 0, activation)).toThrow(RangeError);
    }
  });
}

test('messages name the function that was called', () => {
  expect(() => createLinearWorkspace({ bytes: -1 })).toThrow('createLinearWorkspace: bytes must be an integer');
});
