import type { ActivationName } from '@hyperribbon/autodiff';
import { isArgumentError, refuse } from '@hyperribbon/contract';
import { allCnn } from './models/allCnn.js';
import { lenet } from './models/lenet.js';
import { mlp } from './models/mlp.js';
import type { Network } from './network.js';
import { networkIdentity } from './networkProgram.js';

/**
 * A network from a short text, the inverse of `network.name`.
 *
 *     mlp:tanh:784,256,256,10          mlp:ACTIVATION:WIDTHS
 *     lenet                            lenet:6,16:120,84:10
 *     lenet:CHANNELS:HIDDEN:CLASSES    parts may be left off from the right
 *     allcnn                           allcnn:64,128:10:32,32,3
 *     allcnn:CHANNELS:CLASSES:IMAGE    image is height, width, channels
 *
 * @throws RangeError saying which part is wrong and what was expected
 */
export function parseArchitecture(text: string): Network {
  const [kind, ...parts] = text.trim().split(':');
  const expected = (what: string): never => refuse('parseArchitecture', `expected ${what}; the text was "${text}"`);
  /** Whole numbers of a part, as many as `words` says where it does; undefined where the part is left off. */
  const integers = (part: number, name: string, count?: number, words = ''): number[] | undefined => {
    const values = parts[part]?.split(',').map((item) => (/^\s*\d+\s*$/.test(item) ? Number(item) : Number.NaN));
    if (values?.some((value) => !Number.isSafeInteger(value) || value < 1)) {
      expected(`${name} to be whole numbers ≥ 1 with commas between, got "${parts[part]}"`);
    }
    return values !== undefined && count !== undefined && values.length !== count ? expected(words) : values;
  };
  const channels = (): [number, number] | undefined =>
    integers(0, 'channels', 2, 'two numbers of channels') as [number, number] | undefined;
  const classes = (part: number): number | undefined => integers(part, 'classes', 1, 'one number of classes')?.[0];
  switch (kind) {
    case 'mlp':
      if (parts.length !== 2) return expected('mlp:ACTIVATION:WIDTHS, such as mlp:tanh:784,256,10');
      return mlp(integers(1, 'widths')!, { activation: parts[0] as ActivationName });
    case 'lenet':
      if (parts.length > 3) return expected('lenet:CHANNELS:HIDDEN:CLASSES, such as lenet:6,16:120,84:10');
      return lenet(given({ channels: channels(), hidden: integers(1, 'hidden'), classes: classes(2) }));
    case 'allcnn': {
      if (parts.length > 3) return expected('allcnn:CHANNELS:CLASSES:IMAGE, such as allcnn:64,128:10:32,32,3');
      const image = integers(2, 'image', 3, 'height, width and channels of the image');
      const [height, width, depth] = image ?? [32, 32, 3];
      return allCnn({
        ...given({ channels: channels(), classes: classes(1) }),
        image: { height, width, channels: depth },
      });
    }
    default:
      return expected('mlp:…, lenet… or allcnn…');
  }
}

/** The options that are given. */
function given<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}

/** The text that {@link parseArchitecture} makes this very network of: its name, if that is one; undefined for networks of one's own. */
export function architectureOf(network: Network): string | undefined {
  try {
    return networkIdentity(parseArchitecture(network.name)) === networkIdentity(network) ? network.name : undefined;
  } catch (error) {
    if (isArgumentError(error)) return undefined;
    throw error;
  }
}
