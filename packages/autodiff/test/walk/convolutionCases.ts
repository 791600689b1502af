import {
  type Tensor,
  add,
  broadcastTo,
  conv2d,
  matmul,
  relu,
  reshape,
  sum,
  tanh,
  transpose,
} from '@hyperribbon/autodiff';
import { conv1d, convTranspose2d } from '@hyperribbon/autodiff/layers';

type Layer = (...args: Tensor[]) => Tensor;

/** Convolutions and products of tokens; [weight, bias, inputs, outputs, positions, alone, groups] of every map, groups where not 1. */
export const convolutionCases: Readonly<
  Record<
    string,
    {
      readonly network: Layer;
      readonly parameters: readonly (readonly number[])[];
      readonly x: readonly number[];
      readonly maps: readonly (readonly [number, number | undefined, number, number, number, boolean, number?])[];
    }
  >
> = {
  'a convolution with gaps': {
    network: (K, b, x) =>
      sum(relu(add(conv2d(reshape(x, [2, 5, 4, 3]), K, { dilation: [2, 1], padding: 1 }), b)), [1, 2]),
    parameters: [[4, 3, 2, 3], [4]],
    x: [2, 60],
    maps: [[0, 1, 18, 4, 20, true]],
  },
  'a convolution by groups': {
    network: (K, b, x) => tanh(add(conv2d(reshape(x, [2, 3, 3, 4]), K, { groups: 2, padding: 1, stride: 2 }), b)),
    parameters: [[6, 2, 3, 3], [6]],
    x: [2, 36],
    maps: [[0, 1, 18, 3, 4, true, 2]],
  },
  'a convolution by groups with channels first and no bias': {
    network: (K, x) => tanh(conv2d(reshape(x, [2, 4, 3, 3]), K, { groups: 2, layout: 'NCHW' })),
    parameters: [[2, 2, 2, 2]],
    x: [2, 36],
    maps: [[0, undefined, 8, 1, 4, true, 2]],
  },
  'a depthwise convolution': {
    network: (K, b, x) => tanh(add(conv2d(reshape(x, [2, 3, 4, 3]), K, { groups: 3, padding: 1 }), b)),
    parameters: [[3, 1, 3, 3], [3]],
    x: [2, 36],
    maps: [[0, 1, 9, 1, 12, true, 3]],
  },
  'a depthwise convolution with channels first, two outputs for each channel': {
    network: (K, b, x) =>
      tanh(add(conv2d(reshape(x, [2, 2, 3, 4]), K, { groups: 2, layout: 'NCHW' }), reshape(b, [4, 1, 1]))),
    parameters: [[4, 1, 2, 2], [4]],
    x: [2, 24],
    maps: [[0, 1, 4, 1, 6, true, 4]],
  },
  'a convolution of sequences': {
    network: (K, b, x) =>
      tanh(add(conv1d(reshape(x, [2, 3, 6]), K, { layout: 'NCL', padding: 1 }), reshape(b, [4, 1]))),
    parameters: [[4, 3, 3], [4]],
    x: [2, 18],
    maps: [[0, 1, 9, 4, 6, true]],
  },
  'a transposed convolution': {
    network: (K, x) => tanh(convTranspose2d(reshape(x, [2, 2, 3, 4]), K, { stride: 2 })),
    parameters: [[4, 2, 3, 3]],
    x: [2, 24],
    maps: [[0, undefined, 4, 18, 6, true]],
  },
  'one matrix repeated over a stack': {
    network: (W, b, x) => tanh(add(matmul(reshape(x, [2, 3, 5, 4]), broadcastTo(W, [2, 3, 4, 2])), b)),
    parameters: [[4, 2], [2]],
    x: [2, 60],
    maps: [[0, 1, 4, 2, 15, true]],
  },
  'one matrix repeated over a stack, on the left': {
    network: (W, b, x) =>
      tanh(add(matmul(broadcastTo(transpose(W), [2, 2, 4]), reshape(x, [2, 4, 3])), reshape(b, [2, 1]))),
    parameters: [[4, 2], [2]],
    x: [2, 12],
    maps: [[0, 1, 4, 2, 3, true]],
  },
  'a matrix for each head': {
    network: (W, x) => tanh(matmul(broadcastTo(x, [3, 2, 4]), W)),
    parameters: [[3, 4, 2]],
    x: [2, 4],
    maps: [[0, undefined, 4, 2, 1, true, 3]],
  },
};
