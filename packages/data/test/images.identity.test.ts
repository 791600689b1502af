// Oracle: the files of the published sets, written here byte by byte; Debian's copy of Fashion-MNIST where it is installed.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { sha256 } from '@hyperribbon/contract/digest';
import {
  cifar10,
  cifar100,
  cifar100FromBytes,
  cifar10FromBytes,
  countSharedInputs,
  fashionMnist,
  fashionMnistClasses,
  fashionMnistFromBytes,
  gunzip,
  type ImageSplits,
  type MnistFiles,
  parseCifar,
} from '@hyperribbon/data';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

function folderWith(files: Readonly<Record<string, Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'images-'));
  folders.push(folder);
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  return folder;
}

const counts = ({ train, prior, test }: ImageSplits): number[] => [train, prior, test].map(({ count }) => count);

/** Byte p of image i. */
const pixel = (i: number, p: number): number => (i * 31 + p * 7) % 256;

describe('CIFAR', () => {
  /** `count` images from number `first` on; their labels are the last of the bytes before the pixels. */
  function batch(first: number, count: number, lead: (i: number) => readonly number[]): Uint8Array {
    const images = Array.from({ length: count }, (_, k) => [
      ...lead(first + k),
      ...Array.from({ length: 3072 }, (_, p) => pixel(first + k, p)),
    ]);
    return Uint8Array.from(images.flat());
  }
  const ten = (i: number): number[] => [(3 * i) % 10];
  const hundred = (i: number): number[] => [i % 20, (7 * i) % 100];
  const batches = [0, 1, 2, 3, 4].map((b) => batch(4 * b, 4, ten));
  const tenFiles = {
    ...Object.fromEntries(batches.map((bytes, b) => [`data_batch_${b + 1}.bin`, bytes])),
    'test_batch.bin': batch(20, 3, ten),
  };

  it('is read file after file, channels first, the last tenth of the training images apart', async () => {
    const splits = await cifar10({ directory: folderWith(tenFiles) });
    expect(counts(splits)).toEqual([18, 2, 3]);
    const { train, prior, test } = splits;
    expect([train.features, train.classes, train.name]).toEqual([3072, 10, 'CIFAR-10, training images 0 to 17']);
    expect(prior.name).toBe('CIFAR-10, training images 18 to 19');
    [train, prior, test].forEach(({ labels, inputs }, part) => {
      const from = [0, 18, 20][part];
      expect([...labels]).toEqual(Array.from(labels, (_, k) => ten(from + k)[0]));
      const odd = inputs.findIndex(
        (value, at) => value !== Math.fround(pixel(from + Math.floor(at / 3072), at % 3072) / 255),
      );
      expect(odd).toBe(-1);
    });
  });

  it('is the same compressed, in float64 but for the last bits, and limited', async () => {
    const zipped = Object.fromEntries(Object.entries(tenFiles).map(([name, bytes]) => [`${name}.gz`, gzipSync(bytes)]));
    const directory = folderWith(zipped);
    const plain = cifar10FromBytes({ train: batches, test: tenFiles['test_batch.bin'] });
    expect(await cifar10({ directory })).toEqual(plain);
    const wide = await cifar10({ directory, dtype: 'float64' });
    expect(wide.test.inputs[1]).toBe(pixel(20, 1) / 255);
    expect(Float32Array.from(wide.train.inputs)).toEqual(plain.train.inputs);
    const few = await cifar10({ directory, limit: 2 });
    expect([...counts(few), few.prior.labels[0]]).toEqual([2, 2, 2, ten(18)[0]]);
  });

  it('of 100 classes has two labels', async () => {
    const files = { 'train.bin': batch(0, 30, hundred), 'test.bin': batch(30, 4, hundred) };
    const directory = folderWith(files);
    const fine = await cifar100({ directory });
    const coarse = await cifar100({ directory, labels: 'coarse' });
    expect([fine.train.classes, coarse.train.classes]).toEqual([100, 20]);
    expect([...fine.test.labels]).toEqual([30, 31, 32, 33].map((i) => hundred(i)[1]));
    expect([...coarse.test.labels]).toEqual([30, 31, 32, 33].map((i) => hundred(i)[0]));
    expect(coarse.test.inputs).toEqual(fine.test.inputs);
    expect(coarse.train.name).toBe('CIFAR-100 coarse, training images 0 to 26');
  });

  it('of either set is told apart where a length fits both', () => {
    // 3074 images of one set are as long as 3073 of the other
    const both = new Uint8Array(3073 * 3074);
    expect(parseCifar(both).images.shape[0]).toBe(3074);
    expect(parseCifar(both, { classes: 100 }).images.shape[0]).toBe(3073);
    expect(cifar100FromBytes({ train: [both], test: both }).test.count).toBe(3073);
  });

  it('that is none is refused by name', async () => {
    const { 'data_batch_3.bin': _absent, ...four } = tenFiles as Record<string, Uint8Array>;
    await expect(cifar10({ directory: folderWith(four) })).rejects.toThrow(
      /^cifar10: cannot read .*data_batch_3\.bin or its \.gz; the folder must hold data_batch_1\.bin, …, test_batch\.bin/,
    );
    await expect(cifar10({ directory: '' })).rejects.toThrow(/^cifar10: directory must name the folder/);
    await expect(cifar100({ directory: '/nowhere' })).rejects.toMatchObject({ badArgument: true });
    const test = tenFiles['test_batch.bin'];
    expect(() => cifar100FromBytes({ train: [test], test })).toThrow(/images of CIFAR-100 take 3074 each/);
    expect(() => cifar10FromBytes({ train: [], test })).toThrow(/train holds no file/);
    expect(() => cifar10FromBytes({ train: test as never, test })).toThrow(/train must be a list of files/);
    expect(() => cifar10FromBytes({ train: [batch(0, 1, ten)], test })).toThrow(/hold 1 image; .*give more/);
    expect(() => cifar10FromBytes({ train: [test], test }, { limit: 0 })).toThrow(/^cifar10: limit/);
    expect(() => cifar100FromBytes({ train: [test], test }, { labels: 'rough' as 'fine' })).toThrow(
      /^cifar100: labels/,
    );
    expect(() => parseCifar(test, { labels: 'coarse' })).toThrow(/coarse labels are of CIFAR-100/);
    expect(() => parseCifar(test, { classes: 20 as 10 })).toThrow(/classes must be 10 or 100, got 20/);
    expect(() =>
      parseCifar(
        batch(0, 2, () => [20, 3]),
        { labels: 'coarse' },
      ),
    ).toThrow(/label 0 is 20; .* 0 to 19/);
  });
});

describe('Fashion-MNIST', () => {
  const idx = (dimensions: readonly number[], byte: (i: number) => number): Uint8Array => {
    const lengths = dimensions.flatMap((n) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]);
    const head = [0, 0, 8, dimensions.length, ...lengths];
    const bytes = new Uint8Array(head.length + dimensions.reduce((a, b) => a * b));
    bytes.set(head);
    for (let i = head.length; i < bytes.length; i++) bytes[i] = byte(i - head.length);
    return bytes;
  };
  const zipped = (bytes: Uint8Array): Uint8Array => gzipSync(bytes, { level: 1 });
  const files: MnistFiles = {
    trainImages: zipped(idx([60_000, 28, 28], (i) => (i % 784 === 5 ? (i / 784) & 255 : 0))),
    trainLabels: zipped(idx([60_000], (i) => i % 10)),
    testImages: zipped(idx([10_000, 28, 28], (i) => (i % 784 === 6 ? (i / 784) & 255 : 0))),
    testLabels: zipped(idx([10_000], (i) => (i + 3) % 10)),
  };
  const names = {
    'train-images-idx3-ubyte.gz': files.trainImages,
    'train-labels-idx1-ubyte.gz': files.trainLabels,
    't10k-images-idx3-ubyte.gz': files.testImages,
  };

  it('is read from idx.gz and idx files of a folder, as from bytes', async () => {
    // a file without .gz comes before one with it
    const directory = folderWith({
      ...names,
      't10k-labels-idx1-ubyte': gunzip(files.testLabels),
      't10k-labels-idx1-ubyte.gz': new Uint8Array(9),
    });
    const splits = await fashionMnist({ directory, limit: 300 });
    expect(splits).toEqual(fashionMnistFromBytes(files, { limit: 300 }));
    expect(counts(splits)).toEqual([300, 300, 300]);
    const { train, prior, test } = splits;
    expect([train.name, prior.name]).toEqual([
      'Fashion-MNIST, training images 0 to 299',
      'Fashion-MNIST, training images 55000 to 55299',
    ]);
    expect([train.inputs[784 * 299 + 5], prior.inputs[5], test.inputs[784 * 7 + 6]]).toEqual(
      [299 & 255, 55_000 & 255, 7].map((byte) => Math.fround(byte / 255)),
    );
    expect([train.labels[8], prior.labels[8], test.labels[8], test.classes]).toEqual([8, 8, 1, 10]);
    expect(fashionMnistClasses.length).toBe(10);
  });

  it('that is not there, or is another set, is refused', async () => {
    await expect(fashionMnist({ directory: '/nowhere' })).rejects.toThrow(
      /^fashionMnist: cannot read \/nowhere\/.*ubyte or its \.gz; the folder must hold the four idx files.*dataset-fashion-mnist/,
    );
    await expect(fashionMnist({ directory: folderWith(names) })).rejects.toThrow(/t10k-labels-idx1-ubyte/);
    expect(() => fashionMnistFromBytes({ ...files, testImages: files.trainImages })).toThrow(
      /the test images of Fashion-MNIST are uint8 \(10000, 28, 28\), these are uint8 \(60000, 28, 28\)/,
    );
    expect(() => fashionMnistFromBytes({ ...files, testLabels: zipped(idx([10_000], () => 10)) })).toThrow(
      /label 0 of the test images is 10; classes go from 0 to 9/,
    );
    expect(() => fashionMnistFromBytes({ ...files, testLabels: files.testLabels.subarray(0, 90) })).toThrow(/^gzip: /);
    expect(() => fashionMnistFromBytes(files, { dtype: 'float16' as 'float32' })).toThrow(/^fashionMnist: dtype/);
  });

  const debian = '/usr/share/datasets/fashion-mnist';
  // where Debian's package dataset-fashion-mnist is installed
  if (existsSync(debian))
    describe('of Debian', () => {
      it('has the published bytes', () => {
        const digest = (name: string): string => sha256(gunzip(readFileSync(join(debian, `${name}.gz`)))).slice(0, 8);
        expect(
          ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1'].map((name) =>
            digest(`${name}-ubyte`),
          ),
        ).toEqual(['c59f468a', 'bad3541b', '5b4141f0', '0402a96d']);
      });

      it('has 6,000 training and 1,000 test images of each class, and shares none between the parts', async () => {
        const { train, prior, test } = await fashionMnist();
        expect([train, prior, test].map(({ count }) => count)).toEqual([55_000, 5_000, 10_000]);
        const of = (labels: Int32Array, c: number): number =>
          labels.reduce((sum, label) => sum + Number(label === c), 0);
        for (let c = 0; c < 10; c++) {
          expect(of(train.labels, c) + of(prior.labels, c)).toBe(6_000);
          expect(of(test.labels, c)).toBe(1_000);
        }
        expect([countSharedInputs(train, prior), countSharedInputs(train, test)]).toEqual([0, 0]);
      });
    });
});
