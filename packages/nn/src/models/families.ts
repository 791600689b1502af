import type { ActivationName } from '@hyperribbon/autodiff';
import type { Network } from '../network.js';
import { allCnn } from './allCnn.js';
import { attentionRegressor } from './attentionRegressor.js';
import type { ImageShape } from './imageModel.js';
import { gpt } from './gpt.js';
import { lenet } from './lenet.js';
import { mlp } from './mlp.js';
import { type Parts, positiveNumber, wholeNumber, word, yesOrNo } from './parts.js';
import { resnet } from './resnet.js';
import { vgg } from './vgg.js';
import { vit } from './vit.js';
import { wideResnet } from './wideResnet.js';

/** What examples say of the network that takes them. */
export interface ExampleShape {
  readonly features: number;
  /** logits per example */
  readonly classes: number;
  /** lengths of one example, [channels, height, width] of images; default for models of images: squares, in colours if they can be */
  readonly shape?: readonly number[] | undefined;
  /** where inputs are tokens, how many there are; default classes over features */
  readonly vocabulary?: number | undefined;
}

/** Architectures that one word begins. */
export interface Family {
  /** how their texts are made, and one of them */
  readonly form: string;
  readonly example: string;
  read(parts: Parts): Network;
  /** the parts with those that are left off as the examples want them */
  complete(given: readonly string[], examples: ExampleShape): readonly string[];
}

const mlpFamily: Family = {
  form: 'mlp:ACTIVATION:WIDTHS',
  example: 'mlp:tanh:784,256,10',
  read(parts) {
    if (parts.count !== 2) return parts.expected('mlp:ACTIVATION:WIDTHS, such as mlp:tanh:784,256,10');
    return mlp(parts.integers(1, 'widths')!, { activation: parts.text(0) as ActivationName });
  },
  complete([activation = '', widths = '', ...others], { features, classes }) {
    const listed = widths === '' ? [] : widths.split(',');
    const whole = listed.length >= 2 && Number(listed[0]) === features && Number(listed.at(-1)) === classes;
    return [activation, whole ? widths : [features, ...listed, classes].join(','), ...others];
  },
};

const lenetFamily: Family = {
  form: 'lenet:CHANNELS:HIDDEN:CLASSES',
  example: 'lenet:6,16:120,84:10',
  read(parts) {
    if (parts.count > 3) return parts.expected('lenet:CHANNELS:HIDDEN:CLASSES, such as lenet:6,16:120,84:10');
    const [channels, hidden, classes] = [channelPair(parts), parts.integers(1, 'hidden'), parts.integer(2, 'classes')];
    return lenet(given({ channels, hidden, classes }));
  },
  complete: ([channels = '6,16', hidden = '120,84', classes], examples) => [
    channels,
    hidden,
    classes ?? String(examples.classes),
  ],
};

const allCnnFamily: Family = {
  form: 'allcnn:CHANNELS:CLASSES:HEIGHT,WIDTH,CHANNELS',
  example: 'allcnn:64,128:10:32,32,3',
  read(parts) {
    if (parts.count > 3) return parts.expected('allcnn:CHANNELS:CLASSES:IMAGE, such as allcnn:64,128:10:32,32,3');
    const image = parts.integers(2, 'image', 3, 'height, width and channels of the image');
    const [height, width, channels] = image ?? [32, 32, 3];
    return allCnn({
      ...given({ channels: channelPair(parts), classes: parts.integer(1, 'classes') }),
      image: { height, width, channels },
    });
  },
  complete([channels = '64,128', classes, image], examples) {
    const [depth, height, width] = imageOf(examples, 4);
    return [channels, classes ?? String(examples.classes), image ?? [height, width, depth].join(',')];
  },
};

const resnetFamily: Family = {
  form: 'resnet:DEPTH:CLASSES:CHANNELS,HEIGHT,WIDTH:OPTIONS',
  example: 'resnet:20:10:3,32,32',
  read(parts) {
    const options = imageParts(parts, resnetFamily);
    const switches = parts.options<{
      width: number;
      skip: boolean;
      norm: 'batch' | 'none' | 'fixup';
      stem: 'small' | 'large';
    }>({
      width: positiveNumber,
      skip: yesOrNo,
      norm: word('batch', 'none', 'fixup'),
      stem: word('small', 'large'),
    });
    return resnet(parts.integer(0, 'depth')!, { ...options, ...switches });
  },
  complete: completeImages,
};

const wideResnetFamily: Family = {
  form: 'wrn:DEPTH-WIDEN:CLASSES:CHANNELS,HEIGHT,WIDTH:OPTIONS',
  example: 'wrn:16-1:10:3,32,32',
  read(parts) {
    const [, depth, widen] = /^(\d+)-(\d+)$/.exec(parts.text(0) ?? '') ?? [];
    if (widen === undefined) return parts.expected(`${wideResnetFamily.form}, such as ${wideResnetFamily.example}`);
    const options = parts.options<{ dropout: number }>({ dropout: positiveNumber });
    return wideResnet(Number(depth), Number(widen), { ...imageParts(parts, wideResnetFamily), ...options });
  },
  complete: completeImages,
};

const vggFamily: Family = {
  form: 'vgg:DEPTH:CLASSES:CHANNELS,HEIGHT,WIDTH:OPTIONS',
  example: 'vgg:11:10:3,32,32',
  read(parts) {
    const images = imageParts(parts, vggFamily);
    const switches = parts.options<{ width: number; norm: 'batch' | 'none' }>({
      width: positiveNumber,
      norm: word('batch', 'none'),
    });
    return vgg(parts.integer(0, 'depth')!, { ...images, ...switches });
  },
  complete: completeImages,
};

const vitFamily: Family = {
  form: 'vit:WIDTH,LAYERS,HEADS:CLASSES:CHANNELS,HEIGHT,WIDTH:OPTIONS',
  example: 'vit:64,4,4:10:3,32,32',
  read(parts) {
    const images = imageParts(parts, vitFamily);
    const [width, layers, heads] = transformerSizes(parts);
    const switches = parts.options<{ patch: number; pool: 'token' | 'mean'; dropout: number }>({
      patch: wholeNumber,
      pool: word('token', 'mean'),
      dropout: positiveNumber,
    });
    return vit(width, layers, heads, { ...images, ...switches });
  },
  complete: completeImages,
};

const gptFamily: Family = {
  form: 'gpt:WIDTH,LAYERS,HEADS:VOCABULARY:POSITIONS:OPTIONS',
  example: 'gpt:64,4,4:256:64',
  read(parts) {
    if (parts.count !== 3) return parts.expected(`${gptFamily.form}, such as ${gptFamily.example}`);
    const [width, layers, heads] = transformerSizes(parts);
    const switches = parts.options<{ tied: boolean; dropout: number }>({ tied: yesOrNo, dropout: positiveNumber });
    const [vocabulary, positions] = [parts.integer(1, 'vocabulary')!, parts.integer(2, 'positions')!];
    return gpt(width, layers, heads, { vocabulary, positions, ...switches });
  },
  complete(all, { features, classes, vocabulary }) {
    const options = all.filter((part) => part.includes('='));
    const [first = '', tokens, positions] = all.filter((part) => !part.includes('='));
    return [first, tokens ?? String(vocabulary ?? classes / features), positions ?? String(features), ...options];
  },
};

const attentionFamily: Family = {
  form: 'attention:linear|softmax:DIMENSION:LENGTH:OPTIONS',
  example: 'attention:linear:5:20',
  read(parts) {
    const weights = word('linear', 'softmax')(parts.text(0) ?? '');
    if (weights === undefined || parts.count !== 3)
      return parts.expected(`${attentionFamily.form}, such as ${attentionFamily.example}`);
    const switches = parts.options<{ heads: number; layers: number; rank: number; start: number }>({
      heads: wholeNumber,
      layers: wholeNumber,
      rank: wholeNumber,
      start: positiveNumber,
    });
    const [dimension, length] = [parts.integer(1, 'dimension')!, parts.integer(2, 'length')!];
    return attentionRegressor(weights, { dimension, length, ...switches });
  },
  complete(all, { shape }) {
    const options = all.filter((part) => part.includes('='));
    const given = all.filter((part) => !part.includes('='));
    if (given.length > 1 || shape?.length !== 2) return all;
    return [given[0] ?? '', String(shape[1] - 1), String(shape[0] - 1), ...options];
  },
};

/** Families by the word that begins their texts. */
export const families: Readonly<Record<string, Family>> = {
  mlp: mlpFamily,
  lenet: lenetFamily,
  allcnn: allCnnFamily,
  resnet: resnetFamily,
  wrn: wideResnetFamily,
  vgg: vggFamily,
  vit: vitFamily,
  gpt: gptFamily,
  attention: attentionFamily,
};

function transformerSizes(parts: Parts): readonly number[] {
  return parts.integers(0, 'width, layers and heads', 3, 'width, layers and heads, such as 64,4,4')!;
}

/** `…:CLASSES:IMAGE`, as models of images have it after a first part that must be there. */
function imageParts(
  parts: Parts,
  { form, example }: Pick<Family, 'form' | 'example'>,
): { readonly classes?: number; readonly image?: ImageShape } {
  if (parts.count < 1 || parts.count > 3) return parts.expected(`${form}, such as ${example}`);
  const image = parts.integers(2, 'image', 3, 'channels, height and width of the image') as unknown as ImageShape;
  return given({ classes: parts.integer(1, 'classes'), image });
}

/** The same two parts, and options after them, from the examples. */
function completeImages(all: readonly string[], examples: ExampleShape): readonly string[] {
  const options = all.filter((part) => part.includes('='));
  const [first = '', classes, image] = all.filter((part) => !part.includes('='));
  return [first, classes ?? String(examples.classes), image ?? imageOf(examples).join(','), ...options];
}

/** [channels, height, width]: what the examples say, else squares, in colours if they can be, with sides that are multiples of `step`. */
function imageOf({ features, shape = [] }: ExampleShape, step = 1): readonly number[] {
  if (shape.length === 3) return shape;
  if (shape.length === 2) return [1, ...shape];
  const sides = [3, 1].map((channels) => [Math.sqrt(features / channels), channels] as const);
  const [side, channels] = sides.find(([length]) => Number.isInteger(length) && length > 1 && length % step === 0) ?? [
    32, 3,
  ];
  return [channels, side, side];
}

function channelPair(parts: Parts): readonly [number, number] | undefined {
  return parts.integers(0, 'channels', 2, 'two numbers of channels') as [number, number] | undefined;
}

/** The options that are given. */
function given<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}
