// Oracle: the page docs/theory/complexity-measures.md, which must list the table that the code has.
import { measureTable } from '@hyperribbon/complexity';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const page = readFileSync(new URL('../../../../docs/theory/complexity-measures.md', import.meta.url), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('|') && line.split('|').length === 8)
  .slice(2)
  .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')));

describe('the page of measures', () => {
  it('has the rows of the table, in its order, with formula, standing and source', () => {
    expect(
      rows.map(([, name, equation, formula, reportedIs, standing, source]) => [
        name,
        equation,
        formula,
        reportedIs,
        standing,
        source,
      ]),
    ).toEqual(
      measureTable.map(({ name, equation, formula, reportedIs, standing, source }) => [
        name,
        equation === undefined ? '' : String(equation),
        formula,
        reportedIs,
        standing,
        source,
      ]),
    );
  });
});
