import { openNpz } from '@hyperribbon/data';
import type { Network } from '@hyperribbon/nn';

/** Name of the array in which written weights say what network they are of: its architecture, or the JSON of its layers, in UTF-8. */
export const architectureKey = 'architecture';

/** What goes into a file of weights beside them: `mlp:tanh:784,128,10`. Without it nothing tells tanh from relu. */
export function withArchitecture<Data>(
  { name, architecture = name }: Network,
  arrays: readonly (readonly [name: string, array: { readonly shape: readonly number[]; readonly data: Data }])[],
): Map<string, { readonly shape: readonly number[]; readonly data: Data | Uint8Array }> {
  const data = new TextEncoder().encode(architecture);
  return new Map<string, { readonly shape: readonly number[]; readonly data: Data | Uint8Array }>([
    ...arrays,
    [architectureKey, { shape: [data.length], data }],
  ]);
}

/** Name of the array that tells the digest of the examples that the weights were trained on. */
export const trainedKey = 'trained_on';

/** The same with what they were trained on: a command that tests them knows then which examples they have seen. */
export function withTraining<Data>(
  arrays: ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Data }>,
  digest: string,
): Map<string, { readonly shape: readonly number[]; readonly data: Data | Uint8Array }> {
  const data = new TextEncoder().encode(digest);
  return new Map<string, { readonly shape: readonly number[]; readonly data: Data | Uint8Array }>(arrays).set(
    trainedKey,
    { shape: [data.length], data },
  );
}

/** The digest of the examples that an npz of weights was trained on; undefined for files of others. */
export function storedTraining(bytes: Uint8Array): string | undefined {
  return storedText(bytes, trainedKey);
}

/** The architecture that an npz of weights names; undefined for files of others. */
export function storedArchitecture(bytes: Uint8Array): string | undefined {
  return storedText(bytes, architectureKey);
}

/** Longer than any description of layers that people write. */
const longestText = 1e6;

function storedText(bytes: Uint8Array, name: string): string | undefined {
  const file = openNpz(bytes);
  if (!file.names.includes(name)) return undefined;
  // others may keep text under this name, or anything
  try {
    const { data, dtype } = file.read(name);
    if (dtype !== 'uint8' || data.length > longestText) return undefined;
    return new TextDecoder().decode(Uint8Array.from(data, Number));
  } catch (error) {
    if (error instanceof Error && 'unsupported' in error && error.unsupported === true) return undefined;
    throw error;
  }
}
