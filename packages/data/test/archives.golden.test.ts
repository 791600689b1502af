// Oracle: NumPy, SciPy and the zip format. Archives of which a part is no numbers are read in the part that is (golden/write_archives.py).
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  openNpz,
  openSafetensors,
  parseCifar,
  parseNpy,
  parseNpz,
  parseSafetensors,
  weightsFromNpz,
  weightsFromSafetensors,
  writeNpz,
} from '@hyperribbon/data';

interface Archive {
  readonly name: string;
  readonly base64: string;
  readonly arrays: readonly (readonly [string, readonly [number[], number[]] | null])[];
  readonly others: readonly string[];
}
const { archives, npy } = JSON.parse(readFileSync(new URL('./golden/archives.json', import.meta.url), 'utf8')) as {
  archives: Archive[];
  npy: Record<string, [string, number[]]>;
};
const decoded = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'));

describe('an archive', () => {
  it.each(archives.map((one) => [one.name, one] as const))('%s', (_, { base64, arrays, others }) => {
    const file = openNpz(decoded(base64));
    expect(file.names).toEqual(arrays.map(([name]) => name));
    expect(file.others).toEqual(others);
    for (const [name, expected] of arrays) {
      if (expected === null) {
        expect(() => file.read(name)).toThrow(expect.objectContaining({ name: 'FormatError', unsupported: true }));
        continue;
      }
      const { shape, data } = file.read(name);
      expect([shape, Array.from(data as ArrayLike<number>, Number)]).toEqual(expected);
    }
    expect(() => file.read('nothing')).toThrow(/there is no array "nothing"/);
  });

  it.each(archives.map((one) => [one.name, one] as const))('%s: the strict reader takes all or nothing', (_, one) => {
    const { base64, arrays, others } = one;
    const sound = others.length === 0 && arrays.every(([name, array]) => array !== null && !name.startsWith('/'));
    if (sound) expect([...parseNpz(decoded(base64)).keys()]).toEqual(arrays.map(([name]) => name));
    else
      expect(() => parseNpz(decoded(base64))).toThrow(expect.objectContaining({ name: 'FormatError', format: 'npz' }));
  });

  it('that is damaged in the part that is read is refused, and only there', () => {
    const bytes = writeNpz(
      { a: { shape: [2], data: Float32Array.of(1, 2) }, b: { shape: [1], data: Float32Array.of(3) } },
      { compress: false },
    );
    const at = Buffer.from(bytes).lastIndexOf(Buffer.from(Float32Array.of(3).buffer));
    bytes[at] ^= 1;
    const file = openNpz(bytes);
    expect([...file.read('a').data]).toEqual([1, 2]);
    expect(() => file.read('b')).toThrow(
      expect.objectContaining({ unsupported: false, message: expect.stringContaining('checksum') }),
    );
    expect(() => weightsFromNpz(bytes, { integers: 'omit' })).toThrow(/checksum/);
  });

  it('with a zip64 end record that disagrees is refused', () => {
    const { base64 } = archives.find(({ name }) => name === 'zip64 end record')!;
    const sound = decoded(base64);
    const [record, locator, end] = ['PK\x06\x06', 'PK\x06\x07', 'PK\x05\x06'].map((mark) =>
      Buffer.from(sound).lastIndexOf(mark),
    );
    for (const [at, what] of [
      [record + 24, /several parts/],
      [record + 32, /several parts/],
      [record + 40, /differ/],
      [record + 48, /differ/],
      [record + 4, /not where its locator says/],
      [record + 16, /several parts/],
      [locator + 8, /not where its locator says/],
      [locator + 4, /several parts/],
      [locator + 16, /several parts/],
      [end + 12, /differ/],
    ] as const) {
      const bytes = sound.slice();
      bytes[at] ^= 1;
      expect(() => openNpz(bytes), String(at)).toThrow(what);
    }
    expect(() => openNpz(sound, { maxMembers: 1 })).toThrow(/maxMembers/);
  });
});

describe('weights', () => {
  it('are the numbers with a point; what is left out is told', () => {
    const heard: string[] = [];
    const onOmitted = (name: string, what: string): void => void heard.push(`${name}: ${what}`);
    const of = (name: string) => decoded(archives.find((one) => one.name === name)!.base64);
    expect([...weightsFromNpz(of('a readme'), { integers: 'omit', onOmitted }).keys()]).toEqual(['W1']);
    expect([...weightsFromNpz(of('names of classes'), { integers: 'omit', onOmitted }).keys()]).toEqual(['x']);
    expect(heard[0]).toBe('README.txt: no npy file');
    expect(heard[1]).toBe('y: uint8');
    expect(heard[2]).toMatch(/^class_names: npz: .*it holds text/);
    expect(() => weightsFromNpz(of('objects'))).toThrow(/^weightsFromNpz: "config" is .*say integers: 'omit'/);
  });
});

describe('element types of npy as some writers spell them', () => {
  it.each(Object.entries(npy))('%s', (code, [base64, values]) => {
    const { data, dtype } = parseNpy(decoded(base64));
    expect(Array.from(data as ArrayLike<number>, Number)).toEqual(values);
    expect(dtype).toBe(
      { f: 'float64', '?': 'bool', u: 'uint8', i: code === '=i8' ? 'int64' : 'int8', b: 'bool' }[
        code.replace(/[=|]/, '')[0]
      ],
    );
  });

  it.each(['|f8', '=f3', '?8', '=', '', '=U5', '<<f8', '=|f8'])('%j is refused', (code) => {
    const [base64] = npy['=f8'];
    const text = Buffer.from(base64, 'base64').toString('latin1').replace("'=f8'", `'${code}'`.padEnd(5));
    expect(() => parseNpy(Uint8Array.from(Buffer.from(text.slice(0, 128 + 16), 'latin1')))).toThrow(
      expect.objectContaining({ name: 'FormatError' }),
    );
  });
});

/** A file of tensors of one byte or more each, back to back. */
function safetensors(
  tensors: readonly (readonly [name: string, dtype: string, shape: number[], data: Uint8Array])[],
  metadata?: string,
) {
  let at = 0;
  const entries = tensors.map(([name, dtype, shape, data]) => {
    const entry = `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [at, at + data.length] })}`;
    at += data.length;
    return entry;
  });
  if (metadata !== undefined) entries.unshift(`"__metadata__":${metadata}`);
  const header = Buffer.from(`{${entries.join(',')}}`);
  return Uint8Array.from(
    Buffer.concat([
      Buffer.from(BigUint64Array.of(BigInt(header.length)).buffer),
      header,
      ...tensors.map(([, , , data]) => data),
    ]),
  );
}

describe('safetensors', () => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);

  it('a tensor of a type that is not read hinders no other', () => {
    const bytes = safetensors([
      ['w', 'F32', [1], new Uint8Array(Float32Array.of(2).buffer)],
      ['scale', 'F8_E8M0', [2], Uint8Array.of(1, 2)],
      ['packed', 'F4', [4], Uint8Array.of(1, 2)],
    ]);
    const file = openSafetensors(bytes);
    expect(file.names).toEqual(['w', 'scale', 'packed']);
    expect([...file.read('w').data]).toEqual([2]);
    expect(() => file.read('scale')).toThrow(/"F8_E8M0"; supported are .*F8_E4M3/);
    expect(() => file.read('none')).toThrow(/there is no tensor "none"/);
    expect(() => parseSafetensors(bytes)).toThrow(/"F8_E8M0"/);
    const heard: string[] = [];
    expect([
      ...weightsFromSafetensors(bytes, { integers: 'omit', onOmitted: (name) => heard.push(name) }).keys(),
    ]).toEqual(['w']);
    expect(heard).toEqual(['scale', 'packed']);
  });

  // oracle: the definition, sign · 2^(exponent − bias) · (1 + mantissa / 2^bits), in float64
  it.each([
    ['F8_E4M3', 4, 3, 7, (e: number, m: number) => (e === 15 && m === 7 ? NaN : undefined)],
    ['F8_E5M2', 5, 2, 15, (e: number, m: number) => (e === 31 ? (m === 0 ? Infinity : NaN) : undefined)],
  ] as const)('%s: all 256 numbers', (dtype, exponentBits, mantissaBits, bias, special) => {
    const { data } = openSafetensors(safetensors([['w', dtype, [256], all]])).read('w');
    expect(Object.prototype.toString.call(data)).toBe('[object Float32Array]');
    for (const byte of all) {
      const [sign, e, m] = [
        byte >> 7 ? -1 : 1,
        (byte >> mantissaBits) & (2 ** exponentBits - 1),
        byte & (2 ** mantissaBits - 1),
      ];
      const size =
        special(e, m) ??
        (e === 0 ? 2 ** (1 - bias) * (m / 2 ** mantissaBits) : 2 ** (e - bias) * (1 + m / 2 ** mantissaBits));
      expect(Object.is(data[byte], sign * size), `${byte}`).toBe(true);
    }
  });

  it('metadata that are null are none', () => {
    const bytes = safetensors([['w', 'U8', [1], Uint8Array.of(7)]], 'null');
    expect(parseSafetensors(bytes).metadata.size).toBe(0);
    expect([...parseSafetensors(bytes).tensors.get('w')!.data]).toEqual([7]);
    for (const wrong of ['nul', 'nullx', 'false', '0', '[null]', '{"a":null}'])
      expect(() => parseSafetensors(safetensors([], wrong)), wrong).toThrow(/header is malformed/);
  });
});

describe('files of CIFAR', () => {
  const batch = (lead: number, count: number): Uint8Array =>
    Uint8Array.from({ length: count * (lead + 3072) }, (_, i) => {
      const [image, at] = [Math.floor(i / (lead + 3072)), i % (lead + 3072)];
      return at < lead ? (at + image) % 10 : (image + at) % 251;
    });

  it.each([1, 2])('%d bytes of label before each image, channels first', (lead) => {
    const { images, labels } = parseCifar(batch(lead, 3));
    expect([images.shape, labels.shape, images.dtype]).toEqual([[3, 3, 32, 32], [3], 'uint8']);
    expect([...labels.data]).toEqual([lead - 1, lead, lead + 1]);
    expect([images.data[0], images.data[3071], images.data[3072]]).toEqual([lead, (lead + 3071) % 251, lead + 1]);
  });

  it('are refused when cut off, empty or of other classes', () => {
    for (const bytes of [batch(1, 2).subarray(1), new Uint8Array(0), new Uint8Array(3072)])
      expect(() => parseCifar(bytes)).toThrow(/images of CIFAR take 3073 each/);
    const odd = batch(1, 2);
    odd[3073] = 10;
    expect(() => parseCifar(odd)).toThrow(/label 1 is 10; classes go from 0 to 9/);
  });
});
