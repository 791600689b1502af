// Oracle: a network that train wrote, export wrote again and inspect reads is the same network.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseNpz } from '@hyperribbon/data';
import { onnxNetwork } from '@hyperribbon/onnx';
import { expect, it } from 'vitest';
import { inProcess } from '../inProcess.js';
import { scratchFolder } from '../runCli.js';

const folder = scratchFolder();
const path = (name: string): string => join(folder, name);

it('weights that train wrote are those of the file that export writes', async () => {
  const rows = Array.from({ length: 60 }, (_, i) => [Math.sin(i), Math.cos(3 * i), i % 2].join(','));
  writeFileSync(path('points.csv'), rows.join('\n'));
  const train = ['train', '--data', path('points.csv'), '--architecture', 'mlp:relu:3', '--epochs', '2'];
  expect((await inProcess([...train, '--out', path('net.npz')])).code).toBe(0);
  expect((await inProcess(['export', path('net.npz'), '--out', path('net.onnx')])).code).toBe(0);
  const { network, params } = onnxNetwork(readFileSync(path('net.onnx')));
  const arrays = parseNpz(readFileSync(path('net.npz')));
  expect(network.parameters.map(({ name }) => name)).toEqual(['W1', 'b1', 'W2', 'b2']);
  expect([...params]).toEqual(network.parameters.flatMap(({ name }) => Array.from(arrays.get(name)!.data, Number)));
});
