// Oracle: a bound of a network that comes as ONNX starts at its weights; one that holds learnt statistics has none.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mlp, withBuffers } from '@hyperribbon/nn';
import { parseStack } from '@hyperribbon/nn/models';
import { onnxOf } from '@hyperribbon/onnx';
import { parseStudy } from '@hyperribbon/report';
import { expect, test } from 'vitest';
import { points } from '../cases/files.js';
import { inProcess } from '../inProcess.js';
import { scratchFolder } from '../runCli.js';

const folder = scratchFolder();
const path = (name: string): string => join(folder, name);
const bound = (model: string, ...more: string[]) =>
  inProcess(['bound', '--data', points, '--model', path(model), '--method', 'isotropic', '--passes', '1', ...more]);

test('bound starts at the weights of an ONNX file', async () => {
  const network = mlp([3, 4, 2], { activation: 'relu' });
  writeFileSync(path('net.onnx'), onnxOf(network, network.init(2)));
  const { code, stderr } = await bound('net.onnx', '--epochs', '1', '--batch-size', '20', '--out', path('bound'));
  expect(stderr).not.toMatch(/internal fault/);
  expect(code).toBe(0);
  const { setting, sections } = parseStudy(readFileSync(path('bound/report.json'), 'utf8'));
  expect([setting!.architecture, sections.networkBound!.weights]).toEqual(['net.onnx', network.size]);
  const { caveats } = JSON.parse(readFileSync(path('bound/certificate.json'), 'utf8')) as { caveats: string[] };
  expect(caveats.some((caveat) => caveat.includes('net.onnx: that its function and constants were fixed'))).toBe(true);
  const told = await bound('net.onnx', '--architecture', 'mlp:relu:4', '--out', path('told'));
  expect([told.code, told.stderr]).toEqual([2, expect.stringMatching(/says itself what network it is/)]);
}, 60_000);

test('bound refuses statistics that were learnt', async () => {
  const network = parseStack({
    input: [3],
    layers: [
      { kind: 'linear', out: 4 },
      { kind: 'batchNorm', name: 'bn' },
      { kind: 'linear', out: 2 },
    ],
  });
  const learnt = withBuffers(network, { 'bn.running_mean': Float32Array.of(1, 2, 3, 4) });
  writeFileSync(path('norms.onnx'), onnxOf(learnt, learnt.init(2)));
  const { code, stderr } = await bound('norms.onnx', '--out', path('refused'));
  expect([code, stderr]).toEqual([2, expect.stringMatching(/norms\.onnx holds running statistics/)]);
});
