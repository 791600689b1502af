// Oracle: files copied by hand from the folder of one run into that of another. A certificate beside them is not passed over in silence.
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRecord, writeRecord } from '../../src/runs/runRecord.js';
import { points } from '../cases/files.js';
import { inProcess } from '../inProcess.js';
import { scratchFolder } from '../runCli.js';

const folder = scratchFolder();
const [one, two] = ['one', 'two'].map((name) => join(folder, name));
const bound = [
  'bound',
  '--data',
  points,
  '--architecture',
  'mlp:tanh:3',
  '--epochs',
  '1',
  '--passes',
  '1',
  '--batch-size',
  '10',
];
await inProcess([...bound, '--out', one]);
await inProcess([...bound, '--seed', '1', '--out', two]);

const verify = (...args: string[]) => inProcess(['verify', ...args]);
const clean = await verify(join(one, 'certificate.json'));

describe('verify', () => {
  it('has nothing against the files of one run, and takes the folder for its certificate', async () => {
    expect(clean.stdout).not.toMatch(/different runs/);
    expect(clean.code).toBe(3);
    expect(await verify(one)).toEqual(clean);
  });

  it.each(['report.json', 'report.html', 'posterior.npz', 'breakdown.svg'])(
    'tells that %s is of another run',
    async (name) => {
      const own = readFileSync(join(one, name));
      copyFileSync(join(two, name), join(one, name));
      const { code, stdout } = await verify(join(one, 'certificate.json'));
      expect(stdout).toContain(`✘ files of different runs: ${name} is not the one that the run of this folder wrote`);
      expect(code).toBe(1);
      const json = await verify(one, '--json');
      expect(JSON.parse(json.stdout)).toMatchObject({ folder: [expect.stringContaining(name) as string] });
      expect(json.code).toBe(1);
      rmSync(join(one, name));
      expect((await verify(one)).stdout).toContain(`${name}, which the run wrote, is not there`);
      writeFileSync(join(one, name), own);
      expect((await verify(one)).code).toBe(3);
    },
  );

  it('tells a whole other certificate, and a run that died while it wrote', async () => {
    const own = readFileSync(join(one, 'certificate.json'));
    copyFileSync(join(two, 'certificate.json'), join(one, 'certificate.json'));
    expect((await verify(one)).stdout).toContain('certificate.json is not the one');
    writeFileSync(join(one, 'certificate.json'), own);
    writeRecord(one, { ...readRecord(one, 'test')!, status: 'writing' });
    const { code, stdout } = await verify(one);
    expect(stdout).toContain('stopped while its results were written');
    expect(code).toBe(1);
  });

  it('says nothing of a certificate that stands alone, or under another name', async () => {
    copyFileSync(join(two, 'certificate.json'), join(one, 'copy.json'));
    expect((await verify(join(one, 'copy.json'))).code).toBe(3);
    copyFileSync(join(two, 'certificate.json'), join(folder, 'alone.json'));
    expect((await verify(join(folder, 'alone.json'))).code).toBe(3);
  });
});
