import { file, good, out, type CommandCase } from './files.js';
import { onnxFile } from './inspect.js';

const there = file('there.onnx', 'mine');

export const exportCases: readonly CommandCase[] = [
  {
    name: 'weights of an mlp, as a file that is read again',
    args: ['export', good, '--architecture', 'mlp:tanh', '--out', out('mlp.onnx')],
    code: 0,
    stdout: /mlp\.onnx\n$/,
    writes: [out('mlp.onnx')],
  },
  {
    name: 'an ONNX file once more',
    args: ['export', onnxFile('before.onnx'), '--out', out('after.onnx')],
    code: 0,
    writes: [out('after.onnx')],
  },
  {
    name: 'a file that is there, by force',
    args: ['export', good, '--architecture', 'mlp:tanh', '--out', file('forced.onnx', 'old'), '--force'],
    code: 0,
  },
  {
    name: 'a file that is there',
    args: ['export', good, '--architecture', 'mlp:tanh', '--out', there],
    stderr: /--out: .*there\.onnx is there already/,
  },
  {
    name: 'weights that do not say what they are of',
    args: ['export', good, '--out', out('none.onnx')],
    stderr: /--architecture: .* does not say what network/,
  },
  {
    name: 'a model that is not there',
    args: ['export', 'nowhere.npz', '--out', out('none.onnx')],
    stderr: /--model: cannot read nowhere\.npz/,
  },
];
