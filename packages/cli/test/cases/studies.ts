import { writeNpz } from '@hyperribbon/data';
import { certificate as small } from './certificate.js';
import {
  badSources,
  file,
  folder,
  good,
  inputs,
  labels,
  missing,
  out,
  points,
  table,
  type CommandCase,
} from './files.js';

const refused = out('refused');
const many = labels(
  'twenty.npy',
  Array.from({ length: 20 }, (_, i) => i % 2),
);

/** Refusals of a study: an exit code and a sentence before any work, and no report. */
function refusals(
  command: readonly string[],
  rows: readonly (readonly [name: string, args: readonly string[], stderr: RegExp])[],
): readonly CommandCase[] {
  return rows.map(([name, args, stderr]) => ({ name, args: [...command, ...args], stderr }));
}

/** Test examples of their own that cannot be. */
const badTests = [
  ['test examples that are not there', ['--test', `${missing}.csv`], /--test: cannot read .*no such file/],
  [
    'test examples of other features',
    ['--test', file('two-columns.csv', '1,0\n2,1\n')],
    /--test: .* has 1 features?, but .* have 3/,
  ],
  ['labels of no test', ['--test-labels', good], /--test-labels: goes with --test/],
  ['a test beside MNIST', ['--data', 'mnist', '--test', points], /--test: MNIST has test images of its own/],
] as const;

const analyze = ['analyze', '--out', refused];
export const analyzeCases: readonly CommandCase[] = [
  ...badSources(analyze),
  ...refusals(
    [...analyze, '--data', points],
    [
      ...badTests,
      ['an output folder that is a file', ['--out', `${good}/report`], /--out: cannot write/],
      ['a model that is not there', ['--model', `${missing}.npz`], /--model: cannot read/],
      [
        'a model of another network',
        ['--model', good, '--architecture', 'mlp:tanh:7'],
        /--architecture: .*does not fit/,
      ],
      ['no epochs', ['--epochs', '0'], /--epochs: must be a whole number at least 1/],
      ['one step per probe', ['--density-steps', '1'], /--density-steps: must be a whole number at least 2/],
      ['one probe', ['--density-probes', '1'], /--density-probes: must be a whole number at least 2/],
      ['no pull', ['--decay', '0'], /--decay: must be a positive number/],
      ['a bound that always fails', ['--delta', '0.99'], /--delta: must be in \(0, 0\.99\)/],
      ['a convention of nobody', ['--convention', '2n'], /Allowed choices are 2\(n-1\), 4\(n-1\)\/ln2/],
      ['65 workers', ['--workers', '65'], /--workers: must be a whole number from 1 to 64/],
      ['draws without examples', ['--examples-per-draw', '0'], /--examples-per-draw: must be a whole number/],
    ],
  ),
];

const measures = ['measures', '--out', refused];
/** Weights of a network 3-2-2 whose products are beyond all doubles. */
const overflowing = file(
  'overflowing.npz',
  writeNpz({
    W1: { shape: [3, 2], data: Float64Array.of(1e200, -1e200, 1e200, 1e200, 1e200, -1e200) },
    b1: { shape: [2], data: new Float64Array(2) },
    W2: { shape: [2, 2], data: Float64Array.of(1e200, 1e200, 1e200, 1e200) },
    b2: { shape: [2], data: new Float64Array(2) },
  }),
);

export const measuresCases: readonly CommandCase[] = [
  ...badSources(measures),
  ...refusals(
    [...measures, '--data', points],
    [
      ...badTests,
      ['an output folder that is a file', ['--out', `${good}/report`], /--out: cannot write/],
      ['a model that is not there', ['--model', `${missing}.npz`], /--model: cannot read/],
      [
        'a model of another network',
        ['--model', good, '--architecture', 'mlp:tanh:7'],
        /--architecture: .*does not fit/,
      ],
      ['a reference that is not there', ['--reference', `${missing}.npz`], /--reference: cannot read/],
      ['no epochs', ['--epochs', '0'], /--epochs: must be a whole number at least 1/],
      ['a bound that always fails', ['--delta', '0.99'], /--delta: must be in \(0, 0\.99\)/],
      ['a constant of zero', ['--c1', '0'], /--c1: must be a positive number/],
      [
        'searches that quick leaves out',
        ['--quick', '--search-examples', '9'],
        /--search-examples: .* --quick leaves out/,
      ],
      ['collapse of nothing', ['--collapse-examples', '0'], /--collapse-examples: must be a whole number/],
      [
        'training of a network that is given',
        ['--model', good, '--architecture', 'mlp:tanh', '--epochs', '3'],
        /--epochs: is of training, and --model is not trained/,
      ],
    ],
  ),
  {
    name: 'outputs that overflow leave ranks and measures, with the reason',
    args: [
      'measures',
      '--data',
      points,
      '--architecture',
      'mlp:relu:2',
      '--dtype',
      'float64',
      '--quick',
      '--model',
      overflowing,
      '--out',
      out('measures-overflow'),
      '--force',
    ],
    code: 0,
    writes: [out('measures-overflow/report.html'), out('measures-overflow/layer-spectra.svg')],
    record: [
      out('measures-overflow/report.json'),
      ({ sections, notes }: { sections: object; notes: { title: string; text: string }[] }) =>
        Object.keys(sections).sort().join() === 'complexityMeasures,layerRanks,training' &&
        notes.some(({ title, text }) => title === 'Bounds and margins' && / (\d+) of \1 margins/.test(text)) &&
        notes.some(({ title, text }) => title === 'Neural collapse' && text.startsWith('Not measured: ')),
    ],
  },
  {
    name: 'a small network is trained and measured',
    args: [
      'measures',
      '--data',
      points,
      '--architecture',
      'mlp:relu:3',
      '--quick',
      '--out',
      out('measures'),
      '--force',
    ],
    code: 0,
    stderr: /norms and bounds {2}\d+ bounds/,
    stdout: /path-norm/,
    writes: [out('measures/report.html'), out('measures/norm-bounds.svg'), out('measures/collapse.svg')],
    record: [
      out('measures/report.json'),
      ({ sections }: { sections: Record<string, { bounds: { name: string }[] }> }) =>
        ['normBounds', 'margins', 'complexityMeasures', 'layerRanks', 'collapse'].every((name) => name in sections) &&
        sections.normBounds.bounds.some(({ name }) => name === 'trivial'),
    ],
  },
];

const bound = ['bound', '--out', refused];
export const boundCases: readonly CommandCase[] = [
  ...badSources(bound),
  ...refusals(
    [...bound, '--data', points, '--architecture', 'mlp:tanh:3'],
    [
      ...badTests,
      ['an output folder that is a file', ['--out', `${good}/bound`], /--out: cannot write/],
      ['all examples for the prior', ['--prior-fraction', '1'], /--prior-fraction: must be in \[0, 1\)/],
      ['too few examples for the bound', ['--prior-fraction', '0.99'], /--prior-fraction: 0\.99 leaves \d+ examples/],
      [
        'a fixed scale of method4',
        ['--method', 'method4', '--prior-scale', 'fixed'],
        /--prior-scale: method4 has scales/,
      ],
      [
        'a prior above its grid',
        ['--method', 'isotropic', '--prior-variance', '5'],
        /--prior-variance: 5 is above 0\.1, where the grid/,
      ],
      [
        'a prior of method4 above its grid',
        ['--prior-variance', '5'],
        /--prior-variance: 5 is above 1, where the grid/,
      ],
      ['a rate of no training', ['--start-rate', '1e-3'], /--start-rate: goes with --start-epochs/],
      ['points as images', ['--prior-fraction', '0.5', '--prior-shift', '1'], /--prior-shift: needs square images/],
      ['nine pixels', ['--prior-shift', '9'], /--prior-shift: must be a whole number from 0 to 8/],
      ['a start from two places', ['--model', good, '--start-epochs', '1'], /cannot|fit|give one of the two/],
      ['directions of a dense network', ['--directions', '3'], /--directions: goes with method2, method3 and method4/],
      ['labels of a Fisher matrix that is not there', ['--fisher', 'exact'], /--fisher: goes with/],
      [
        'more directions than examples behind them',
        ['--method', 'method4', '--basis', 'directions', '--curvature-examples', '5', '--directions', '6'],
        /--directions: must be a whole number from 1 to 5/,
      ],
      ['means in a basis that moves', ['--method', 'method3', '--means', 'basis'], /--means: method3's basis moves/],
      ['means in no basis', ['--method', 'layered', '--means', 'basis'], /--means: goes with method2 and method4/],
      ['a part of the sides', ['--method', 'method3', '--basis', 'input'], /--basis: method3 turns all sides/],
      [
        'eigenvectors of no curvature',
        ['--method', 'isotropic', '--basis', 'directions'],
        /--basis: directions goes with/,
      ],
      ['a limit below what can be divided', ['--limit', '19'], /--limit: must be a whole number at least 20/],
      ['a number without its source', ['--published', '0.161'], /--published: expected a number and its source/],
      ['nothing to go on from', ['--resume'], /--resume: .* holds no run\. Leave --resume off/],
      ['results without a folder', ['--out', '-'], /--out: the results are several files; name a folder/],
      ['no passes', ['--passes', '0'], /--passes: must be a whole number at least 1/],
      ['a weight of nothing', ['--kl-weight', '0'], /--kl-weight: must be a positive number/],
    ],
  ),
];

const ribbon = ['ribbon', '--quick', '--out', refused];
const csv = (name: string, content: string): readonly string[] => ['--data', file(name, content)];
export const ribbonCases: readonly CommandCase[] = [
  ...badSources(ribbon),
  ...refusals(ribbon, [
    ['an output folder that is a file', ['--data', points, '--out', `${good}/report`], /--out: cannot write/],
    ['runs in a folder that is a file', ['--data', points, '--runs', `${good}/runs`], /--runs: cannot write/],
    [
      'too few examples',
      csv(
        'few.csv',
        table((i) => i, 5),
      ),
      /too few/,
    ],
    [
      'inputs that are all zero',
      csv(
        'zero.csv',
        table(() => 0),
      ),
      /--data: all inputs are zero/,
    ],
    ['one class', csv('class.csv', table((i, j) => i + j).replaceAll(/,1$/gm, ',0')), /nothing to tell apart/],
    ['two features', csv('two.csv', table((i, j) => i * j + 1).replaceAll(/^\d+,/gm, '')), /give at least 3/],
    [
      'inputs in one direction',
      csv(
        'line.csv',
        table((i) => i + 1),
      ),
      /--data: the training inputs span only 1 direction;/,
    ],
    [
      'more features than can be diagonalised',
      ['--inputs', inputs('broad.npy', [20, 5000], () => 1), '--labels', many],
      /--data: 5000 features .* at most 4096/,
    ],
    ['no seeds', ['--seeds', '0'], /--seeds: must be a whole number from 1/],
    ['a seed beyond 32 bits', ['--seed', String(2 ** 31)], /--seed: must be a whole number from 0 to 2147482648/],
    ['no epochs', ['--epochs', '0'], /--epochs: must be a whole number/],
    ['one sample', ['--samples', '1'], /--samples: must be a whole number at least 2/],
    ['one training example', ['--train-examples', '1'], /--train-examples: must be a whole number at least 2/],
    ['one simulated run', ['--regression-runs', '1'], /--regression-runs: must be a whole number at least 2/],
    ['one step', ['--regression-steps', '1'], /--regression-steps: must be a whole number at least 2/],
    ['no workers', ['--workers', '0'], /--workers: must be a whole number from 1 to 64/],
  ]),
];

const certificate = file('not-a-certificate.json', '{"claim": 1}');
export const verifyCases: readonly CommandCase[] = refusals(
  ['verify'],
  [
    ['no certificate', [], /missing required argument 'certificate'/],
    ['a certificate that is not there', [`${missing}.json`], /certificate: cannot read .*no such file/],
    ['a folder', [folder], /verify: .* is no file/],
    [
      'a file that no certificate can be',
      [file('long.json', ' '.repeat(8_000_001))],
      /a certificate has at most 8000000/,
    ],
    ['a file that is no JSON', [file('text.json', 'hello')], /JSON|certificate/],
    ['another record', [certificate], /certificate: .*not-a-certificate\.json: /],
    ['weights that are cut off', [small, '--model', file('cut.npz', 'PK')], /--model: .*cut\.npz: /],
    ['a level of one', [certificate, '--level', '1'], /--level: must be in \(0, 1\)/],
    ['no passes', [certificate, '--passes', '0'], /--passes: must be a whole number at least 1/],
    ['a seed of words', [certificate, '--random-labels', 'yes'], /--random-labels: must be a whole number/],
    ['an unknown option', [certificate, '--modell', 'x'], /unknown option/],
  ],
);
