import { refuse } from '@hyperribbon/contract';
import { lenet } from '../models/lenet.js';
import { denseChain } from './denseChain.js';
import type { NamedLayer } from './layerNames.js';
import { caller, written, type NamedArray } from './namedArray.js';
import { like, transposed, type ReadArrays } from './readArrays.js';

type Arrays = ReadonlyMap<string, NamedArray>;

/** Pixels of what the second pooling leaves of a channel: 4 × 4. */
const last = 16;

/** A LeNet of the layers that are there: two convolutions, (out, in, 5, 5) or as Keras has them (5, 5, in, out), then dense ones. */
export function lenetOf(arrays: Arrays, layers: readonly NamedLayer[]): ReadArrays {
  const rank = ({ weight }: NamedLayer): number => arrays.get(weight)!.shape.length;
  const convolutions = layers.filter((layer) => rank(layer) === 4);
  const dense = layers.filter((layer) => rank(layer) === 2);
  if (convolutions.length !== 2 || dense.length === 0 || convolutions.length + dense.length < layers.length) {
    const there = layers.map(({ weight }) => `${weight} ${written(arrays.get(weight)!.shape)}`).join(', ') || 'none';
    refuse(
      caller,
      `a LeNet has two convolutions, conv1.weight (out, 1, 5, 5) and conv2.weight (out, in, 5, 5), and dense layers; got ${there}`,
    );
  }
  const filters = convolutions.map((layer) => filtersOf(arrays, layer));
  const [[c1, grey], [c2, from]] = filters.map(({ shape }) => shape);
  if (grey !== 1 || from !== c1)
    refuse(
      caller,
      `the convolutions of a LeNet have shapes (c, 1, 5, 5) and (d, c, 5, 5), got ${filters.map(({ shape }) => written(shape)).join(' and ')}`,
    );
  const { layers: ordered, stored, widths, note } = denseChain(arrays, dense, c2 * last);
  const network = lenet({ channels: [c1, c2], hidden: widths.slice(1, -1), classes: widths[widths.length - 1] });
  const keras = filters[1].keras;
  const parts = new Map<string, NamedArray>();
  for (const [i, { weight, bias }] of filters.entries()) {
    parts.set(`conv${i + 1}.weight`, weight);
    parts.set(`conv${i + 1}.bias`, bias);
  }
  for (const [i, { weight, bias }] of ordered.entries()) {
    const matrix = stored === 'in-out' ? arrays.get(weight)! : transposed(arrays.get(weight)!);
    parts.set(`fc${i + 1}.weight`, i === 0 && keras ? channelsFirst(matrix, c2) : matrix);
    parts.set(`fc${i + 1}.bias`, arrays.get(bias)!);
  }
  const how = [
    ...(stored === 'out-in' ? ['dense weights are (out, in)'] : []),
    ...(keras ? ['images have their channels last, as in Keras'] : []),
  ];
  return {
    network,
    parts,
    notes: [...(note === undefined ? [] : [note]), ...(how.length === 0 ? [] : [how.join('; ')])],
  };
}

/** Filters as (out, in, 5, 5), whichever way they lie. */
function filtersOf(arrays: Arrays, { weight, bias, habit }: NamedLayer) {
  const array = arrays.get(weight)!;
  const { shape } = array;
  const fits = (axes: readonly number[]): boolean => axes.every((axis) => shape[axis] === 5);
  const [torch, keras] = [fits([2, 3]), fits([0, 1])];
  if (!torch && !keras) refuse(caller, `${weight} has shape ${written(shape)}, expected (out, in, 5, 5)`);
  if (bias === undefined) return refuse(caller, `${weight} has no bias; add zeros to the file`);
  const turn = keras && (!torch || habit === 'in-out');
  return {
    keras: turn,
    shape: turn ? [shape[3], shape[2], 5, 5] : shape,
    weight: turn ? fromKeras(array) : array,
    bias: arrays.get(bias)!,
  };
}

/** (5, 5, in, out) to (out, in, 5, 5). */
function fromKeras({ shape: [, , inputs, outputs], data }: NamedArray): NamedArray {
  const turned = Array.from(data, Number);
  for (let pixel = 0; pixel < 25; pixel++)
    for (let i = 0; i < inputs; i++)
      for (let o = 0; o < outputs; o++)
        turned[(o * inputs + i) * 25 + pixel] = Number(data[(pixel * inputs + i) * outputs + o]);
  return { shape: [outputs, inputs, 5, 5], data: like(data, turned) };
}

/** Rows of the first dense weight from (row, column, channel) to (channel, row, column). */
function channelsFirst({ shape, data }: NamedArray, channels: number): NamedArray {
  const [, columns] = shape;
  const turned = Array.from(data, Number);
  for (let pixel = 0; pixel < last; pixel++)
    for (let channel = 0; channel < channels; channel++)
      for (let j = 0; j < columns; j++)
        turned[(channel * last + pixel) * columns + j] = Number(data[(pixel * channels + channel) * columns + j]);
  return { shape, data: like(data, turned) };
}
