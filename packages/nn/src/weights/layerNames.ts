import { refuse } from '@hyperribbon/contract';
import { caller, type NamedArray } from './namedArray.js';

/** How a weight of a dense layer lies by the habit of those who name it so; a convolution's likewise. */
export type Habit = 'in-out' | 'out-in';

/** A weight and its bias, of one layer by their names. */
export interface NamedLayer {
  readonly name: string;
  readonly habit: Habit;
  readonly weight: string;
  readonly bias?: string;
}

/** What a name says. */
interface Meaning {
  readonly layer: string;
  readonly role: 'weight' | 'bias';
  readonly habit: Habit;
}

/** Endings of names, PyTorch's, Keras's and Flax's, and those of one's own numbering: `fc1.weight`, `dense/kernel:0`, `W1`, `weights_1`. */
const patterns: readonly (readonly [RegExp, (found: readonly string[]) => Meaning])[] = [
  [/^(.*?)[./_]?weight$/, ([, layer]) => ({ layer, role: 'weight', habit: 'out-in' })],
  [/^(.*?)[./_]?kernel$/, ([, layer]) => ({ layer, role: 'weight', habit: 'in-out' })],
  [/^(.*?)[./_]?bias$/, ([, layer]) => ({ layer, role: 'bias', habit: 'in-out' })],
  [/^(.*)\/vars\/0$/, ([, layer]) => ({ layer, role: 'weight', habit: 'in-out' })],
  [/^(.*)\/vars\/1$/, ([, layer]) => ({ layer, role: 'bias', habit: 'in-out' })],
  [
    /^(.*?)(?:W|w|weights?|kernels?)_?(\d+)$/,
    ([, at, n]) => ({ layer: `${at}W${n}`, role: 'weight', habit: 'in-out' }),
  ],
  [/^(.*?)(?:B|b|bias|biases)_?(\d+)$/, ([, at, n]) => ({ layer: `${at}W${n}`, role: 'bias', habit: 'in-out' })],
];

/** Arrays that change what a network computes though they are no weight and no bias. */
const acting = /(running_(mean|var)|moving_(mean|variance)|gamma|beta|scale|shift)(:\d+)?$/i;

/** The layers among named arrays, in the order of their numbers, and what is none of them. */
export function namedLayers(arrays: ReadonlyMap<string, NamedArray>): {
  readonly layers: readonly NamedLayer[];
  /** biases without a weight, and arrays that act in ways of their own */
  readonly strange: readonly string[];
  /** what a network does without: counters, histories, states of an optimiser */
  readonly rest: readonly string[];
} {
  const weights = new Map<string, { name: string; habit: Habit }>();
  const biases = new Map<string, string>();
  const [strange, rest]: [string[], string[]] = [[], []];
  for (const name of arrays.keys()) {
    const found = meaningOf(name);
    if (found === undefined) (acting.test(name) ? strange : rest).push(name);
    else if (found.role === 'bias') biases.set(found.layer, name);
    else weights.set(found.layer, { name, habit: found.habit });
  }
  const layers = [...weights].map(([layer, { name: weight, habit }]): NamedLayer => {
    const bias = biases.get(layer);
    biases.delete(layer);
    return { name: layer, habit, weight, ...(bias === undefined ? {} : { bias }) };
  });
  strange.push(...biases.values());
  layers.sort((a, b) => byNumbers(a.name, b.name));
  requireNoGap(layers);
  return { layers, strange, rest };
}

/** W1 and W3 lack a layer; modules of a list, 0 and 2, have an activation between them. */
function requireNoGap(layers: readonly NamedLayer[]): void {
  const numbered = layers.map(({ name }) => /^(.*[A-Za-z_])(\d+)$/.exec(name));
  for (let i = 1; i < layers.length; i++) {
    const [before, here] = [numbered[i - 1], numbered[i]];
    if (before === null || here === null || before[1] !== here[1] || Number(here[2]) === Number(before[2]) + 1)
      continue;
    refuse(caller, `between ${layers[i - 1].weight} and ${layers[i].weight} a layer is missing, by its number`);
  }
}

function meaningOf(name: string): Meaning | undefined {
  // TensorFlow numbers the outputs of an operation
  const plain = name.replace(/:\d+$/, '');
  for (const [pattern, meaning] of patterns) {
    const found = pattern.exec(plain);
    if (found !== null) return meaning(found);
  }
  return undefined;
}

/** dense, dense_1, dense_10: by words, then by numbers, of which none is the least. */
function byNumbers(a: string, b: string): number {
  const [p, q] = [a, b].map((name) => name.split(/(\d+)/));
  for (let i = 0; i < Math.max(p.length, q.length); i++) {
    const [x = '', y = ''] = [p[i], q[i]];
    if (i % 2 === 1 && Number(x) !== Number(y)) return x === '' ? -1 : y === '' ? 1 : Number(x) - Number(y);
    const [s, t] = i % 2 === 0 ? [x.replace(/_$/, ''), y.replace(/_$/, '')] : ['', ''];
    if (s !== t) return s < t ? -1 : 1;
  }
  return 0;
}
