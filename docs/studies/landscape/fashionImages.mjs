// The first images of Fashion-MNIST as Debian's dataset-fashion-mnist installs them, standardised by one mean and one deviation over all pixels.
import { readFile } from 'node:fs/promises';
import { parseIdx } from '@hyperribbon/data';

const folder = '/usr/share/datasets/fashion-mnist';

/** @param count images, from the first; @param skip left out before them */
export async function fashionImages(count, { skip = 0, split = 'train' } = {}) {
  const read = async (name) => (await parseIdx(await readFile(`${folder}/${name}`))).data;
  const pixels = (await read(`${split}-images-idx3-ubyte.gz`)).subarray(784 * skip, 784 * (skip + count));
  const labels = Int32Array.from((await read(`${split}-labels-idx1-ubyte.gz`)).subarray(skip, skip + count));
  let [sum, squares] = [0, 0];
  for (const pixel of pixels) {
    sum += pixel;
    squares += pixel * pixel;
  }
  const mean = sum / pixels.length;
  const deviation = Math.sqrt(squares / pixels.length - mean * mean);
  const inputs = Float32Array.from(pixels, (pixel) => (pixel - mean) / deviation);
  return { inputs, labels, count, features: 784, classes: 10 };
}
