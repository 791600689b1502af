// Oracle: the network that was trained. A file of its weights read in another way is another network, and must be refused or told.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseNpz, sloppyGaussian, writeNpz } from '@hyperribbon/data';
import { beforeAll, describe, expect, it } from 'vitest';
import { guessing } from '../../src/input/guessing.js';
import { inProcess } from '../inProcess.js';
import { scratchFolder, type CliResult } from '../runCli.js';

const folder = scratchFolder();
const path = (name: string): string => join(folder, name);
const net = path('net.npz');
const classes = 4;

beforeAll(async () => {
  const { inputs, labels, count, features } = sloppyGaussian({
    dimension: 6,
    decay: 0.2,
    count: 600,
    classes,
    seed: 2,
  });
  const rows = Array.from({ length: count }, (_, i) =>
    [...inputs.subarray(i * features, (i + 1) * features), labels[i]].join(','),
  );
  writeFileSync(path('points.csv'), rows.join('\n'));
  const options = [
    '--architecture',
    'mlp:tanh:12,12',
    '--epochs',
    '60',
    '--batch-size',
    '50',
    '--learning-rate',
    '0.02',
  ];
  expect((await inProcess(['train', '--data', path('points.csv'), ...options, '--out', net])).code).toBe(0);
  const { architecture: _architecture, ...bare } = Object.fromEntries(parseNpz(readFileSync(net)));
  writeFileSync(path('bare.npz'), writeNpz(bare));
  const turned = Float32Array.from({ length: 144 }, (_, k) =>
    Number(bare['W2'].data[(k % 12) * 12 + Math.floor(k / 12)]),
  );
  writeFileSync(path('turned.npz'), writeNpz({ ...bare, W2: { shape: [12, 12], data: turned } }));
  const noise = Float32Array.from({ length: 72 }, (_, k) => 3 * Math.sin(7 * k * k));
  writeFileSync(path('noise.npz'), writeNpz({ ...bare, W1: { shape: [6, 12], data: noise } }));
});

const spectrum = (file: string, ...more: string[]): Promise<CliResult> =>
  inProcess(['spectrum', '--model', path(file), '--data', path('points.csv'), '--top', '2', '--workers', '1', ...more]);

describe('weights that train wrote', () => {
  it('say of themselves what network they are of, and are refused as another', async () => {
    const alone = await spectrum('net.npz', '--json', path('own.json'));
    expect(alone.code).toBe(0);
    expect(alone.stderr).not.toContain('warning');
    expect(JSON.parse(readFileSync(path('own.json'), 'utf8'))).toMatchObject({
      architecture: 'mlp:tanh:6,12,12,4',
      warnings: [],
    });
    expect((await spectrum('net.npz', '--architecture', 'mlp:tanh')).code).toBe(0);
    const other = await spectrum('net.npz', '--architecture', 'mlp:relu');
    expect(other.code).toBe(2);
    expect(other.stderr).toMatch(
      /--architecture: .*net\.npz was written for mlp:tanh:6,12,12,4, not for mlp:relu:6,12,12,4/u,
    );
  });

  it('are readable for others: numbers, and a name in ASCII', () => {
    const arrays = parseNpz(readFileSync(net));
    expect(Buffer.from(arrays.get('architecture')!.data as Uint8Array).toString('ascii')).toBe('mlp:tanh:6,12,12,4');
  });
});

describe('weights that do not say it', () => {
  it('need an architecture', async () => {
    expect((await spectrum('bare.npz')).stderr).toMatch(
      /--architecture: .*does not say what network its weights are of\. Name it/u,
    );
  });

  it.each([
    ['bare.npz', 'mlp:tanh', undefined],
    ['bare.npz', 'mlp:relu', /warning: as mlp:tanh the same weights have loss /u],
    ['turned.npz', 'mlp:tanh', /warning: with its square matrices transposed the same weights have loss /u],
    ['turned.npz', 'mlp:relu', /warning: as mlp:tanh and with its square matrices transposed the same/u],
    [
      'noise.npz',
      'mlp:tanh',
      /warning: the (?:network is no better than|loss of the network is above that of) guessing/u,
    ],
  ])('%s as %s: warned of exactly if another reading suits the data better', async (file, architecture, words) => {
    const { code, stderr, stdout } = await spectrum(file, '--architecture', architecture);
    expect(code).toBe(0);
    expect(stdout).toMatch(/loss [\d.]+ \(guessing 1\.3\d+\), error [\d.]+ % \(guessing 7\d\.\d+ %\)/u);
    if (words === undefined) expect(stderr).not.toContain('warning');
    else expect(stderr).toMatch(words);
  });
});

describe('guessing', () => {
  it.each([
    [[0, 0, 0, 1], 2, 0.25, 0.5623351446188083],
    [[0, 1, 2, 3], 4, 0.75, Math.log(4)],
    [[2, 2, 2], 3, 0, 0],
    [[0], 1, 0, 0],
  ])('over labels %j of %i classes errs on %d, with loss %d', (labels, classes, error, loss) => {
    const found = guessing({ labels: Int32Array.from(labels), classes });
    expect(found.error).toBe(error);
    expect(Math.abs(found.loss - loss)).toBeLessThan(1e-15);
  });
});
