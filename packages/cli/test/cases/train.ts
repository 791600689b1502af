import { badSources, file, folder, out, points, type CommandCase } from './files.js';

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
