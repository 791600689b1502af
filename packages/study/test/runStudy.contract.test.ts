import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { folderStore } from '../src/folder.js';
import { here, jobId, memoryStore, resultOf, runStudy } from '../src/index.js';

let computed: number[] = [];
const table = {
  square: async ({ x }: { readonly x: number }) => {
    computed.push(x);
    if (x === 13) throw new Error('thirteen');
    return { y: x * x, all: Float64Array.of(x, x * x) };
  },
};
const jobs = [1, 2, 3, 2, 1].map((x) => ({ kind: 'square', x }) as const);
const folders: string[] = [];
async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hyperribbon-study-'));
  folders.push(folder);
  return folder;
}
afterEach(async () => {
  computed = [];
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

describe('runStudy', () => {
  it('computes what is missing, equal jobs once, and nothing the second time', async () => {
    const store = memoryStore();
    const heard: number[] = [];
    const report = await runStudy(jobs, here(table), {
      store,
      version: '1',
      onProgress: ({ done }) => heard.push(done),
    });
    expect([report.done, report.found, report.complete, computed.length]).toEqual([3, 0, true, 3]);
    expect(heard).toEqual([0, 1, 2, 3]);
    expect(report.ids[0]).toBe(report.ids[4]);
    expect(await resultOf(store, report.ids[2])).toEqual({ y: 9, all: Float64Array.of(3, 9) });
    const again = await runStudy(jobs, here(table), { store, version: '1' });
    expect([again.found, again.done, computed.length]).toEqual([3, 3, 3]);
    // another version is another job
    await runStudy(jobs, here(table), { store, version: '2' });
    expect(computed.length).toBe(6);
    expect(await resultOf(store, 'sha256:none')).toBeUndefined();
  });
  it('a job that fails every time is tried so often, told, and leaves the others', async () => {
    const more = [...jobs, { kind: 'square', x: 13 } as const];
    const report = await runStudy(more, here(table), { store: memoryStore(), version: '1', tries: 2 });
    expect([report.done, report.complete, report.missing]).toEqual([3, false, 0]);
    expect(report.failed).toEqual([{ id: jobId(more[5], '1'), index: 5, tries: 2, why: 'thirteen' }]);
    expect(computed.filter((x) => x === 13).length).toBe(2);
    await expect(runStudy(more, here(table), { store: memoryStore(), version: '1', tries: 0 })).rejects.toThrow(
      /tries/,
    );
  });
  it('is ended by its signal and goes on', async () => {
    const controller = new AbortController();
    const store = memoryStore();
    const ended = await runStudy(jobs, here(table), {
      store,
      version: '1',
      signal: controller.signal,
      onProgress: ({ done }) => done === 1 && controller.abort(),
    });
    expect([ended.done, ended.missing, ended.complete]).toEqual([1, 2, false]);
    const rest = await runStudy(jobs, here(table), { store, version: '1' });
    expect([rest.found, rest.complete]).toEqual([1, true]);
  });
});

describe('a folder of results', () => {
  it('has the bytes of any other store, and sets aside what is not whole', async () => {
    const folder = await freshFolder();
    const [store, memory] = [folderStore(join(folder, 'results')), memoryStore()];
    const { ids } = await runStudy(jobs, here(table), { store, version: '1' });
    await runStudy(jobs, here(table), { store: memory, version: '1' });
    for (const id of ids) expect(Uint8Array.from((await store.read(id))!)).toEqual(await memory.read(id));
    expect(await store.list()).toEqual(await memory.list());
    const names = await readdir(join(folder, 'results'));
    expect(names.filter((name) => !name.endsWith('.result'))).toEqual([]);
    const file = join(folder, 'results', names[0]);
    const bytes = await readFile(file);
    await writeFile(file, bytes.subarray(0, bytes.length - 9));
    const again = await runStudy(jobs, here(table), { store, version: '1' });
    expect([again.found, again.complete]).toEqual([2, true]);
    expect(await readFile(file)).toEqual(bytes);
    expect((await readdir(join(folder, 'results'))).filter((name) => name.endsWith('.broken')).length).toBe(1);
  });
});
