import { readFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { createWorkspace, kernelInfo, MemoryLimitError, setKernelModule, type KernelTable } from '../src/index.js';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

const engines = ['wasm', 'typescript'] as const;

test('the record of a workspace is what kernelInfo announced, for every choice', () => {
  for (const options of [
    {},
    { deterministic: true },
    { deterministic: false },
    ...engines.map((engine) => ({ engine })),
  ]) {
    expect(createWorkspace({ bytes: 64, ...options }).info).toEqual(kernelInfo(options));
  }
  expect(kernelInfo({ deterministic: true })).toEqual({ flavour: 'deterministic', engine: 'wasm' });
  expect(kernelInfo({ engine: 'typescript' })).toEqual({ flavour: 'deterministic', engine: 'typescript' });
});

for (const engine of engines) {
  test(`allocations are aligned to 64, disjoint and never at 0 (${engine})`, () => {
    const space = createWorkspace({ bytes: 1000, engine });
    expect(space.capacity).toBe(1024);
    const pointers = [1, 64, 65, 0, 8].map((bytes) => space.allocate(bytes));
    expect(pointers.every((pointer) => pointer > 0 && pointer % 64 === 0)).toBe(true);
    expect(pointers.map((pointer) => pointer - pointers[0]!)).toEqual([0, 64, 128, 256, 256]);
    expect(space.used).toBe(320);
  });

  test(`memory that is not there is refused with the bytes, and the workspace stays usable (${engine})`, () => {
    const space = createWorkspace({ bytes: 128, engine });
    expect(() => space.allocate(129)).toThrow(MemoryLimitError);
    expect(() => space.allocate(129)).toThrow('allocate: 129 bytes asked, 128 of 128 left');
    try {
      space.allocate(129);
    } catch (error) {
      expect((error as MemoryLimitError).bytes).toBe(129);
    }
    expect(space.float64View(space.allocate(128), 16)).toHaveLength(16);
    // 4 GiB and scratch are more than a 32-bit memory holds; an ArrayBuffer may hold it
    if (engine === 'wasm') expect(() => createWorkspace({ bytes: 2 ** 32 - 65536, engine })).toThrow(MemoryLimitError);
    expect(() => createWorkspace({ bytes: -1, engine })).toThrow('createWorkspace: bytes must be an integer');
    expect(() => createWorkspace({ bytes: 1.5, engine })).toThrow(RangeError);
    expect(() => space.allocate(-8)).toThrow('allocate: bytes must be an integer >= 0, got bytes=-8');
  });
}

test('the kernels of the table run in WebAssembly, but for those that only move single elements', () => {
  // wrapped: the table's function adds scratch and calls the export; index: bound by memory, wasm was not faster
  const wrapped = [
    'gemm',
    'gemv',
    'gemvTransposed',
    'projectionCoefficients',
    'subtractProjection',
    'rotateBasis',
  ].concat(['convolve', 'convolveWeights', 'convolveInput', 'listedProduct']);
  // symv serves dense matrices in float64 only
  const index = ['gatherRows', 'scatterRows', 'gather', 'scatterAdd', 'argmaxPool'];
  for (const dtype of ['float32', 'float64'] as const) {
    const table: KernelTable = createWorkspace({ bytes: 64, engine: 'wasm' })[dtype];
    const functions = Object.entries(table).filter(
      (entry): entry is [string, () => void] => typeof entry[1] === 'function',
    );
    expect(functions.length).toBeGreaterThan(30);
    // an exported WebAssembly function has its index as its name
    const others = functions.filter(([, kernel]) => !/^\d+$/.test(kernel.name)).map(([name]) => name);
    expect(
      others.filter(
        (name) => !wrapped.includes(name) && !index.includes(name) && (dtype === 'float64' || name !== 'symv'),
      ),
    ).toEqual([]);
  }
});

test('where compiling is refused the twin runs, unless wasm is demanded', async () => {
  function Refusing(): never {
    throw new WebAssembly.CompileError('refused by the content security policy');
  }
  vi.stubGlobal('WebAssembly', {
    ...WebAssembly,
    validate: WebAssembly.validate,
    CompileError: WebAssembly.CompileError,
    Module: Refusing,
  });
  const fresh = await import('../src/index.js');
  expect(fresh.kernelInfo()).toEqual({ flavour: 'deterministic', engine: 'typescript' });
  const space = fresh.createWorkspace({ bytes: 64 });
  const x = space.allocate(24);
  space.float64View(x, 3).set([1, 2, 3]);
  expect(space.float64.sum(3, x)).toBe(6);
  expect(() => fresh.createWorkspace({ bytes: 64, engine: 'wasm' })).toThrow("engine is 'wasm'");
});

test('without WebAssembly the twin runs', async () => {
  vi.stubGlobal('WebAssembly', undefined);
  const fresh = await import('../src/index.js');
  expect(fresh.createWorkspace({ bytes: 64 }).info.engine).toBe('typescript');
});

test('a module compiled elsewhere is taken, and anything else is refused', async () => {
  const [linear, maps, convolutions] = ['linearDeterministic', 'maps', 'convolutionsDeterministic'].map(
    (name) => new WebAssembly.Module(readFileSync(new URL(`../src/generated/${name}.wasm`, import.meta.url))),
  );
  const fresh = await import('../src/index.js');
  const compile = vi.fn();
  fresh.setKernelModule('linearDeterministic', linear!);
  fresh.setKernelModule('maps', maps!);
  fresh.setKernelModule('convolutionsDeterministic', convolutions!);
  const { Module } = WebAssembly;
  vi.stubGlobal('WebAssembly', {
    ...WebAssembly,
    validate: WebAssembly.validate,
    Memory: WebAssembly.Memory,
    Instance: WebAssembly.Instance,
    Module: compile,
  });
  expect(fresh.createWorkspace({ bytes: 64, deterministic: true }).info.engine).toBe('wasm');
  expect(compile).not.toHaveBeenCalled();
  vi.unstubAllGlobals();
  expect(() => setKernelModule('linearFast', {})).toThrow('setKernelModule: module must be');
  const empty = new Module(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
  expect(() => setKernelModule('linearFast', empty)).toThrow('does not export gemm32');
  expect(() => setKernelModule('maps', linear!)).toThrow('does not export exp32, so it is not maps');
  expect(() => setKernelModule('convolutionsFast', maps!)).toThrow('does not export convolve32');
});
