import type { ReadTensor } from './tensorFile.js';

type Tensor = Extract<ReadTensor, { readonly data: unknown }>;

/**
 * Filters of Keras and Flax, arrays (…kernel, in, out) that are called kernel, as (out, in, …kernel); anything else as it is.
 * Which of its two sides a matrix has first is nothing to its singular values.
 */
export function filtersFirst(name: string, tensor: Tensor): Tensor {
  const { shape, data } = tensor;
  if (!/(^|[./_])kernel(:\d+)?$/.test(name) || shape.length < 4) return tensor;
  const [inputs, outputs] = shape.slice(-2);
  const places = shape.slice(0, -2).reduce((product, length) => product * length, 1);
  const moved = new Float64Array(data.length);
  for (let place = 0; place < places; place++)
    for (let i = 0; i < inputs; i++)
      for (let o = 0; o < outputs; o++)
        moved[(o * inputs + i) * places + place] = Number(data[(place * inputs + i) * outputs + o]);
  return {
    ...tensor,
    shape: [outputs, inputs, ...shape.slice(0, -2)],
    data: /^(u?int|bool)/.test(tensor.dtype) ? data : moved,
  };
}
