import {
  type ConvolutionOptions,
  type Tensor,
  add,
  averagePool2d,
  batchNorm,
  broadcastTo,
  concatenate,
  conv2d,
  expm1,
  full,
  greater,
  log1p,
  logCosh,
  logSigmoid,
  logSoftmax,
  logSumExp,
  matmul,
  max,
  maxPool2d,
  mean,
  mul,
  normalCdf,
  normalPdf,
  pad,
  reshape,
  rsqrt,
  sech2,
  select,
  slice,
  softmax,
  square,
  transpose,
} from '@hyperribbon/autodiff';
import { attention, embedding, layerNorm } from '@hyperribbon/autodiff/layers';
import { type Network, defineNetwork, lenet, mlp } from '@hyperribbon/nn';
import { allCnn, parseArchitecture, resnet } from '@hyperribbon/nn/models';

/** A network that is written. */
export interface NetworkCase {
  readonly network: Network;
  /** those that its graph must have, in order, constants and views left out */
  readonly operators?: string;
}

const norm = 'BatchNormalization';
const images = (x: Tensor): Tensor => transpose(reshape(x, [x.shape[0], 2, 5, 6]), [0, 2, 3, 1]);
const flat = (y: Tensor): Tensor => reshape(transpose(y, [0, 3, 1, 2]), [y.shape[0], -1]);
const scaled = { name: 'scale', shape: [2], start: { normal: 1 } } as const;

/** A block of GPT's kind on 5 tokens of 11, head tied to the embedding. */
function language(): Network {
  const [positions, width, vocabulary] = [5, 8, 11];
  return defineNetwork({
    inputs: positions,
    classes: positions * vocabulary,
    vocabulary,
    parameters: [
      { name: 'wte.weight', shape: [vocabulary, width], start: { normal: 1 } },
      { name: 'wpe.weight', shape: [positions, width], start: { normal: 1 } },
      { name: 'ln.weight', shape: [width], start: 1 },
      { name: 'ln.bias', shape: [width], start: 0.1 },
      { name: 'attn.weight', shape: [width, 3 * width], start: { normal: 0.5 } },
      { name: 'attn.bias', shape: [3 * width], start: 0.1 },
    ],
    apply(p, x) {
      const [batch] = x.shape;
      const rows = batch * positions;
      const h = add(embedding(p['wte.weight'], x), p['wpe.weight']);
      const normal = layerNorm(h, { scale: p['ln.weight'], shift: p['ln.bias'] });
      const mixed = add(
        reshape(matmul(reshape(normal, [rows, width]), p['attn.weight']), [batch, positions, 3 * width]),
        p['attn.bias'],
      );
      const heads = (i: number): Tensor => {
        const part = slice(mixed, [0, 0, i * width], [batch, positions, (i + 1) * width]);
        return transpose(reshape(part, [batch, positions, 2, width / 2]), [0, 2, 1, 3]);
      };
      const seen = attention(heads(0), heads(1), heads(2), { causal: true });
      const sum = add(h, reshape(transpose(seen, [0, 2, 1, 3]), [batch, positions, width]));
      const logits = matmul(reshape(sum, [rows, width]), transpose(p['wte.weight']));
      return reshape(logits, [batch, positions * vocabulary]);
    },
  });
}

/** Batch norm by features, with statistics that are kept beside the weights. */
function normed(): Network {
  return defineNetwork({
    inputs: 3,
    classes: 3,
    parameters: [
      { name: 'bn.weight', shape: [3], start: { normal: 1 } },
      { name: 'bn.bias', shape: [3], start: { normal: 1 } },
    ],
    buffers: [
      { name: 'bn.running_mean', shape: [3], value: Float64Array.of(0.5, -1, 2) },
      { name: 'bn.running_var', shape: [3], value: Float64Array.of(0.25, 1, 4) },
    ],
    apply: (p, x, kept) =>
      batchNorm(x, {
        mean: kept['bn.running_mean'],
        variance: kept['bn.running_var'],
        scale: p['bn.weight'],
        shift: p['bn.bias'],
      }),
  });
}

function custom(inputs: number, classes: number, apply: (x: Tensor, a: Tensor) => Tensor): Network {
  return defineNetwork({
    inputs,
    classes,
    parameters: [{ name: 'a', shape: [inputs], start: { normal: 1 } }],
    apply: ({ a }, x) => apply(x, a),
  });
}

function pooled(pool: (x: Tensor) => Tensor, classes: number): Network {
  return defineNetwork({
    inputs: 60,
    inputShape: [2, 5, 6],
    classes,
    parameters: [scaled],
    apply: ({ scale }, x) => flat(pool(mul(images(x), scale))),
  });
}

/** A convolution of four channels of 5 × 6, with a bias. */
function convolved(filters: readonly number[], options: ConvolutionOptions): Network {
  return defineNetwork({
    inputs: 120,
    inputShape: [4, 5, 6],
    classes: filters[0] * 30,
    parameters: [
      { name: 'conv.weight', shape: filters, start: { normal: 0.4 } },
      { name: 'conv.bias', shape: [filters[0]], start: 0.5 },
    ],
    apply(p, x) {
      const image = transpose(reshape(x, [x.shape[0], 4, 5, 6]), [0, 2, 3, 1]);
      return flat(add(conv2d(image, p['conv.weight'], options), p['conv.bias']));
    },
  });
}

/** A token of its own before three others, as vision transformers have it, and the largest of each column. */
function classToken(): Network {
  return defineNetwork({
    inputs: 12,
    classes: 4,
    parameters: [
      { name: 'token', shape: [4], start: { normal: 1 } },
      { name: 'places', shape: [1, 5, 4], start: { normal: 1 } },
    ],
    apply({ token, places }, x) {
      const [batch] = x.shape;
      const own = broadcastTo(reshape(token, [1, 1, 4]), [batch, 1, 4]);
      const all = concatenate([own, reshape(x, [batch, 3, 4])], 1);
      return max(softmax(add(pad(all, [0, 1, 0], [0, 0, 0]), places)), 1);
    },
  });
}

export const networkCases: Readonly<Record<string, NetworkCase>> = {
  'mlp with tanh': { network: mlp([5, 4, 3]), operators: 'Gemm Tanh Gemm' },
  'mlp with gelu': {
    network: mlp([5, 4, 3], { activation: 'gelu' }),
    operators: 'Gemm Div Erf Add Mul Mul Gemm',
  },
  'mlp with silu': { network: mlp([5, 4, 3], { activation: 'silu' }), operators: 'Gemm Sigmoid Mul Gemm' },
  'a single layer of one class': { network: mlp([1, 1]), operators: 'Gemm' },
  lenet: {
    network: lenet({ channels: [2, 3], hidden: [5] }),
    operators: 'Conv Tanh AveragePool Conv Tanh AveragePool Gemm Tanh Gemm',
  },
  allCnn: {
    network: allCnn({ channels: [3, 4], image: { height: 8, width: 8, channels: 2 } }),
    operators: `${`Conv Relu ${norm} `.repeat(5)}ReduceSum Div`,
  },
  'resnet of depth 8': {
    network: resnet(8, { width: 0.25, image: [3, 16, 16] }),
    operators: [
      `Conv ${norm} Relu Conv ${norm} Relu Conv ${norm} Add Relu`,
      `Conv ${norm} Relu Conv ${norm} Conv ${norm} Add Relu `.repeat(2),
      'ReduceSum Div Gemm',
    ].join(' '),
  },
  'resnet of depth 18 with its large stem': {
    network: resnet(18, { width: 0.0625, image: [3, 64, 64] }),
    operators: [
      `Conv ${norm} Relu MaxPool`,
      ...[1, 2, 3, 4].flatMap((stage) => [
        `Conv ${norm} Relu Conv ${norm}${stage === 1 ? '' : ` Conv ${norm}`} Add Relu`,
        `Conv ${norm} Relu Conv ${norm} Add Relu`,
      ]),
      'ReduceSum Div Gemm',
    ].join(' '),
  },
  'a block of a language model': { network: language() },
  'resnet with fixup': {
    network: resnet(8, { width: 0.25, image: [3, 8, 8], norm: 'fixup' }),
  },
  'wide resnet': { network: parseArchitecture('wrn:10-1:4:1,8,8') },
  vgg: { network: parseArchitecture('vgg:11:4:1,32,32:width=0.03125') },
  'vision transformer': { network: parseArchitecture('vit:8,1,2:4:3,8,8') },
  gpt: { network: parseArchitecture('gpt:8,1,2:11:5') },
  'gpt with a head of its own': { network: parseArchitecture('gpt:8,1,2:11:5:tied=false') },
  'attention of softmax in context': { network: parseArchitecture('attention:softmax:2:4') },
  'linear attention in context': { network: parseArchitecture('attention:linear:2:4') },
  'a batch norm of features': { network: normed(), operators: norm },
  'a class token': {
    network: classToken(),
    operators: 'Shape Gather Concat Expand Concat Pad Add Softmax ReduceMax',
  },
  'a convolution with gaps': {
    network: convolved([3, 4, 3, 2], {
      dilation: [2, 1],
      padding: [
        [2, 2],
        [0, 1],
      ],
    }),
    operators: 'Conv',
  },
  'a convolution of two groups': { network: convolved([6, 2, 3, 3], { groups: 2, padding: 1 }), operators: 'Conv' },
  'a depthwise convolution': { network: convolved([4, 1, 3, 3], { groups: 4, padding: 1 }), operators: 'Conv' },
  'a depthwise convolution of each channel twice': {
    network: convolved([8, 1, 1, 3], {
      groups: 4,
      padding: [
        [0, 0],
        [1, 1],
      ],
    }),
    operators: 'Conv',
  },
  'maxima of windows': { network: pooled((x) => maxPool2d(x, { size: 2 }), 12), operators: 'Mul MaxPool' },
  'maxima of padded windows': {
    network: pooled((x) => maxPool2d(x, { size: 3, stride: 2, padding: 1 }), 18),
    operators: 'Mul MaxPool',
  },
  'means of windows': { network: pooled((x) => averagePool2d(x, { size: [5, 2] }), 6), operators: 'Mul AveragePool' },
  'functions that ONNX has no operator for': {
    network: custom(6, 6, (x, a) => {
      const y = add(x, a);
      const terms = [expm1(y), sech2(y), normalCdf(y), normalPdf(y), logCosh(y), rsqrt(add(square(y), 1))];
      const rest = select(greater(y, 0.3), log1p(square(y)), logSigmoid(y));
      return terms.reduce((sum, term) => add(sum, term), rest);
    }),
    operators:
      'Add Greater Cast Mul Add Div Atanh Mul Neg Softplus Neg Cast Where Exp Add Mul Tanh Mul Add Cosh Reciprocal Mul Add Mul Erf Add Mul Add Mul Mul Exp Mul Add Abs Mul Softplus Add Sub Add Mul Add Sqrt Reciprocal Add',
  },
  'logarithms of a softmax, and constants': {
    network: custom(4, 4, (x, a) => add(logSoftmax(add(x, a)), mean(full([4], 2, x.dtype)))),
    // what logSoftmax does to keep its accuracy where one class has nearly all
    operators:
      'Add Softmax Greater Cast ReduceMax Sub Cast Where ReduceMax Where ReduceLogSumExp Softplus Cast Where Sub Add',
  },
  'one number of all': {
    network: custom(4, 1, (x, a) => reshape(logSumExp(mul(x, a)), [x.shape[0], 1])),
    operators: 'Mul ReduceLogSumExp',
  },
};
