// Oracle: the shapes themselves. Examples that a network of images was not made for are refused with what to do, never bent.
import { defineNetwork, mlp, type Network } from '@hyperribbon/nn';
import { dense } from '@hyperribbon/autodiff';
import { writeNpz } from '@hyperribbon/data';
import { describe, expect, it } from 'vitest';
import { loadExamples } from '../../src/input/dataSource.js';
import { networkFor, requireFit } from '../../src/input/networkFor.js';
import { cifar100Folder, file } from '../cases/files.js';

/** A network of images of this shape that tells `classes` apart. */
function ofImages(inputShape: readonly number[], classes = 2): Network {
  const inputs = inputShape.reduce((a, b) => a * b);
  const parameters = [{ name: 'W', shape: [inputs, classes] }];
  return {
    ...defineNetwork({ name: 'net', inputs, classes, parameters, apply: ({ W }, x) => dense(x, W) }),
    inputShape,
  };
}

const images = (name: string, shape: readonly number[]): string =>
  file(
    name,
    writeNpz({
      x: { shape: [2, ...shape], data: new Uint8Array(2 * shape.reduce((a, b) => a * b)) },
      y: { shape: [2], data: Uint8Array.of(0, 1) },
    }),
  );
const grey = images('grey-28.npz', [28, 28]);
const colours = images('colours-12.npz', [12, 12, 3]);
const flat = images('flat-784.npz', [784]);

describe('examples for a network of images', () => {
  it.each<[string, string, readonly number[]]>([
    ['of their shape', grey, [1, 28, 28]],
    ['of their shape, without a channel', grey, [28, 28]],
    ['of colours, channels turned', colours, [3, 12, 12]],
    ['as rows', flat, [1, 28, 28]],
    ['that is one of rows', grey, [784]],
  ])('%s are taken', async (_, data, shape) => {
    expect((await loadExamples({ data }, ofImages(shape))).examples.count).toBe(2);
  });

  it.each<[string, string, readonly number[], RegExp]>([
    [
      'grey images for three channels',
      grey,
      [3, 28, 28],
      /^--data: the examples are images of one channel, 28 × 28, but net takes images of 3 channels, 28 × 28; .*numpy\.repeat\(x\.reshape\(-1, 1, 28, 28\), 3, 1\)/,
    ],
    [
      'another size',
      grey,
      [1, 32, 32],
      /but net takes images of one channel, 32 × 32; resize or pad the images to 32 × 32/,
    ],
    [
      'as many numbers in another shape',
      colours,
      [1, 18, 24],
      /images of 3 channels, 12 × 12, but net takes images of one channel, 18 × 24; resize/,
    ],
    [
      'colours for grey',
      colours,
      [1, 12, 12],
      /3 channels, 12 × 12, but net takes images of one channel, 12 × 12; save them grey, x\.mean\(1\)/,
    ],
    ['rows of another length', flat, [3, 28, 28], /^--data: the examples have 784 features, but net takes 2352/],
  ])('%s are refused with what to do', async (_, data, shape, message) => {
    await expect(loadExamples({ data }, ofImages(shape))).rejects.toThrow(message);
  });

  it('are refused for an architecture by the same words', () => {
    const [inputs, labels] = [new Float32Array(784), new Int32Array(1)];
    const examples = { inputs, labels, count: 1, features: 784, classes: 2, shape: [1, 28, 28] };
    expect(() => requireFit('net', ofImages([3, 28, 28]), examples)).toThrow(
      /^--architecture: the examples are images of one/,
    );
    expect(() => requireFit('net', ofImages([1, 28, 28]), examples)).not.toThrow();
    expect(() => requireFit('net', mlp([784, 3]), examples)).toThrow(/takes 784 inputs and tells 3 classes apart/);
  });

  it('tell models of images their lengths', () => {
    const [inputs, labels] = [new Float32Array(3 * 12 * 20), new Int32Array(1)];
    const examples = { inputs, labels, count: 1, features: 720, classes: 4, shape: [3, 12, 20] };
    const { inputShape, classes } = networkFor('resnet:8:width=0.25,norm=none', examples);
    expect([inputShape, classes]).toEqual([[3, 12, 20], 4]);
    expect(() => networkFor('resnet:8:4:3,20,12:width=0.25', examples)).toThrow(
      /images of 3 channels, 12 × 20, but .* 20 × 12/,
    );
  });

  it('of a named set have its shape', async () => {
    const data = `cifar100:${cifar100Folder('misfit')}:test`;
    expect((await loadExamples({ data }, ofImages([3, 32, 32], 100))).examples.shape).toEqual([3, 32, 32]);
    await expect(loadExamples({ data }, ofImages([1, 28, 28], 100))).rejects.toThrow(
      /3 channels, 32 × 32, but net takes/,
    );
  });
});
