import { readFileSync } from 'node:fs';

export type GoldenNumber = number | string | [number | string, number | string];

/** The double nearest to a golden number. */
export function nearest(x: GoldenNumber): number {
  return Number(Array.isArray(x) ? x[0] : x);
}

export function readGolden<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`./golden/${name}`, import.meta.url), 'utf8')) as T;
}

/** A float64 .npy vector. */
export function readNpy(name: string): Float64Array {
  const bytes = readFileSync(new URL(`./golden/${name}`, import.meta.url));
  const start = 10 + bytes.readUInt16LE(8);
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length));
}

/** Asserts a ≤ limit and returns a, with a message that names what was measured. */
export function assertAtMost(value: number, limit: number, what: string): number {
  if (!(value <= limit)) throw new Error(`${what}: ${value} > ${limit}`);
  return value;
}
