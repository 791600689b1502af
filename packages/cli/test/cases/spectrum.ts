import {
  badSources,
  file,
  folder,
  good,
  inputs,
  labels,
  missing,
  out,
  weights,
  x,
  y,
  type CommandCase,
} from './files.js';
import { onnxFile } from './inspect.js';

const model = ['spectrum', '--model', good, '--architecture', 'mlp:tanh'];
const spectrum = (...args: string[]): string[] => [...model, '--inputs', x, '--labels', y, '--workers', '1', ...args];
const bad = (name: string, args: readonly string[], stderr: RegExp): CommandCase => ({
  name,
  args: spectrum(...args),
  stderr,
});

interface Record {
  readonly operator: string;
  readonly which: string;
  readonly values: readonly number[];
  readonly residualNorms: readonly number[];
  readonly reason: string;
}

const descending = ({ values }: Record): boolean => values.every((value, i) => i === 0 || value <= values[i - 1]);

export const spectrumCases: readonly CommandCase[] = [
  ...badSources(model).map((one) =>
    one.name === 'inputs without labels'
      ? { ...one, stderr: /--operator: hessian needs labels, and .* holds none/ }
      : one,
  ),
  ...(['hessian', 'ggn', 'fisher', 'empirical-fisher'] as const).map((operator) => ({
    name: `the top of the ${operator} matrix`,
    args: spectrum('--top', '3', '--operator', operator, '--json', out(`${operator}.json`)),
    code: 0,
    stdout: / index {6}eigenvalue {3}residual/,
    record: [
      out(`${operator}.json`),
      (found: Record) => found.operator === operator && found.values.length === 3 && descending(found),
    ] as const,
  })),
  {
    name: 'the top for an ONNX file, which says all of itself',
    args: ['spectrum', '--model', onnxFile('spectrum.onnx'), '--inputs', x, '--labels', y, '--top', '2'],
    code: 0,
    stdout: / index {6}eigenvalue/,
  },
  {
    name: 'an ONNX file that is told what it is',
    args: ['spectrum', '--model', onnxFile('told.onnx'), '--architecture', 'mlp:relu', '--inputs', x, '--labels', y],
    stderr: /--architecture: .*told\.onnx says itself what network it is/,
  },
  {
    name: 'all eigenvalues, from the formed matrix',
    args: spectrum('--full', '--dtype', 'float64', '--deterministic', '--json', out('full.json')),
    code: 0,
    record: [
      out('full.json'),
      (found: Record) =>
        found.values.length === 23 && found.which === 'all' && found.reason === 'dense' && descending(found),
    ],
  },
  {
    name: 'both ends',
    args: spectrum('--top', '4', '--which', 'BE', '--dtype', 'float64', '--seed', '3', '--json', out('ends.json')),
    code: 0,
    record: [out('ends.json'), ({ values }: Record) => values[0] > 0 && values[3] < values[0]],
  },
  {
    name: 'of some weights, all that there are',
    args: spectrum('--full', '--parameters', '2$', '--dtype', 'float64', '--json', out('part.json')),
    code: 0,
    stderr: /hessian of 2 arrays, 8 weights of mlp:tanh:4,3,2/,
    record: [
      out('part.json'),
      (found: Record & { parameters: readonly string[] }) =>
        found.values.length === 8 && found.parameters.join() === 'W2,b2' && descending(found),
    ],
  },
  {
    name: 'as much as some products give',
    args: spectrum('--top', '5', '--tol', '1e-14', '--max-matvecs', '6'),
    code: 0,
    stderr: /6 products, max-matvecs/,
  },
  {
    name: 'no model',
    args: ['spectrum', '--architecture', 'mlp:tanh'],
    stderr: /required option '--model <file>' not specified/,
  },
  {
    name: 'no architecture',
    args: [...model.slice(0, 3), '--inputs', x, '--labels', y],
    stderr: /--architecture: .* does not say what network/,
  },
  bad('a missing model', ['--model', `${missing}.npz`], /--model: cannot read .*no such file/),
  bad('a model that is no npz', ['--model', file('text.npz', 'hello')], /zip|npz/),
  bad('an unknown weight format', ['--model', file('w.bin', 'hello')], /cannot tell the format/),
  bad('an architecture that does not fit the weights', ['--architecture', 'lenet'], /conv1\.weight/),
  bad('other widths than the weights have', ['--architecture', 'mlp:tanh:5'], /does not fit the arrays/),
  bad('an unknown activation', ['--architecture', 'mlp:swish'], /activation/),
  bad(
    'a layer that does not fit the one before',
    ['--model', weights('shape.npz', (a) => a.set('W2', { shape: [2, 3], data: new Float32Array(6) }))],
    /nor transposed as in PyTorch.*W2 of shape/,
  ),
  bad(
    'NaN in the weights',
    ['--model', weights('nan.npz', (a) => (a.get('W1')!.data[3] = NaN))],
    /finite.*"?W1"?.*NaN|NaN in "W1"/,
  ),
  bad('a label out of range', ['--labels', labels('label.npy', [0, 1, 0, 1, 7, 0])], /label.*7/),
  bad('inputs of the wrong width', ['--inputs', inputs('wide.npy', [6, 5], () => 0)], /5 features.*takes 4/),
  bad(
    'no examples',
    ['--inputs', inputs('none0.npy', [0, 4], () => 0), '--labels', labels('none1.npy', [])],
    /there are no inputs/,
  ),
  bad('more eigenvalues than weights', ['--top', '1000'], /--top: .*at most 23/),
  bad(
    'more eigenvalues than --parameters leaves',
    ['--parameters', '^b1$', '--top', '4'],
    /--top: --parameters leaves 3 /,
  ),
  bad('parameters that are none', ['--parameters', 'conv'], /--parameters: \/conv\/u matches none of W1, b1, W2, b2/),
  bad('a pattern that is none', ['--parameters', '('], /--parameters: must be a regular expression/),
  bad('--top 0', ['--top', '0'], /--top: must be a whole number at least 1/),
  bad('--top and --full', ['--top', '2', '--full'], /cannot be used with option/),
  bad('a negative tolerance', ['--tol', '-1'], /--tol: must be a positive number/),
  bad('no products', ['--max-matvecs', '0'], /--max-matvecs: must be a whole number at least 1/),
  bad('an operator that does not exist', ['--operator', 'jacobian'], /Allowed choices are hessian, ggn/),
  bad('an end that does not exist', ['--which', 'SM'], /Allowed choices are LA, SA, LM, BE/),
  bad('no workers', ['--workers', '0'], /--workers: must be a whole number from 1 to 64/),
  bad('output in a folder that is a file', ['--json', `${good}/out.json`], /--json: cannot write/),
  bad('output that is a folder', ['--json', folder], /is a folder/),
];
