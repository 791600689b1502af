import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeNpz } from '@hyperribbon/data';
import { onnxOf } from '@hyperribbon/onnx';
import { mlp } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { file, folder, good, missing, out, type CommandCase } from './files.js';

type Arrays = Readonly<Record<string, { readonly shape: number[]; readonly data: Float32Array | Int32Array }>>;

function normal(index: number, ...shape: number[]): { readonly shape: number[]; readonly data: Float32Array } {
  const size = shape.reduce((product, length) => product * length, 1);
  return { shape, data: stream({ seed: 5, purpose: 'weights', index }).normal(new Float32Array(size)) };
}

const arrays: Arrays = {
  W1: normal(0, 20, 30),
  conv: normal(1, 12, 16, 3, 3),
  b1: normal(2, 20),
  'embed.weight': normal(3, 40, 20),
  tiny: normal(4, 4, 3),
  steps: { shape: [3, 3], data: new Int32Array(9) },
};

/** An npz of two arrays with a spectrum, and of four without. */
export const spectral = file('spectral.npz', writeNpz(arrays));
const moved = file('moved.npz', writeNpz({ W1: normal(9, 20, 30), conv: normal(1, 12, 16, 3, 3), b1: normal(2, 21) }));

/** A safetensors file, whose header is JSON. */
export function safetensors(
  name: string,
  tensors: Arrays,
  change: (header: string) => string = (text) => text,
): string {
  let at = 0;
  const parts: Uint8Array[] = [];
  const entries = Object.entries(tensors).map(([key, { shape, data }]) => {
    const begin = at;
    at += data.byteLength;
    parts.push(new Uint8Array(data.buffer));
    return [key, { dtype: data instanceof Int32Array ? 'I32' : 'F32', shape, data_offsets: [begin, at] }] as const;
  });
  const header = new TextEncoder().encode(change(JSON.stringify(Object.fromEntries(entries))));
  const bytes = new Uint8Array(8 + header.length + at);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  let place = 8 + header.length;
  for (const part of parts) {
    bytes.set(part, place);
    place += part.length;
  }
  return file(name, bytes);
}

const tensors = safetensors('spectral.safetensors', arrays);
const network = mlp([30, 20, 12], { activation: 'relu' });

function shards(name: string, map: Readonly<Record<string, string>>): string {
  return file(name, JSON.stringify({ weight_map: map }));
}
safetensors('part-1.safetensors', { W1: arrays['W1'] });
safetensors('part-2.safetensors', { conv: arrays['conv'], b1: arrays['b1'] });

const lora = safetensors('lora.safetensors', {
  'q.lora_A.weight': normal(11, 12, 40),
  'q.lora_B.weight': normal(12, 30, 12),
});

function cutShort(): string {
  const path = join(folder, 'cut.safetensors');
  writeFileSync(path, Uint8Array.of(200, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d));
  return path;
}

interface Found {
  readonly tensors: readonly {
    readonly name: string;
    readonly analyzed: boolean;
    readonly reason?: string;
    readonly fit?: { readonly alpha: number };
    readonly test?: { readonly p: number };
    readonly eigenvalues?: readonly number[];
  }[];
  readonly missing: readonly string[];
}

/** Reasons by the names of arrays; '' for those with a spectrum. */
function reasons({ tensors: found }: Found): string {
  return found.map(({ name, reason = '' }) => `${name}:${reason}`).join(' ');
}

const every = 'W1: conv: b1:one-dimensional embed.weight:embedding tiny:too-few-eigenvalues steps:quantized';

export const weightsCases: readonly CommandCase[] = [
  {
    name: 'every array of an npz, with intervals and tests',
    args: ['weights', spectral, '--draws', '20', '--json', out('spectral.json')],
    code: 0,
    stderr: /6 arrays, the largest conv; about 1 MB of memory beside the program[^]*2 analysed, 4 not/,
    stdout: /95 % interval[^]*W1 +20×30[^]*mean over layers[^]*alpha-hat[^]*b1[^]*one-dimensional[^]*embeddings/,
    record: [
      out('spectral.json'),
      (found: Found) =>
        reasons(found) === every &&
        found.tensors[0].eigenvalues!.length === 20 &&
        found.tensors[1].eigenvalues!.length === 9 * 12 &&
        found.tensors[0].test!.p > 0,
    ],
  },
  {
    name: 'a safetensors file, fast and alone as JSON',
    args: ['weights', tensors, '--fast', '--json'],
    code: 0,
    stdout: /^\{\n "schema": "hyperribbon\/weights",[^]*"name": "steps"[^]*\}\n$/,
  },
  {
    name: 'a model in several files',
    args: [
      'weights',
      shards('spectral.safetensors.index.json', {
        W1: 'part-1.safetensors',
        conv: 'part-2.safetensors',
        b1: 'part-2.safetensors',
      }),
      '--fast',
    ],
    code: 0,
    stdout: /W1[^]*conv[^]*b1 +20/,
  },
  {
    name: 'initialisers of an ONNX file',
    args: ['weights', file('spectral.onnx', onnxOf(network, network.init(1))), '--fast'],
    code: 0,
    stdout: /20×30|30×20[^]*one-dimensional/,
  },
  {
    name: 'embeddings on request, and chosen arrays',
    args: ['weights', spectral, '--fast', '--embeddings', '--layers', '^embed', '--json', out('embed.json')],
    code: 0,
    stderr: /1 array of 6/,
    record: [out('embed.json'), (found: Found) => reasons(found) === 'embed.weight:'],
  },
  {
    name: 'another checkpoint',
    args: ['weights', spectral, '--fast', '--compare', moved],
    code: 0,
    stdout:
      /from the other checkpoint[^]*W1 [^]*conv +0 [^]*b1 +shapes differ: 20, 21[^]*tiny +the other checkpoint lacks/,
  },
  {
    name: 'what an adapter adds to its layer',
    args: ['weights', lora, '--fast', '--json', out('lora.json')],
    code: 0,
    stdout: /q \(low-rank addition\) +30×40/,
    record: [out('lora.json'), (found: Found) => found.tensors.length === 3 && found.tensors[2].analyzed],
  },
  {
    name: 'a report with pictures',
    args: ['weights', spectral, '--fast', '--out', out('spectra'), '--force'],
    code: 0,
    stdout: /report\.html and 3 more files/,
    writes: ['report.html', 'report.json', 'weight-spectra.svg', 'alpha-flow.svg'].map((name) =>
      out(`spectra/${name}`),
    ),
  },
  {
    name: 'a file of one array without a spectrum',
    args: ['weights', safetensors('bias.safetensors', { b: normal(2, 20) })],
    code: 0,
    stdout: /^\n {2}not analysed {2}shape {2}why\n {2}b +20 +one-dimensional/,
  },
  { name: 'small layers alone', args: ['weights', good], code: 0, stdout: /W1 +4×3 +2 of 3 eigenvalues/ },
  { name: 'no file', args: ['weights', `${missing}.npz`], stderr: /weights: cannot read .*no such file/ },
  { name: 'no safetensors file', args: ['weights', `${missing}.safetensors`], stderr: /cannot read .*no such file/ },
  { name: 'no argument', args: ['weights'], stderr: /missing required argument 'model'/ },
  { name: 'a file of another kind', args: ['weights', file('net.pt', 'x')], stderr: /net\.pt is none of \.onnx/ },
  { name: 'a folder', args: ['weights', `${folder}/x.onnx/`], stderr: /cannot read|none of/ },
  { name: 'a header cut short', args: ['weights', cutShort()], stderr: /cut\.safetensors: .*claims 200 bytes/ },
  {
    name: 'a header that lies of shapes',
    args: ['weights', safetensors('lies.safetensors', { W: normal(0, 20, 30) }, (text) => text.replace('20', '99'))],
    stderr: /lies\.safetensors: .*needs \d+ bytes, its offsets say/,
  },
  {
    name: 'an npz that is none',
    args: ['weights', file('broken.npz', 'no zip archive, but long enough to be one')],
    stderr: /broken\.npz: /,
  },
  { name: 'an ONNX file that is none', args: ['weights', file('broken.onnx', 'abc')], stderr: /broken\.onnx: / },
  {
    name: 'an index that names a path',
    args: ['weights', shards('path.safetensors.index.json', { W1: '../part-1.safetensors' })],
    stderr: /path\.safetensors\.index\.json: .*no plain name/,
  },
  {
    name: 'an index that names an array that is not there',
    args: ['weights', shards('lost.safetensors.index.json', { W1: 'part-1.safetensors', W9: 'part-1.safetensors' })],
    stderr: /puts "W9" into part-1\.safetensors, which does not have it/,
  },
  {
    name: 'a pattern that fits nothing',
    args: ['weights', spectral, '--layers', 'nothing'],
    stderr: /--layers: \/nothing\/u matches none of W1, conv/,
  },
  {
    name: 'a pattern that is none',
    args: ['weights', spectral, '--layers', '('],
    stderr: /--layers: must be a regular/,
  },
  { name: 'no draws', args: ['weights', spectral, '--draws', '0'], stderr: /--draws: must be a whole number/ },
  {
    name: 'draws of a fast look',
    args: ['weights', spectral, '--draws', '50', '--fast'],
    stderr: /'--draws <count>' cannot be used with option '--fast'/,
  },
  {
    name: 'another checkpoint that is not there',
    args: ['weights', spectral, '--compare', `${missing}.npz`],
    stderr: /--compare: cannot read/,
  },
  {
    name: 'a report in the place of a file',
    args: ['weights', spectral, '--fast', '--out', spectral],
    stderr: /--out: cannot write to .*it is a file/,
  },
];
