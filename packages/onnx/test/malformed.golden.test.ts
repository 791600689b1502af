/** Every verdict of the malformed-file collection (golden/README.md), each within 50 ms of processor time and 64 MiB. */
import { isArgumentError } from '@hyperribbon/contract';
import { parseOnnx } from '@hyperribbon/onnx';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Row {
  readonly name: string;
  readonly expect: 'accept' | 'reject' | 'either';
  readonly why: string;
  readonly base64: string;
}
const rows = JSON.parse(readFileSync(new URL('./golden/malformed.json', import.meta.url), 'utf8')) as Row[];
/** where a reader may do either: what is accepted here */
const chosen = ['name_proto', 'mutant_001', 'mutant_011'];

const globals = (): string =>
  JSON.stringify(
    [Object.prototype, Array.prototype, Map.prototype, Function.prototype, globalThis].map((o) =>
      Reflect.ownKeys(o).map(String),
    ),
  );

const accepted = (row: Row): boolean =>
  row.expect === 'accept' || (row.expect === 'either' && chosen.includes(row.name));

function verdict(row: Row): { error: unknown; milliseconds: number; kibibytes: number } {
  const bytes = Uint8Array.from(Buffer.from(row.base64, 'base64'));
  const before = process.resourceUsage().maxRSS;
  const start = process.cpuUsage();
  let error: unknown;
  try {
    parseOnnx(bytes);
  } catch (thrown) {
    error = thrown;
  }
  const { user, system } = process.cpuUsage(start); // not wall time: other programs must not make the gate fail
  return { error, milliseconds: (user + system) / 1000, kibibytes: process.resourceUsage().maxRSS - before };
}

describe('a malformed ONNX file', () => {
  const before = globals();

  // tried again where the engine compiled or collected garbage in between: processor time of all threads counts
  it.each(rows.map((row) => [row.name, row.expect, row] as const))('%s (%s)', { retry: 2 }, (_name, _expect, row) => {
    const { error, milliseconds, kibibytes } = verdict(row);
    if (accepted(row)) expect(error).toBeUndefined();
    else {
      expect(error).toMatchObject({ name: 'FormatError', format: 'onnx' });
      expect(isArgumentError(error)).toBe(true);
      expect((error as Error).message.length).toBeLessThan(400);
    }
    expect(milliseconds).toBeLessThan(50);
    expect(kibibytes).toBeLessThan(64 * 1024);
  });

  it('leaves the prototypes and the global object as they were', () => {
    expect(globals()).toBe(before);
  });

  it('a parser that accepted everything, or threw something else, would fail the collection', () => {
    const row = rows.find(({ expect: owed }) => owed === 'reject') as Row;
    expect(accepted(row)).toBe(false);
    expect(() => expect(new RangeError('invalid length')).toMatchObject({ name: 'FormatError' })).toThrow();
  });
});
