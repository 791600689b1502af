export function digestInputs(n: number, seed: number): Float64Array;
export function hashWords(words: Iterable<number>): string;
export function canonicalWords(values: Float32Array | Float64Array): Uint32Array;
export function digest(kernels: unknown): Record<string, string>;
