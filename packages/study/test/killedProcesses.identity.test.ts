import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

const folders: string[] = [];
async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hyperribbon-study-'));
  folders.push(folder);
  return folder;
}
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

describe('a folder of results that processes share', () => {
  it('killed processes lose nothing: what others finish has the same bits', async () => {
    const program = new URL('fixtures/sweepProcess.mjs', import.meta.url).pathname;
    const [once0, killed] = [await freshFolder(), await freshFolder()];
    const start = (folder: string) => spawn(process.execPath, [program, folder], { stdio: 'ignore' });
    await once(start(once0), 'exit');
    // two at a time, killed at odd moments, until one comes through
    for (let round = 0, code: unknown; code !== 0; round++) {
      const pair = [start(killed), start(killed)];
      const kill = round < 4 ? setTimeout(() => pair[round % 2].kill('SIGKILL'), 60 + 37 * round) : undefined;
      const codes = await Promise.all(pair.map(async (child) => (await once(child, 'exit'))[0]));
      clearTimeout(kill);
      if (round >= 4) code = codes[0];
      expect(round).toBeLessThan(8);
    }
    const whole = (await readdir(once0)).sort();
    expect((await readdir(killed)).filter((name) => name.endsWith('.result')).sort()).toEqual(whole);
    expect(whole.length).toBe(40);
    for (const name of whole) expect(await readFile(join(killed, name))).toEqual(await readFile(join(once0, name)));
  });
});
