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
  if (kind === 'mlp') {
    if (parts.length !== 2) return expected(text, 'mlp:ACTIVATION:WIDTHS, such as mlp:tanh:784,256,10');
    return mlp(integers(text, 'widths', parts[1]), { activation: parts[0] as ActivationName });
  }
  if (kind === 'lenet') {
    if (parts.length > 3) return expected(text, 'lenet:CHANNELS:HIDDEN:CLASSES, such as lenet:6,16:120,84:10');
    const [channels, hidden, classes] = parts;
    const classCount = classes === undefined ? undefined : integers(text, 'classes', classes);
    if (classCount !== undefined && classCount.length !== 1) return expected(text, 'one number of classes');
    return lenet({
      ...(channels === undefined ? {} : { channels: pair(text, 'channels', channels) }),
      ...(hidden === undefined ? {} : { hidden: integers(text, 'hidden', hidden) }),
      ...(classCount === undefined ? {} : { classes: classCount[0] }),
    });
  }
  if (kind === 'allcnn') {
    if (parts.length > 3) return expected(text, 'allcnn:CHANNELS:CLASSES:IMAGE, such as allcnn:64,128:10:32,32,3');
    const [channels, classes, image] = parts;
    const classCount = classes === undefined ? [10] : integers(text, 'classes', classes);
    const extents = image === undefined ? [32, 32, 3] : integers(text, 'image', image);
    if (classCount.length !== 1) return expected(text, 'one number of classes');
    if (extents.length !== 3) return expected(text, 'height, width and channels of the image');
    return allCnn({
      ...(channels === undefined ? {} : { channels: pair(text, 'channels', channels) }),
      classes: classCount[0],
      image: { height: extents[0], width: extents[1], channels: extents[2] },
    });
  }
  return expected(text, 'mlp:…, lenet… or allcnn…');
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

function pair(text: string, part: string, list: string): readonly [number, number] {
  const values = integers(text, part, list);
  if (values.length !== 2) return expected(text, `two numbers of ${part}`);
  return [values[0], values[1]];
}

function integers(text: string, part: string, list: string): number[] {
  const values = list.split(',').map((item) => (/^\s*\d+\s*$/.test(item) ? Number(item) : Number.NaN));
  if (values.some((value) => !Number.isSafeInteger(value) || value < 1)) {
    return expected(text, `${part} to be whole numbers ≥ 1 with commas between, got "${list}"`);
  }
  return values;
}

function expected(text: string, what: string): never {
  return refuse('parseArchitecture', `expected ${what}; the text was "${text}"`);
}
