import { badSources, file, folder, out, points, type CommandCase } from './files.js';

/** one batch norm: a network with a training mode */
const normalized = JSON.stringify({
  input: [3],
  layers: [{ kind: 'linear', out: 4 }, { kind: 'batchNorm' }, { kind: 'tanh' }, { kind: 'linear', out: 2 }],
});
const foreign = file('foreign.json', JSON.stringify(foreignCheckpoint()));

/** Of a run of three epochs. */
function foreignCheckpoint(): object {
  const checkpoint = { version: 3, weights: { float32: [1] } };
  return { settings: '{"epochs":3}', checkpoint: JSON.stringify(checkpoint) };
}

const small = ['--data', points, '--architecture', 'mlp:tanh:3', '--epochs', '2', '--batch-size', '10'];
const train = (...args: string[]): string[] => ['train', ...small, '--out', out('refused.npz'), ...args];
const bad = (name: string, args: readonly string[], stderr: RegExp): CommandCase => ({
  name,
  args: train(...args),
  stderr,
});

export const trainCases: readonly CommandCase[] = [
  ...badSources(['train', '--out', out('refused.npz')]),
  {
    name: 'weights of a table',
    args: ['train', ...small, '--out', out('trained.npz')],
    code: 0,
    stderr: /✔ training mlp:tanh:3,3,2 on .*error .* on training, .* on test examples/,
    stdout: /trained\.npz\n$/,
    writes: [out('trained.npz')],
  },
  {
    name: 'in float64, deterministic, with rates of its own',
    args: [
      'train',
      ...small,
      '--dtype',
      'float64',
      '--deterministic',
      '--learning-rate',
      '0.1',
      '--final-rate',
      '0.1',
      '--out',
      out('wide.npz'),
    ],
    code: 0,
    writes: [out('wide.npz')],
  },
  ...[
    ['adamw', 'constant'],
    ['sgd', 'linear'],
    ['momentum:0.8', 'one-cycle'],
    ['nesterov', 'step:1:0.5'],
    ['rmsprop', 'multi-step:1,2:0.1'],
    ['muon:0.9', 'cosine'],
    ['sign', 'cosine'],
    ['sign:0.9', 'constant'],
  ].map(
    ([optimizer, schedule], i): CommandCase => ({
      name: `by ${optimizer} and ${schedule}`,
      args: [
        ['train', ...small, '--optimizer', optimizer, '--schedule', schedule, '--warm-up', '2'],
        ['--weight-decay', '0.01', '--out', out(`by${i}.npz`)],
      ].flat(),
      code: 0,
      writes: [out(`by${i}.npz`)],
    }),
  ),
  {
    name: 'mixed, smoothed, clipped, in threads, watched',
    args: [
      'train',
      ...small,
      '--augment',
      'mixup:0.2',
      '--label-smoothing',
      '0.1',
      '--clip',
      '1',
      '--workers',
      '2',
      '--micro-batch',
      '4',
      '--record',
      out('steps.npz'),
      '--checkpoint',
      out('kept.json'),
      '--out',
      out('all.npz'),
    ],
    code: 0,
    writes: [out('all.npz'), out('steps.npz'), out('kept.json')],
    record: [out('kept.json'), ({ settings }: { settings: string }) => settings.includes('"microBatch":4')],
  },
  ...[
    ['--sam', '0.05'],
    ['--asam', '0.5'],
  ].map(
    (typed): CommandCase => ({
      name: `up the slope with ${typed[0]}, and a norm bias`,
      args: ['train', ...small, ...typed, '--norm-bias', '5:0.01', '--out', out(`aware${typed[0]}.npz`)],
      code: 0,
      writes: [out(`aware${typed[0]}.npz`)],
    }),
  ),
  {
    name: 'binary weights',
    args: ['train', ...small, '--architecture', 'binary:mlp:tanh:3', '--out', out('binary.npz')],
    code: 0,
    stderr: /✔ training binary:mlp:tanh:3,3,2 on /,
    writes: [out('binary.npz')],
  },
  {
    name: 'a network with batch norm',
    args: [
      ['train', ...small, '--architecture', normalized, '--out', out('normalized.npz')],
      // 60 points, 50 of them for training: the last batch of each epoch is whole
      ['--batch-size', '25'],
    ].flat(),
    code: 0,
    writes: [out('normalized.npz')],
  },
  bad(
    'a checkpoint of another run',
    ['--checkpoint', foreign],
    /--checkpoint: .* is of another run:[^]*epochs: 3, not 2/,
  ),
  bad(
    'a checkpoint that is none',
    ['--checkpoint', points],
    /--checkpoint: .*points\.csv is no checkpoint of a training/,
  ),
  bad('an optimiser that there is not', ['--optimizer', 'lion'], /--optimizer: expected adam, adamw, .*got "lion"/),
  bad('a momentum that adam has no use for', ['--optimizer', 'adam:0.9'], /--optimizer: .*got "adam:0.9"/),
  bad('both ways up the slope', ['--sam', '0.1', '--asam', '0.5'], /--asam: takes the place of --sam/),
  bad('no distance', ['--sam', '0'], /--sam: must be a positive number/),
  bad('a norm without a strength', ['--norm-bias', '2500'], /--norm-bias: expected TARGET:STRENGTH, .*got "2500"/),
  bad('a norm below zero', ['--norm-bias', '-1:0.1'], /--norm-bias: expected TARGET:STRENGTH/),
  bad('a schedule that there is not', ['--schedule', 'sawtooth'], /--schedule: expected cosine, .*got "sawtooth"/),
  bad('steps without a factor', ['--schedule', 'step:3'], /--schedule: .*got "step:3"/),
  bad(
    'an end that a schedule has no use for',
    ['--schedule', 'constant', '--final-rate', '0.1'],
    /--final-rate: goes with --schedule cosine or linear/,
  ),
  bad('an augmentation that there is not', ['--augment', 'cutout:3'], /--augment: expected crop:PIXELS, flip, mixup/),
  bad('crops of rows', ['--augment', 'crop:1'], /--augment: crop and flip are for images/),
  bad('all probability smoothed away', ['--label-smoothing', '1'], /--label-smoothing: must be in \[0, 1\)/),
  bad(
    'a micro-batch of one for batch norm',
    ['--architecture', normalized, '--micro-batch', '3'],
    /--micro-batch: leaves one example alone, and batch norm needs two; choose another size/,
  ),
  bad('no epochs', ['--epochs', '0'], /--epochs: must be a whole number at least 1, got "0"/),
  bad('half an epoch', ['--epochs', '0.5'], /--epochs: must be a whole number/),
  bad('an empty batch', ['--batch-size', '0'], /--batch-size: must be a whole number at least 1/),
  bad('a rate of zero', ['--learning-rate', '0'], /--learning-rate: must be a positive number/),
  bad('a rate without end', ['--final-rate', 'Infinity'], /--final-rate: must be a positive number/),
  bad('a seed that is no number', ['--seed', 'abc'], /--seed: must be a whole number/),
  bad('a type that there is not', ['--dtype', 'float16'], /Allowed choices are float32, float64/),
  bad('an activation that there is not', ['--architecture', 'mlp:swish:3'], /activation/),
  bad(
    'more weights than there is memory',
    ['--architecture', 'mlp:tanh:100000,100000'],
    /--architecture: .*10000\d+ weights .*at most/,
  ),
  bad('widths that are none', ['--architecture', 'mlp:tanh:3,-3'], /--architecture: .*whole numbers/),
  bad('an architecture that there is not', ['--architecture', 'unet:18'], /--architecture: unet:18: expected mlp/),
  bad('images for a network of images', ['--architecture', 'lenet'], /--architecture: lenet takes 784 inputs/),
  bad('too few examples', ['--data', file('one.csv', '1,2,0\n')], /too few to hold some out/),
  bad(
    'weights that are there',
    ['--out', points],
    /--out: .*points\.csv is there already\. Name another file, or --force/,
  ),
  bad('weights that are a folder', ['--out', folder], /--out: .* is a folder/),
];
