import { badSources, folder, good, out, points, x, y, type CommandCase } from './files.js';

interface Record {
  readonly eigenvalues: readonly number[];
  readonly trace: number;
  readonly rank: number;
  readonly fit?: { readonly from: number; readonly to: number };
}

const inputs = (...args: string[]): string[] => ['inputs', ...args];

export const inputsCases: readonly CommandCase[] = [
  ...badSources(['inputs'])
    // which it does without
    .filter(({ name }) => name !== 'inputs without labels')
    .map((one) => (one.args.includes('--task') ? { ...one, stderr: /unknown option '--task'/ } : one)),
  {
    name: 'inputs without labels',
    args: inputs('--inputs', x),
    code: 0,
    stderr: /input spectrum of .*x\.npy, 6 examples/,
  },
  {
    name: 'the spectrum of a table',
    args: inputs('--data', points),
    code: 0,
    stdout: /trace \d.*numerical rank \(1e-10 relative\) 3\n/s,
    stderr: /input spectrum of .*points\.csv, 60 examples/,
  },
  {
    name: 'a record whose eigenvalues add up to the trace',
    args: inputs('--data', points, '--fit', '0:2', '--json', out('inputs.json')),
    code: 0,
    stdout: /slope of ln λ over 0\.\.2/,
    record: [
      out('inputs.json'),
      ({ eigenvalues, trace, rank, fit }: Record) =>
        Math.abs(eigenvalues.reduce((a, b) => a + b, 0) / trace - 1) < 1e-12 && rank === 3 && fit?.to === 2,
    ],
  },
  {
    name: 'npy files with labels, with too few eigenvalues for a slope',
    args: inputs('--inputs', x, '--labels', y),
    code: 0,
    stdout: /too few eigenvalues above the noise floor/,
  },
  {
    name: 'a window that is no window',
    args: inputs('--data', points, '--fit', '3'),
    stderr: /--fit: expected FROM:TO/,
  },
  { name: 'a window of two values', args: inputs('--data', points, '--fit', '0:1'), stderr: /--fit: .*FROM \+ 2 ≤ TO/ },
  { name: 'a window beyond the features', args: inputs('--data', points, '--fit', '0:3'), stderr: /--fit: .*TO < 3/ },
  {
    name: 'a record that is a folder',
    args: inputs('--data', points, '--json', folder),
    stderr: /--json: .* is a folder/,
  },
  {
    name: 'a record below a file',
    args: inputs('--data', points, '--json', `${good}/a.json`),
    stderr: /--json: cannot write/,
  },
];
