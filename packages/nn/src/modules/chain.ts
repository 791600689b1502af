import { sizeOf } from '../parameterLayout.js';
import { type Built, type Site, lengths, refuseAt } from './module.js';

/** Numbers of one example between two modules: more would not fit beside others. */
const mostNumbers = 2 ** 26;

/** Modules one after the other as one: what each declares, in order. */
export function chain(first: Site, builders: readonly ((site: Site) => Built)[]): Built {
  const before = new Map(first.before);
  let { shape, vocabulary } = first;
  const parts: Built[] = [];
  for (const build of builders) {
    const built = build({ ...first, shape, vocabulary, before });
    if (sizeOf(built.shape) > mostNumbers)
      refuseAt(first, `${lengths(built.shape)} is more than 2^26 numbers per example`);
    for (const { name, shape } of built.parameters ?? []) before.set(name, shape);
    parts.push(built);
    ({ shape } = built);
    vocabulary = undefined;
  }
  return {
    shape,
    parameters: parts.flatMap(({ parameters = [] }) => parameters),
    buffers: parts.flatMap(({ buffers = [] }) => buffers),
    draws: parts.reduce((total, { draws = 0 }) => total + draws, 0),
    apply: (h, pass) => parts.reduce((value, part) => part.apply(value, pass), h),
  };
}
