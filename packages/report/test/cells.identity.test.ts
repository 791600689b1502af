// Oracle: a terminal of so many columns: no line takes more, no word is lost, and what takes no room is not counted.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cells, cutCells, wrapCells } from '@hyperribbon/report/terminal';

describe('cells', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['λ₁ = 3,5 ± 1', 12],
    ['\u001B[32m✔\u001B[39m done', 6],
    ['é', 1],
    ['e\u0301', 1],
    ['漢字', 4],
    ['データ.csv', 10],
    ['🎲', 2],
    ['━·', 2],
  ])('of %j are %i', (text, count) => expect(cells(text)).toBe(count));
});

describe('cutCells', () => {
  it('leaves what fits, and ends what does not in an ellipsis within the room', () => {
    expect(cutCells('abcdef', 6)).toBe('abcdef');
    expect(cutCells('abcdef', 5)).toBe('abcd…');
    expect(cutCells('abc def', 5)).toBe('abc…');
    expect(cutCells('漢字漢字', 6)).toBe('漢字…');
    expect(cutCells('abc', 1)).toBe('…');
    expect(cutCells('abc', 0)).toBe('');
  });
});

describe('wrapCells', () => {
  const words = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'é', '漢', '·'), minLength: 1, maxLength: 14 }));

  it('takes no more columns than there are and loses nothing', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 2, max: 40 }), fc.integer({ min: 0, max: 6 }), (list, room, spaces) => {
        const indent = ' '.repeat(spaces);
        const lines = wrapCells(list.join(' '), room, indent);
        for (const line of lines) expect(cells(line)).toBeLessThanOrEqual(room);
        expect(lines.join('').replaceAll(' ', '')).toBe(list.join(''));
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it('breaks between words, keeps the spaces of what fits, and indents the rest', () => {
    expect(wrapCells('a  b', 10)).toEqual(['a  b']);
    expect(wrapCells('to be or not to be', 9)).toEqual(['to be or', 'not to be']);
    expect(wrapCells('  a  b long word', 8, '  ')).toEqual(['  a  b', '  long', '  word']);
    expect(wrapCells('a long word', 4, '  ')).toEqual(['a', 'long', 'word']);
    expect(wrapCells('abcdefgh', 3)).toEqual(['abc', 'def', 'gh']);
    // an indent gives way before a word is broken, with its colours
    expect(wrapCells(`${' '.repeat(8)}abcdefgh`, 12, '  ')).toEqual(['  abcdefgh']);
    expect(wrapCells('  \u001B[2m      \u001B[22m abcdefgh ij', 12, '  ')).toEqual(['  abcdefgh', '  ij']);
    expect(wrapCells('', 3)).toEqual(['']);
    expect(wrapCells('abc', 0)).toEqual(['ab', 'c']);
  });
});
