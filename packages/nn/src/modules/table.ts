import { type Decoder, Mismatch, arrayOf, maybe, object, text } from '@hyperribbon/contract/decode';
import { type Activation, activationKinds, activations } from './activations.js';
import { type BatchNorm, batchNorm } from './batchNorm.js';
import { type Attention, attention } from './attention.js';
import { type Dropout, dropout } from './dropout.js';
import { type Embedding, type Unembedding, embedding, unembedding } from './embedding.js';
import { type GroupNorm, type PlaceNorm, groupNorm, placeNorms } from './norms.js';
import { type PositionalEmbedding, positionalEmbedding } from './positionalEmbedding.js';
import {
  type ClassToken,
  type Places,
  type Position,
  type Transpose,
  classToken,
  places,
  position,
  transposed,
} from './sequences.js';
import { chain } from './chain.js';
import { type Conv1d, conv1d } from './conv1d.js';
import { type Conv2d, conv2d } from './conv2d.js';
import { type Flatten, flatten } from './flatten.js';
import { type Linear, linear } from './linear.js';
import { type Built, type Rule, type Site, within } from './module.js';
import { type GlobalAveragePool, type Pooling, globalAveragePool, pooling } from './pooling.js';
import { type Inner, type Residual, type Sequence, residualRule, sequenceRule } from './residual.js';
import { type Scalar, scalars } from './scalars.js';

/** A module as plain data: JSON keeps it. */
export type Module =
  | Activation
  | Attention
  | BatchNorm
  | ClassToken
  | Conv1d
  | Conv2d
  | Dropout
  | Embedding
  | Flatten
  | GlobalAveragePool
  | GroupNorm
  | Linear
  | PlaceNorm
  | Places
  | Pooling
  | Position
  | PositionalEmbedding
  | Residual<Module>
  | Scalar
  | Sequence<Module>
  | Transpose
  | Unembedding;

/** Lists within lists: deeper than any network of people. */
const deepest = 32;
const most = 10_000;

const inner: Inner<Module> = {
  read: (value, path) => readModules(value, path),
  build: (modules, site, list, naming) => buildModules(modules, site, list, naming),
};

const rules: { readonly [K in Module['kind']]: Rule<never> } = {
  ...(Object.fromEntries(activationKinds.map((kind) => [kind, activations])) as Record<
    Activation['kind'],
    Rule<Activation>
  >),
  attention,
  averagePool: pooling,
  batchNorm,
  classToken,
  conv1d,
  conv2d,
  dropout,
  embedding,
  flatten,
  globalAveragePool,
  groupNorm,
  layerNorm: placeNorms,
  linear,
  maxPool: pooling,
  places,
  position,
  positionalEmbedding,
  residual: residualRule(inner),
  rmsNorm: placeNorms,
  scale: scalars,
  sequence: sequenceRule(inner),
  shift: scalars,
  transpose: transposed,
  unembedding,
};

/** As files of arrays take them: letters, digits, _ and -, with points between. */
const moduleName: Decoder<string> = (value, path) => {
  const name = text(value, path);
  if (name.length > 100 || !/^([\w-]+(\.[\w-]+)*)?$/.test(name) || name.includes('__proto__'))
    throw new Mismatch(path, 'letters, digits, _ and - with points between, at most 100', value);
  return name;
};

const readModule: Decoder<Module> = (value, path) => {
  const { kind } = object({ kind: text })(value, path);
  if (!Object.hasOwn(rules, kind))
    throw new Mismatch(`${path}.kind`, `one of ${Object.keys(rules).sort().join(', ')}`, kind);
  const { options } = rules[kind as Module['kind']];
  const known = ['kind', 'name', ...Object.keys(options)];
  const strange = Object.keys(value as object).find((key) => !known.includes(key));
  if (strange !== undefined)
    throw new Mismatch(`${path}.${strange}`, `absent (${kind} has ${known.join(', ')})`, (value as never)[strange]);
  return object({ kind: text, name: maybe(moduleName), ...(options as object) })(value, path) as never;
};

/** A list of modules of which nothing is known yet. */
export const readModules: Decoder<readonly Module[]> = (value, path) => {
  if (path.split('[').length > deepest) throw new Mismatch(path, `at most ${deepest} lists within each other`, value);
  if (Array.isArray(value) && value.length > most) throw new Mismatch(path, `an array of at most ${most}`, value);
  return arrayOf(readModule)(value, path);
};

/** Modules one after the other, each called by its name or else its number. */
export function buildModules(
  modules: readonly Module[],
  site: Site,
  list: string,
  naming: (index: number) => string = String,
): Built {
  return chain(
    site,
    modules.map((module, i) => (at) => {
      const place = within(site.place, `${list}[${i}]`);
      const name = within(site.name, module.name ?? naming(i));
      return (rules[module.kind] as Rule<Module>).build(module, { ...at, place, name });
    }),
  );
}
