import type { AffineMap } from '@hyperribbon/autodiff/walk';
import { type Network, sizeOf } from '@hyperribbon/nn';
import { type Between, isActive } from './between.js';

/** Sentences: what makes a network another one than f(x) = W_L φ(… φ(W₁ x)). */
export function outsideSentences(
  network: Network,
  maps: readonly AffineMap[],
  found: Between,
  { straight, biases: treated }: { readonly straight: boolean; readonly biases: 'left-out' | 'homogeneous' },
): readonly string[] {
  const names = network.parameters.map(({ name }) => name);
  const out: string[] = [];
  const list = (values: readonly string[]): string =>
    values.length <= 3 ? values.join(', ') : `${values.slice(0, 3).join(', ')} and ${values.length - 3} more`;
  if (!straight) out.push('Its layers are no chain in which each reads the one before it.');
  const [first] = found.before;
  if (straight && first !== undefined && isActive(first))
    out.push('The examples are changed before the first layer reads them.');
  if (straight && found.after !== undefined && isActive(found.after))
    out.push('Something stands between the last layer and the output.');
  const uses = maps.map(({ weight }) => weight);
  const shared = maps.filter(({ weight, alone }) => !alone || uses.filter((other) => other === weight).length > 1);
  const sharedNames = [...new Set(shared.map(({ weight }) => names[weight]))];
  if (sharedNames.length > 0) out.push(`Weights enter in more than one place: ${list(sharedNames)}.`);
  const known = new Set(maps.flatMap(({ weight, bias }) => (bias === undefined ? [weight] : [weight, bias])));
  const rest = names.filter((_, i) => !known.has(i));
  if (rest.length > 0) out.push(`Parameters of no layer are left out: ${list(rest)}.`);
  const biases = new Set(maps.flatMap(({ bias }) => bias ?? []));
  const numbers = [...biases].reduce((sum, i) => sum + sizeOf(network.parameters[i].shape), 0);
  if (numbers > 0 && treated === 'left-out') out.push(`Its ${numbers} biases are left out: norms are of weights only.`);
  if (network.vocabulary !== undefined) out.push('Its inputs are tokens, whose numbers have no norm.');
  return out;
}
