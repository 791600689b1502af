/** Every verdict of the malformed-file collection (golden/README.md), each within 50 ms and 64 MiB. */
import { isArgumentError } from '@hyperribbon/contract';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCsv, parseNpy, parseNpz, parseSafetensors } from '@hyperribbon/data';

interface Row {
  format: 'npy' | 'npz' | 'safetensors' | 'csv';
  name: string;
  expect: 'accept' | 'reject' | 'either';
  why: string;
  base64: string;
}
const rows = JSON.parse(readFileSync(new URL('./golden/malformed.json', import.meta.url), 'utf8')) as Row[];
/** what this package chose where a reader may do either: the names of the files that it accepts */
const chosen = JSON.parse(readFileSync(new URL('./golden/accepted.json', import.meta.url), 'utf8')) as Record<
  string,
  string[]
>;

const parsers: Record<Row['format'], (bytes: Uint8Array) => unknown> = {
  npy: (bytes) => parseNpy(bytes),
  // bomb_ratio is an archive of zeros that keeps to its declared size: it is refused where a ratio is set
  npz: (bytes) => parseNpz(bytes, { maxRatio: 200 }),
  safetensors: (bytes) => parseSafetensors(bytes),
  csv: (bytes) => parseCsv(bytes),
};

const globals = (): string =>
  JSON.stringify(
    [Object.prototype, Array.prototype, Map.prototype, Function.prototype, globalThis].map((o) =>
      Reflect.ownKeys(o).map(String),
    ),
  );

interface Outcome {
  error: unknown;
  milliseconds: number;
  kibibytes: number;
}

function run(row: Row): Outcome {
  const bytes = Uint8Array.from(Buffer.from(row.base64, 'base64'));
  const before = process.resourceUsage().maxRSS;
  const start = process.cpuUsage();
  let error: unknown;
  try {
    parsers[row.format](bytes);
  } catch (thrown) {
    error = thrown;
  }
  const { user, system } = process.cpuUsage(start); // not wall time: other programs must not make the gate fail
  const milliseconds = (user + system) / 1000;
  return { error, milliseconds, kibibytes: process.resourceUsage().maxRSS - before };
}

const accepted = (row: Row): boolean =>
  row.expect === 'accept' || (row.expect === 'either' && chosen[row.format].includes(row.name));

describe.each(['npy', 'npz', 'safetensors', 'csv'] as const)('%s', (format) => {
  const own = rows.filter((row) => row.format === format);
  const before = globals();

  // tried again where the engine compiled or collected garbage in between: processor time of all threads counts
  it.each(own.map((row) => [row.name, row.expect, row] as const))('%s (%s)', { retry: 2 }, (_name, _expect, row) => {
    const { error, milliseconds, kibibytes } = run(row);
    if (accepted(row)) {
      expect(error).toBeUndefined();
    } else {
      expect(error).toMatchObject({ name: 'FormatError', format });
      expect(isArgumentError(error)).toBe(true);
      expect((error as Error).message.length).toBeLessThan(400);
    }
    expect(milliseconds).toBeLessThan(50);
    expect(kibibytes).toBeLessThan(64 * 1024);
  });

  it('leaves the prototypes and the global object as they were', () => {
    expect(globals()).toBe(before);
  });
});

describe('the collection itself', () => {
  it('has the rows that the reliability sheet counts', () => {
    const count = (format: string, verdict: string): number =>
      rows.filter((row) => row.format === format && row.expect === verdict).length;
    expect(
      ['npy', 'npz', 'safetensors', 'csv'].map((f) => [count(f, 'reject'), count(f, 'accept'), count(f, 'either')]),
    ).toEqual([
      [50, 9, 29],
      [28, 4, 28],
      [39, 7, 29],
      [33, 6, 33],
    ]);
  });

  it('a parser that accepted everything, or threw something else, would fail it', () => {
    const row = rows.find((r) => r.expect === 'reject') as Row;
    expect(accepted(row)).toBe(false);
    expect(() =>
      expect(new RangeError('invalid length')).toMatchObject({ name: 'FormatError', format: row.format }),
    ).toThrow();
  });
});
