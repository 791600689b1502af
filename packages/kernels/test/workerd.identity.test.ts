import { expect, test, vi } from 'vitest';
import { hasRelaxedSimd } from '../src/modules/relaxedSimd.js';

// What workerd does with an imported .wasm file, and what it forbids.
async function precompiled(file: string): Promise<{ default: WebAssembly.Module }> {
  const { readFileSync } = await import('node:fs');
  return { default: new WebAssembly.Module(readFileSync(new URL(`../src/generated/${file}`, import.meta.url))) };
}
vi.mock('../src/generated/linearDeterministic.wasm', () => precompiled('linearDeterministic.wasm'));
vi.mock('../src/generated/linearFast.wasm', () =>
  hasRelaxedSimd() ? precompiled('linearFast.wasm') : precompiled('linearDeterministic.wasm'),
);
vi.mock('../src/generated/convolutionsDeterministic.wasm', () => precompiled('convolutionsDeterministic.wasm'));
vi.mock('../src/generated/convolutionsFast.wasm', () =>
  hasRelaxedSimd() ? precompiled('convolutionsFast.wasm') : precompiled('convolutionsDeterministic.wasm'),
);
vi.mock('../src/generated/divergencesDeterministic.wasm', () => precompiled('divergencesDeterministic.wasm'));
vi.mock('../src/generated/divergencesFast.wasm', () =>
  hasRelaxedSimd() ? precompiled('divergencesFast.wasm') : precompiled('divergencesDeterministic.wasm'),
);
vi.mock('../src/generated/maps.wasm', () => precompiled('maps.wasm'));

test('under workerd the kernels run from the imported modules without compiling, and all of index.ts is there', async () => {
  const index = await import('../src/index.js');
  const entry = await import('../src/workerd.js');
  expect(Object.keys(entry).toSorted()).toEqual(Object.keys(index).toSorted());
  const linear = await import('../src/linear.js');
  const linearEntry = await import('../src/workerdLinear.js');
  expect(Object.keys(linearEntry).toSorted()).toEqual(Object.keys(linear).toSorted());
  const divergences = await import('../src/divergences.js');
  const divergencesEntry = await import('../src/workerdDivergences.js');
  expect(Object.keys(divergencesEntry).toSorted()).toEqual(Object.keys(divergences).toSorted());
  // The base64 text is what compiling from bytes would start with.
  const decode = vi.spyOn(globalThis, 'atob');
  const space = entry.createWorkspace({ bytes: 64, deterministic: true });
  expect(space.info).toEqual({ flavour: 'deterministic', engine: 'wasm' });
  expect(entry.kernelInfo({ deterministic: true }).engine).toBe('wasm');
  expect(entry.createWorkspace({ bytes: 64 }).info.engine).toBe('wasm');
  expect(linearEntry.createLinearWorkspace({ bytes: 64 }).info).toEqual(linearEntry.kernelInfo());
  expect(linearEntry.kernelInfo().engine).toBe('wasm');
  const { createDivergenceWorkspace, kernelInfo } = divergencesEntry;
  expect(createDivergenceWorkspace({ bytes: 64 }).info).toEqual(kernelInfo());
  expect(kernelInfo().engine).toBe('wasm');
  expect(decode).not.toHaveBeenCalled();
});
