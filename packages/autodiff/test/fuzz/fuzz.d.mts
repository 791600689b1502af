/** The programs that were made of the random function of a seed, and what was found wrong with each. */
export function fuzz(seed: number): { readonly kind: string; readonly finding: string | undefined }[];
