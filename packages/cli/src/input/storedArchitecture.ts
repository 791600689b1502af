import { parseNpz } from '@hyperribbon/data';
import type { Network } from '@hyperribbon/nn';

/** Name of the array in which written weights say what network they are of: its architecture in ASCII, one character a byte. */
const key = 'architecture';

/** What goes into a file of weights beside them: `mlp:tanh:784,128,10`. Without it nothing tells tanh from relu. */
export function withArchitecture<Data>(
  { name }: Network,
  arrays: readonly (readonly [name: string, array: { readonly shape: readonly number[]; readonly data: Data }])[],
): Map<string, { readonly shape: readonly number[]; readonly data: Data | Uint8Array }> {
  const data = Uint8Array.from(name, (character) => character.charCodeAt(0));
  return new Map<string, { readonly shape: readonly number[]; readonly data: Data | Uint8Array }>([
    ...arrays,
    [key, { shape: [data.length], data }],
  ]);
}

/** The architecture that an npz of weights names; undefined for files of others. */
export function storedArchitecture(bytes: Uint8Array): string | undefined {
  const { data } = parseNpz(bytes).get(key) ?? {};
  return data === undefined ? undefined : String.fromCharCode(...Array.from(data, Number));
}
