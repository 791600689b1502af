import { openNpz } from '@hyperribbon/data';
import type { Network } from '@hyperribbon/nn';

/** Name of the array in which written weights say what network they are of: its architecture in ASCII, one character a byte. */
export const architectureKey = 'architecture';

/** What goes into a file of weights beside them: `mlp:tanh:784,128,10`. Without it nothing tells tanh from relu. */
export function withArchitecture<Data>(
  { name }: Network,
  arrays: readonly (readonly [name: string, array: { readonly shape: readonly number[]; readonly data: Data }])[],
): Map<string, { readonly shape: readonly number[]; readonly data: Data | Uint8Array }> {
  const data = Uint8Array.from(name, (character) => character.charCodeAt(0));
  return new Map<string, { readonly shape: readonly number[]; readonly data: Data | Uint8Array }>([
    ...arrays,
    [architectureKey, { shape: [data.length], data }],
  ]);
}

/** The architecture that an npz of weights names; undefined for files of others. */
export function storedArchitecture(bytes: Uint8Array): string | undefined {
  const file = openNpz(bytes);
  if (!file.names.includes(architectureKey)) return undefined;
  // others may keep text under this name, or anything
  try {
    const { data, dtype } = file.read(architectureKey);
    return dtype === 'uint8' && data.length <= 200 ? String.fromCharCode(...Array.from(data, Number)) : undefined;
  } catch (error) {
    if (error instanceof Error && 'unsupported' in error && error.unsupported === true) return undefined;
    throw error;
  }
}
