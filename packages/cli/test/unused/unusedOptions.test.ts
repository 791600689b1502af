// Oracle: an option that is given is used, or refused by its name. What a setting has no use for is found by unusedOptions.soak.mjs, which compares numbers.
import { readFileSync } from 'node:fs';
import { parseNpz, writeNpy } from '@hyperribbon/data';
import { describe, expect, it } from 'vitest';
import { boundOptions } from '../../src/bound/boundOptions.js';
import { trainOptions } from '../../src/commands/train.js';
import { spectrumOptions } from '../../src/commands/spectrum.js';
import { dataOptions } from '../../src/options/shared.js';
import { weightsOptions } from '../../src/weights/weightsOptions.js';
import { flagOf } from '../../src/options/option.js';
import { file, good, inputs, labels, out, table, x, y } from '../cases/files.js';
import { spectral } from '../cases/weights.js';
import { inProcess } from '../inProcess.js';

const points = file(
  'unused.csv',
  table((i, j) => Math.sin((i + 1) * (j + 1)).toFixed(4)),
);
const hot = file(
  'hot.npy',
  writeNpy({ shape: [6, 2], data: Float32Array.from({ length: 12 }, (_, i) => Number([0, 3].includes(i % 4))) }),
);
const bound = (...typed: string[]) =>
  inProcess(['bound', '--data', points, '--architecture', 'mlp:tanh:3', '--out', out('unused'), ...typed]);

describe('bound refuses', () => {
  const drawn = ['--method', 'method4', '--basis', 'directions'];
  it.each<[readonly string[], string]>([
    [['--kl-weight', '0.2'], '--kl-weight: goes with --objective bbb'],
    [['--kl-weight', '0.1'], '--kl-weight: goes with --objective bbb'],
    [['--prior-epochs', '20'], '--prior-epochs: goes with --prior-fraction'],
    [['--prior-shift', '1'], '--prior-shift: goes with --prior-fraction'],
    [['--method', 'isotropic', '--factors', 'kfra'], '--factors: goes with method2, method3 and method4'],
    [[...drawn, '--factors', 'kfac'], '--factors: goes with method2, method3 and method4'],
    [['--method', 'isotropic', '--basis', 'input'], '--basis: goes with method2, method3 and method4'],
    [['--method', 'layered', '--basis', 'full'], '--basis: goes with method2, method3 and method4'],
    [[...drawn, '--means', 'basis'], '--means: goes without --basis directions'],
    [[...drawn, '--passes', '3'], '--passes: goes with fresh weights for every example'],
    [
      [...drawn, '--initial-variances', 'eigenvalues', '--initial-std', '0.2'],
      '--initial-std: goes with --initial-variances factor and analytic',
    ],
    [
      ['--method', 'method3', '--basis', 'directions', '--fisher', 'exact'],
      '--fisher: goes with the eigenvectors of method2',
    ],
    [['--networks', '60'], '--networks: goes with method2, method3 and method4'],
    [['--directions', '3'], '--directions: goes with method2, method3 and method4'],
  ])('%j', async (typed, message) => {
    const { code, stderr } = await bound(...typed);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  it('no option whose condition is met, and tells all conditions in the help', () => {
    const conditional = Object.entries(boundOptions).flatMap(([name, { goesWith }]) =>
      goesWith === undefined ? [] : [name],
    );
    expect(conditional.toSorted()).toEqual([
      'curvatureExamples',
      'directions',
      'draws',
      'examplesPerNetwork',
      'factors',
      'fisher',
      'initialVariances',
      'klWeight',
      'networks',
      'passes',
      'priorEpochs',
      'priorShift',
    ]);
    for (const name of conditional)
      expect(boundOptions[name as keyof typeof boundOptions], name).not.toHaveProperty('value');
  });
});

describe('verify refuses what is said of draws where nothing is drawn', () => {
  const certificate = file('unused-certificate.json', '{}');
  it.each([
    [['--passes', '3'], '--passes: is of what is done again with --data and --model'],
    [['--seed', '3', '--data', points], '--seed: is of what is done again with --data and --model'],
    [['--level', '0.1', '--model', good], '--level: is of what is done again with --data and --model'],
    [['--skip-training'], '--skip-training: is of what is done again'],
    [['--random-labels', '3'], '--random-labels: is about --data or --inputs'],
    [['--task', 'digits'], '--task: is about --data or --inputs'],
    [['--labels', y], '--labels: is about --data or --inputs'],
  ])('%j', async (typed, message) => {
    const { code, stderr } = await inProcess(['verify', certificate, ...typed]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

it('rows with equal inputs are nothing to MNIST, which comes split', async () => {
  for (const command of ['train', 'analyze', 'bound', 'measures']) {
    const { code, stderr } = await inProcess([command, '--repeated-rows', 'independent', '--out', out('refused')]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--repeated-rows: is of files')]);
  }
});

describe('every option of a cheap command changes what it writes, or is refused', () => {
  const weights = out('unused.npz');
  const train = [
    '--data',
    points,
    '--architecture',
    'mlp:tanh:3',
    '--epochs',
    '2',
    '--batch-size',
    '10',
    '--deterministic',
    '--force',
    '--out',
    weights,
  ];
  const spectrum = [
    '--model',
    good,
    '--architecture',
    'mlp:tanh',
    '--inputs',
    x,
    '--labels',
    y,
    '--workers',
    '1',
    '--tol',
    '1e-9',
  ];

  async function outcome(command: string, args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await inProcess([command, ...args]);
    if (code !== 0) return `refused ${stderr}`;
    const errors = /error [^(]*/.exec(stderr)?.[0] ?? '';
    return command === 'train'
      ? errors + [...parseNpz(readFileSync(weights)).values()].map(({ data }) => [...data].join()).join()
      : stdout;
  }

  const others: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
    train: {
      architecture: ['mlp:relu:3'],
      epochs: ['3'],
      batchSize: ['7'],
      target: ['2'],
      answers: ['real'],
      tokens: [''],
      learningRate: ['0.1'],
      finalRate: ['0.1'],
      optimizer: ['sgd'],
      schedule: ['linear'],
      warmUp: ['3'],
      weightDecay: ['0.1'],
      clip: ['0.001', '--optimizer', 'sgd'],
      augment: ['mixup:0.5'],
      labelSmoothing: ['0.1'],
      sam: ['0.1'],
      asam: ['0.5'],
      normBias: ['5:0.1'],
      microBatch: ['3', '--dtype', 'float32'],
      test: [
        file(
          'unused-test.csv',
          table((i, j) => (Math.cos(i + j) + j).toFixed(4), 13),
        ),
      ],
      testLabels: [
        labels('ones.npy', [1, 1, 1, 1]),
        '--test',
        inputs('four.npy', [4, 3], (i) => i / 7),
        '--test-labels',
        labels('zeros.npy', [0, 0, 0, 0]),
      ],
      seed: ['4'],
      dtype: ['float64'],
      repeatedRows: [
        'independent',
        '--data',
        file(
          'unused-twice.csv',
          table((i, j) => Math.sin((i % 30) * (j + 1)).toFixed(4)),
        ),
      ],
    },
    spectrum: {
      operator: ['ggn'],
      target: ['2'],
      answers: ['real', '--labels', hot],
      tokens: [''],
      which: ['SA'],
      dtype: ['float64'],
      top: ['3'],
      full: [''],
      maxMatvecs: ['4'],
      parameters: ['2$'],
      architecture: ['mlp:relu'],
      seed: ['5', '--operator', 'fisher'],
    },
    weights: {
      draws: ['40'],
      fast: ['', '--layers', 'W1|conv|b1|embed|tiny|steps'],
      embeddings: [''],
      layers: ['^W1$'],
      seed: ['8'],
      compare: [spectral],
    },
  };
  const untried: Readonly<Record<string, readonly string[]>> = {
    // folders, threads, formats and what the same bits in every runtime cost
    train: ['out', 'force', 'deterministic', 'workers', 'checkpoint', 'record'],
    spectrum: ['model', 'json', 'workers', 'deterministic', 'tol'],
    weights: ['out', 'force', 'json'],
  };

  it.each([
    ['train', trainOptions, train],
    ['spectrum', spectrumOptions, spectrum],
    ['weights', weightsOptions, [spectral]],
  ] as const)('%s', async (command, options, base) => {
    const tried = [...Object.keys(others[command]), ...untried[command], ...Object.keys(dataOptions)];
    expect(Object.keys(options).filter((name) => !tried.includes(name))).toEqual([]);
    for (const [name, [value, ...beside]] of Object.entries(others[command])) {
      const before = await outcome(command, [...base, ...beside]);
      const after = await outcome(command, [...base, ...beside, flagOf(name), ...(value === '' ? [] : [value])]);
      expect(before, name).not.toMatch(/^refused/);
      expect(after, name).not.toBe(before);
      if (after.startsWith('refused')) expect(after).toContain(flagOf(name));
    }
  });

  it.each([
    ['--which', 'SA'],
    ['--tol', '1e-3'],
    ['--max-matvecs', '3'],
    ['--top', '3'],
  ])('%s says nothing to the whole spectrum', async (option, value) => {
    const { code, stderr } = await inProcess([
      'spectrum',
      '--model',
      good,
      '--architecture',
      'mlp:tanh',
      '--inputs',
      x,
      '--labels',
      y,
      '--full',
      option,
      value,
    ]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/cannot be used with option/)]);
  });
});
