// Oracle: identity. The number of threads changes no bit of the result.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sloppyGaussian } from '@hyperribbon/data';
import { runCli, scratchFolder } from './runCli.js';

test('spectrum --workers 1 and 2 write the same values', async () => {
  const folder = scratchFolder();
  const { inputs, labels, count } = sloppyGaussian({ dimension: 6, decay: 0.4, count: 2500, classes: 3, seed: 5 });
  const csv = join(folder, 'points.csv');
  const line = (i: number): string => [...inputs.subarray(6 * i, 6 * i + 6), labels[i]].join(',');
  writeFileSync(csv, Array.from({ length: count }, (_, i) => line(i)).join('\n'));
  const model = join(folder, 'net.npz');
  await runCli(['train', '--data', csv, '--architecture', 'mlp:tanh:5', '--epochs', '2', '--out', model]);
  const values = async (workers: string): Promise<unknown> => {
    const json = join(folder, `${workers}.json`);
    const options = ['--data', csv, '--top', '4', '--workers', workers, '--json', json];
    const { code } = await runCli(['spectrum', '--model', model, '--architecture', 'mlp:tanh', ...options]);
    expect(code).toBe(0);
    return JSON.parse(readFileSync(json, 'utf8')).values;
  };
  const one = await values('1');
  expect(one).toHaveLength(4);
  expect(await values('2')).toEqual(one);
});
