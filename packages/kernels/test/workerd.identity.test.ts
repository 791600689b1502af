import { expect, test, vi } from 'vitest';
import { hasRelaxedSimd } from '../src/relaxedSimd.js';

// What workerd does with an imported .wasm file, and what it forbids.
async function precompiled(file: string): Promise<{ default: WebAssembly.Module }> {
  const { readFileSync } = await import('node:fs');
  return { default: new WebAssembly.Module(readFileSync(new URL(`../src/generated/${file}`, import.meta.url))) };
}
vi.mock('../src/generated/deterministic.wasm', () => precompiled('deterministic.wasm'));
vi.mock('../src/generated/fast.wasm', () =>
  hasRelaxedSimd() ? precompiled('fast.wasm') : precompiled('deterministic.wasm'),
);

test('under workerd the kernels run from the imported modules without compiling, and all of index.ts is there', async () => {
  const index = await import('../src/index.js');
  const entry = await import('../src/workerd.js');
  expect(Object.keys(entry).toSorted()).toEqual(Object.keys(index).toSorted());
  // The base64 text is what compiling from bytes would start with.
  const decode = vi.spyOn(globalThis, 'atob');
  const space = entry.createWorkspace({ bytes: 64, deterministic: true });
  expect(space.info).toEqual({ flavour: 'deterministic', engine: 'wasm' });
  expect(entry.kernelInfo({ deterministic: true }).engine).toBe('wasm');
  expect(entry.createWorkspace({ bytes: 64 }).info.engine).toBe('wasm');
  expect(decode).not.toHaveBeenCalled();
});
