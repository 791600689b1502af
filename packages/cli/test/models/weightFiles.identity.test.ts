// Oracle: one trained network, in the files that people keep weights in, has one spectrum; and what train writes, spectrum and analyze read.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseNpz, writeNpy, writeNpz, type NumericArray } from '@hyperribbon/data';
import { beforeAll, describe, expect, it } from 'vitest';
import { inProcess } from '../inProcess.js';
import { scratchFolder, type CliResult } from '../runCli.js';

const folder = scratchFolder();
const path = (name: string): string => join(folder, name);
let arrays: Record<string, NumericArray>;

beforeAll(async () => {
  const rows = Array.from({ length: 120 }, (_, i) =>
    [Math.sin(i), Math.cos(3 * i), Math.sin(5 * i), Number(Math.sin(i) + Math.cos(3 * i) > 0)].join(),
  );
  writeFileSync(path('points.csv'), rows.join('\n'));
  const { code } = await inProcess([
    'train',
    '--data',
    path('points.csv'),
    '--architecture',
    'mlp:tanh:6,5',
    '--epochs',
    '20',
    '--batch-size',
    '20',
    '--out',
    path('net.npz'),
  ]);
  expect(code).toBe(0);
  const { architecture: _architecture, ...bare } = Object.fromEntries(parseNpz(readFileSync(path('net.npz'))));
  arrays = bare;
});

const spectrum = (...args: string[]): Promise<CliResult> =>
  inProcess(['spectrum', '--data', path('points.csv'), '--top', '3', '--workers', '1', '--deterministic', ...args]);

function turned({ shape: [rows, columns], data, dtype }: NumericArray): NumericArray {
  return {
    dtype,
    shape: [columns, rows],
    data: Float32Array.from({ length: rows * columns }, (_, k) =>
      Number(data[(k % rows) * columns + Math.floor(k / rows)]),
    ),
  };
}

/** The arrays under other names, turned or not. */
const renamed = (
  weight: (l: number) => string,
  bias: (l: number) => string,
  outIn: boolean,
): Record<string, NumericArray> =>
  Object.fromEntries(
    [1, 2, 3].flatMap((l) => [
      [weight(l), outIn ? turned(arrays[`W${l}`]) : arrays[`W${l}`]],
      [bias(l), arrays[`b${l}`]],
    ]),
  );

function safetensors(tensors: Record<string, NumericArray>): Uint8Array {
  let at = 0;
  const header = Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [
      name,
      { dtype: 'F32', shape, data_offsets: [at, (at += data.byteLength)] },
    ]),
  );
  const tail = { dtype: 'F8_E8M0', shape: [3], data_offsets: [at, at + 3] };
  const text = Buffer.from(JSON.stringify({ ...header, scales: tail }));
  const bytes = Object.values(tensors).map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  return Buffer.concat([Buffer.from(BigUint64Array.of(BigInt(text.length)).buffer), text, ...bytes, Buffer.alloc(3)]);
}

describe('a network', () => {
  it.each<[string, string, () => Uint8Array, RegExp]>([
    [
      'PyTorch, Sequential',
      'torch.npz',
      () =>
        writeNpz(
          renamed(
            (l) => `${2 * l - 2}.weight`,
            (l) => `${2 * l - 2}.bias`,
            true,
          ),
        ),
      /weights are \(out, in\), as PyTorch stores them/,
    ],
    [
      'PyTorch, with a tensor that is not read',
      'torch.safetensors',
      () =>
        safetensors(
          renamed(
            (l) => `fc${l}.weight`,
            (l) => `fc${l}.bias`,
            true,
          ),
        ),
      /left aside in .*torch\.safetensors: scales/,
    ],
    [
      'Keras',
      'keras.npz',
      () =>
        writeNpz(
          renamed(
            (l) => `dense_${l}/kernel`,
            (l) => `dense_${l}/bias`,
            false,
          ),
        ),
      /^(?!.*left aside)/s,
    ],
    [
      'counters beside it',
      'more.npz',
      () =>
        writeNpz({
          ...renamed(
            (l) => `W${l - 1}`,
            (l) => `b${l - 1}`,
            false,
          ),
          steps: { shape: [], data: BigInt64Array.of(9n) },
          losses: { shape: [2], data: Float32Array.of(1, 2) },
        }),
      /left aside: losses[\s\S]*left aside in .*more\.npz: steps/,
    ],
  ])('%s', async (_, name, content, said) => {
    writeFileSync(path(name), content());
    const own = await spectrum('--model', path('net.npz'));
    const { code, stdout, stderr } = await spectrum('--model', path(name), '--architecture', 'mlp:tanh');
    expect(code).toBe(0);
    expect(stdout).toBe(own.stdout);
    expect(stderr).toMatch(said);
    expect(stderr).not.toContain('warning');
  });

  it('is read beside text under the name of its architecture', async () => {
    // what numpy.savez makes of activation="tanh", architecture="my net"
    const npy = writeNpy({ shape: [], data: Uint8Array.of(0) });
    const text = Buffer.from(Buffer.from(npy).toString('latin1').replace('|u1', '|S1'), 'latin1');
    const packed = Buffer.from(
      writeNpz({ ...arrays, architecture: { shape: [], data: Uint8Array.of(0) } }, { compress: false }),
    );
    const at = packed.indexOf(Buffer.from(npy));
    expect(at).toBeGreaterThan(0);
    text.copy(packed, at);
    // its checksum, locally and in the directory
    const sum = crc32(text);
    const old = crc32(Buffer.from(npy));
    for (let from = packed.indexOf(le(old)); from >= 0; from = packed.indexOf(le(old))) le(sum).copy(packed, from);
    writeFileSync(path('text.npz'), packed);
    expect((await spectrum('--model', path('text.npz'))).stderr).toMatch(/does not say what network/);
    expect((await spectrum('--model', path('text.npz'), '--architecture', 'mlp:tanh')).code).toBe(0);
  });

  it.each([
    ['net.pt', /Python pickles are never loaded: save them with numpy\.savez/],
    ['net.h5', /save them with numpy\.savez\("net\.npz", \*\*\{w\.path/],
    ['net.onnx', /net\.onnx says itself what network it is/],
    ['net.xyz', /Give a \.npz, \.safetensors or \.onnx file\.\n/],
  ])('%s: says what to do', async (name, message) => {
    writeFileSync(path(name), 'weights');
    const { code, stderr } = await spectrum('--model', path(name), '--architecture', 'mlp:tanh');
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});

function le(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

it('an All-CNN that train wrote is read by spectrum and analyze', async () => {
  const count = 24;
  const data = Float32Array.from({ length: count * 64 }, (_, i) => Math.sin(i * i));
  writeFileSync(
    path('images.npz'),
    writeNpz({
      x: { shape: [count, 8, 8, 1], data },
      y: { shape: [count], data: Uint8Array.from({ length: count }, (_, i) => i % 3) },
    }),
  );
  const given = ['--data', path('images.npz')];
  const trained = await inProcess([
    'train',
    ...given,
    '--architecture',
    'allcnn:2,3:3:8,8,1',
    '--epochs',
    '1',
    '--out',
    path('allcnn.npz'),
  ]);
  expect(trained.code).toBe(0);
  for (const more of [[], ['--architecture', 'allcnn'], ['--architecture', 'allcnn:2,3:3:8,8,1']]) {
    const { code, stderr } = await inProcess([
      'spectrum',
      ...given,
      '--model',
      path('allcnn.npz'),
      '--top',
      '1',
      '--tol',
      '1e-2',
      '--workers',
      '1',
      ...more,
    ]);
    expect([code, stderr]).toEqual([0, expect.stringContaining('allcnn:2,3:3:8,8,1')]);
  }
  const other = await inProcess([
    'spectrum',
    ...given,
    '--model',
    path('allcnn.npz'),
    '--architecture',
    'allcnn:2,4:3:8,8,1',
  ]);
  expect([other.code, other.stderr]).toEqual([
    2,
    expect.stringMatching(/conv3\.weight has shape \(3, 2, 3, 3\), expected \(4, 2, 3, 3\)/),
  ]);
  const analyze = await inProcess([
    'analyze',
    ...given,
    '--model',
    path('allcnn.npz'),
    '--architecture',
    'allcnn:2,4:3:8,8,1',
    '--out',
    path('report'),
  ]);
  expect([analyze.code, analyze.stderr]).toEqual([2, expect.stringMatching(/conv3\.weight/)]);
});

it('train takes allcnn for square images of any size that it can have', async () => {
  const count = 12;
  const x = { shape: [count, 8, 8, 3], data: Uint8Array.from({ length: count * 192 }, (_, i) => (i * i) % 251) };
  writeFileSync(
    path('colours.npz'),
    writeNpz({ x, y: { shape: [count], data: Uint8Array.from({ length: count }, (_, i) => i % 2) } }),
  );
  const { code, stderr } = await inProcess([
    'train',
    '--data',
    path('colours.npz'),
    '--architecture',
    'allcnn',
    '--epochs',
    '1',
    '--out',
    path('colours-net.npz'),
  ]);
  expect([code, stderr]).toEqual([0, expect.stringContaining('training allcnn:64,128:2:8,8,3')]);
  expect(stderr).toContain('images of shape (8, 8, 3) are ordered channel, row, column');
});
