// Oracle: the promise that every mistake of a user ends with exit code 2 and a sentence that says what to do, before any work.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { writeNpy } from '@hyperribbon/data';
import { main } from '../src/main.js';
import { runCli, scratchFolder } from './runCli.js';

const folder = scratchFolder();
const file = (name: string, bytes: Uint8Array | string): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};
const points = (value: (i: number, j: number) => string | number, count = 30): string =>
  Array.from({ length: count }, (_, i) => [0, 1, 2].map((j) => value(i, j)).join(',') + `,${i % 2}`).join('\n');
const good = file(
  'good.csv',
  points((i, j) => ((i * 7 + j * 3) % 11) / 10),
);
const nan = Float32Array.from({ length: 60 }, (_, i) => i / 60);
nan[7] = NaN;
const labels = file('y.npy', writeNpy({ shape: [20], data: Uint8Array.from({ length: 20 }, (_, i) => i % 2) }));

const cases: readonly [string, string[], RegExp][] = [
  ['an unknown option', ['--quik'], /unknown option/],
  ['a file that is not there', ['--data', join(folder, 'none.csv')], /cannot read .*no such file/],
  ['a csv with text', ['--data', file('text.csv', '1,2,0\n3,x,1\n')], /csv/],
  [
    'too few examples',
    [
      '--data',
      file(
        'few.csv',
        points((i) => i, 5),
      ),
    ],
    /too few/,
  ],
  [
    'inputs that are all zero',
    [
      '--data',
      file(
        'zero.csv',
        points(() => 0),
      ),
    ],
    /--data: all inputs are zero/,
  ],
  [
    'one class',
    ['--data', file('class.csv', points((i, j) => i + j).replaceAll(/,1$/gm, ',0'))],
    /nothing to tell apart/,
  ],
  [
    'two features',
    ['--data', file('two.csv', points((i, j) => i * j + 1).replaceAll(/^\d+,/gm, ''))],
    /give at least 3/,
  ],
  [
    'more features than can be diagonalised',
    [
      '--inputs',
      file('wide.npy', writeNpy({ shape: [20, 5000], data: new Float32Array(100_000).fill(1) })),
      '--labels',
      labels,
    ],
    /--data: 5000 features .* at most 4096/,
  ],
  [
    'NaN in the inputs',
    ['--inputs', file('nan.npy', writeNpy({ shape: [20, 3], data: nan })), '--labels', labels],
    /must be finite, got NaN at example 2, feature 1/,
  ],
  [
    'inputs without labels',
    ['--inputs', file('x.npy', writeNpy({ shape: [20, 3], data: new Float32Array(60).fill(1) }))],
    /--labels/,
  ],
  ['a range of MNIST that does not exist', ['--data', 'mnist:train:5:70000'], /FROM < TO ≤ 60000/],
  ['no seeds', ['--seeds', '0'], /--seeds: must be a whole number from 1/],
  ['a seed that is no number', ['--seed', 'abc'], /--seed: must be a whole number/],
  ['no epochs', ['--epochs', '0'], /--epochs: must be a whole number/],
  ['half an epoch', ['--epochs', '0.5'], /--epochs: must be a whole number/],
  ['one sample', ['--samples', '1'], /--samples: must be a whole number at least 2/],
  ['one training example', ['--train-examples', '1'], /--train-examples: must be a whole number at least 2/],
  ['one simulated run', ['--regression-runs', '1'], /--regression-runs: must be a whole number at least 2/],
  ['one step', ['--regression-steps', '1'], /--regression-steps: must be a whole number at least 2/],
  ['no workers', ['--workers', '0'], /--workers: must be a whole number from 1 to 64/],
  ['runs in a folder that is a file', ['--runs', join(good, 'runs')], /--runs: cannot write/],
];

/** The command line in this process: nothing is computed, so there is no need for another. */
async function run(args: readonly string[]): Promise<{ readonly code: number; readonly stderr: string }> {
  let stderr = '';
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
  try {
    return { code: await main(['node', 'hyperribbon', ...args]), stderr };
  } finally {
    spy.mockRestore();
  }
}

describe('a mistake ends with exit code 2 and a sentence that says what to do:', () => {
  for (const [name, args, message] of cases) {
    test(name, async () => {
      const out = join(folder, name.replaceAll(' ', '-'));
      const data = args.includes('--data') || args.includes('--inputs') ? [] : ['--data', good];
      const result = await run(['ribbon', '--quick', '--out', out, ...data, ...args]);
      expect(result.stderr).toMatch(message);
      expect(result.stderr).not.toMatch(/\n {4}at /); // no stack
      expect(result.code).toBe(2);
      expect(existsSync(join(out, 'report.json'))).toBe(false);
    });
  }
});

test('an output folder that cannot be made is refused by the installed command, too', async () => {
  const result = await runCli(['ribbon', '--data', good, '--out', join(good, 'report')]);
  expect(result.code).toBe(2);
  expect(result.stderr).toMatch(/--out: cannot write/);
});

test('inputs in one direction are refused as soon as their spectrum is known', async () => {
  const line = file(
    'line.csv',
    points((i) => i + 1),
  );
  const result = await runCli(['ribbon', '--quick', '--data', line, '--out', join(folder, 'line')]);
  expect(result.stderr).toMatch(/hyperribbon: .*--data: the training inputs span only 1 direction;/);
  expect(result.stderr).not.toMatch(/\n {4}at /);
  expect(result.code).toBe(2);
});
