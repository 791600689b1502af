// Oracle: the promise that every mistake of a user ends with exit code 2, a sentence that says what to do, and no file.
import { existsSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeNpy, writeNpz } from '@hyperribbon/data';
import { runCli, scratchFolder } from './runCli.js';

const folder = scratchFolder();
const file = (name: string, bytes: Uint8Array | string): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};

const weights = (
  change: (arrays: Map<string, { shape: number[]; data: Float32Array }>) => void = () => {},
): Uint8Array => {
  const arrays = new Map([
    ['W1', { shape: [4, 3], data: Float32Array.from({ length: 12 }, (_, i) => Math.fround(0.1 * i - 0.5)) }],
    ['b1', { shape: [3], data: new Float32Array(3) }],
    ['W2', { shape: [3, 2], data: Float32Array.from({ length: 6 }, (_, i) => Math.fround(0.3 - 0.1 * i)) }],
    ['b2', { shape: [2], data: new Float32Array(2) }],
  ]);
  change(arrays);
  return writeNpz(arrays);
};
const good = file('good.npz', weights());
const x = file('x.npy', writeNpy({ shape: [6, 4], data: Float32Array.from({ length: 24 }, (_, i) => (i % 5) / 5) }));
const y = file('y.npy', writeNpy({ shape: [6], data: Uint8Array.from([0, 1, 0, 1, 1, 0]) }));

const spectrum = (options: Record<string, string>): string[] => {
  const all = { '--model': good, '--architecture': 'mlp:tanh', '--inputs': x, '--labels': y, '--top': '2', ...options };
  return ['spectrum', ...Object.entries(all).flat()];
};

const nanInputs = Float32Array.from({ length: 24 }, () => 0.5);
nanInputs[9] = NaN;

const cases: readonly [string, string[], RegExp][] = [
  ['an unknown command', ['spectra'], /unknown command/],
  ['an unknown option', ['inputs', '--dat', 'x'], /unknown option/],
  ['a missing model', spectrum({ '--model': join(folder, 'none.npz') }), /--model: cannot read .*no such file/],
  ['missing inputs', spectrum({ '--inputs': join(folder, 'none.npy') }), /cannot read .*no such file/],
  ['a model that is no npz', spectrum({ '--model': file('text.npz', 'hello') }), /zip|npz/],
  ['an unknown weight format', spectrum({ '--model': file('w.bin', 'hello') }), /cannot tell the format/],
  ['an architecture that does not fit the weights', spectrum({ '--architecture': 'lenet' }), /conv1\.weight/],
  ['an unknown activation', spectrum({ '--architecture': 'mlp:swish' }), /activation/],
  [
    'a layer that does not fit the one before',
    spectrum({
      '--model': file(
        'shape.npz',
        weights((a) => a.set('W2', { shape: [2, 3], data: new Float32Array(6) })),
      ),
    }),
    /W2.*transposed/,
  ],
  [
    'NaN in the weights',
    spectrum({
      '--model': file(
        'nan.npz',
        weights((a) => (a.get('W1')!.data[3] = NaN)),
      ),
    }),
    /weights must be finite, got NaN in "W1"/,
  ],
  [
    'NaN in the data',
    spectrum({ '--inputs': file('nan.npy', writeNpy({ shape: [6, 4], data: nanInputs })) }),
    /must be finite, got NaN at example 2, feature 1/,
  ],
  [
    'a label out of range',
    spectrum({ '--labels': file('label.npy', writeNpy({ shape: [6], data: Uint8Array.from([0, 1, 0, 1, 7, 0]) })) }),
    /label.*7/,
  ],
  [
    'too few labels',
    spectrum({ '--labels': file('short.npy', writeNpy({ shape: [5], data: new Uint8Array(5) })) }),
    /labels must have shape \(6,\)/,
  ],
  [
    'inputs of the wrong width',
    spectrum({ '--inputs': file('wide.npy', writeNpy({ shape: [6, 5], data: new Float32Array(30) })) }),
    /5 features.*takes 4/,
  ],
  [
    'no examples',
    spectrum({
      '--inputs': file('none0.npy', writeNpy({ shape: [0, 4], data: new Float32Array(0) })),
      '--labels': file('none1.npy', writeNpy({ shape: [0], data: new Uint8Array(0) })),
    }),
    /there are no inputs/,
  ],
  ['more eigenvalues than weights', spectrum({ '--top': '1000' }), /--top: .*at most 23/],
  ['--top 0', spectrum({ '--top': '0' }), /--top: must be a whole number at least 1/],
  ['a seed that is no number', spectrum({ '--seed': 'abc' }), /--seed: must be a whole number/],
  ['a negative tolerance', spectrum({ '--tol': '-1' }), /--tol: must be a positive number/],
  ['an operator that does not exist', spectrum({ '--operator': 'jacobian' }), /Allowed choices/],
  ['output in a folder that is a file', spectrum({ '--json': join(good, 'out.json') }), /--json: cannot write/],
  ['output that is a folder', spectrum({ '--json': folder }), /is a folder/],
  ['a range of MNIST that does not exist', ['inputs', '--data', 'mnist:train:5:70000'], /FROM < TO ≤ 60000/],
  ['both ends alike', ['inputs', '--data', 'mnist:train:5:5'], /FROM < TO/],
  ['a csv with text', ['inputs', '--data', file('text.csv', '1,2,0\n3,x,1\n')], /csv/],
  ['a csv of one example', ['train', '--data', file('one.csv', '1,2,0\n'), '--out', join(folder, 'w.npz')], /too few/],
  ['inputs without labels', ['inputs', '--inputs', x], /--labels: .*holds inputs only/],
  ['--data and --inputs', ['inputs', '--inputs', x, '--data', 'mnist'], /give one of the two/],
];

describe.concurrent('a mistake ends with exit code 2 and a sentence that says what to do:', () => {
  for (const [name, args, message] of cases) {
    test(name, async () => {
      const result = await runCli(args);
      expect(result.stderr).toMatch(message);
      expect(result.stderr).not.toMatch(/\n {4}at /); // no stack
      expect(result.code).toBe(2);
      expect(existsSync(join(folder, 'w.npz'))).toBe(false);
    });
  }
});

test('an output folder that cannot be made is refused before any work', async () => {
  mkdirSync(join(folder, 'taken'), { recursive: true });
  const result = await runCli(['analyze', '--data', x, '--labels', y, '--out', join(good, 'report')]);
  expect(result.code).toBe(2);
  expect(result.stderr).toMatch(/--out: cannot write/);
});
