import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mlp } from '@hyperribbon/nn';
import { onnxOf, parseOnnx, writeOnnx } from '@hyperribbon/onnx';
import { file, folder, good, out, type CommandCase } from './files.js';

const network = mlp([4, 3, 2], { activation: 'relu' });

/** An ONNX file of a network 4-3-2. */
export function onnxFile(name: string): string {
  return file(name, onnxOf(network, network.init(1)));
}

const layers = file(
  'layers.json',
  JSON.stringify({
    input: [1, 6, 6],
    layers: [
      { kind: 'conv2d', out: 2, kernel: 3 },
      { kind: 'relu' },
      { kind: 'globalAveragePool' },
      { kind: 'linear', out: 3 },
    ],
  }),
);

const wrong = file('wrong.json', '{ "input": [4], "layers": [{ "kind": "linear", "out": 0 }] }');

interface Record {
  readonly size: number;
  readonly layers: readonly { readonly kinds: readonly string[]; readonly size: number }[];
}

export const inspectCases: readonly CommandCase[] = [
  {
    name: 'an ONNX file: operators, layers and weights',
    args: ['inspect', onnxFile('net.onnx'), '--json', out('net.json')],
    code: 0,
    stdout: /ONNX opset \d+.*\n[^]*takes {5}4 numbers[^]*dense {9}4 → 3[^]* 15\n/,
    record: [out('net.json'), ({ size, layers: found }: Record) => size === network.size && found.length === 2],
  },
  {
    name: 'an npz of weights',
    args: ['inspect', good, '--architecture', 'mlp:tanh'],
    code: 0,
    stdout: /23 in 4 arrays/,
  },
  { name: 'a file of layers', args: ['inspect', layers], code: 0, stdout: /3×3 convolution {2}1×6×6 → 2×4×4 +20\n/ },
  {
    name: 'words, and all of many layers',
    args: ['inspect', 'resnet:32:10:1,8,8', '--all'],
    code: 0,
    stdout: /layer2\.4\.bn2[^]*uses|uses[^]*layer2\.4\.bn2/,
  },
  {
    name: 'the first and last of many',
    args: ['inspect', 'resnet:32:10:1,8,8'],
    code: 0,
    stdout: /… \d+ more \(--all/,
  },
  { name: 'no file', args: ['inspect', join(folder, 'none.onnx')], stderr: /cannot read .*none\.onnx/ },
  { name: 'words that nobody knows', args: ['inspect', 'resnet:7'], stderr: /inspect: resnet:7: .*7/ },
  { name: 'layers that are none', args: ['inspect', wrong], stderr: /inspect: .*layers\[0\]\.out/ },
  { name: 'two descriptions', args: ['inspect', 'lenet', '--architecture', 'lenet'], stderr: /leave the option off/ },
  {
    name: 'weights without a word',
    args: ['inspect', good],
    stderr: /good\.npz does not say what network its weights are of\. Name it, for example/,
  },
  { name: 'an ONNX file cut short', args: ['inspect', cutShort()], stderr: /--model: .*cut\.onnx/ },
  {
    name: 'an operator that is not computed, told before the refusal',
    args: ['inspect', strange()],
    stdout: /not computed here: Strange/,
    stderr: /Strange node "s" .*operator that is not computed here/,
  },
];

function cutShort(): string {
  const path = join(folder, 'cut.onnx');
  writeFileSync(path, onnxOf(network, network.init(1)).subarray(0, 60));
  return path;
}

function strange(): string {
  const model = parseOnnx(onnxOf(network, network.init(1)));
  const [first, ...rest] = model.graph.nodes;
  const nodes = [{ ...first, operator: 'Strange', name: 's' }, ...rest];
  return file('strange.onnx', writeOnnx({ ...model, graph: { ...model.graph, nodes } }));
}
