// Oracle: the record, and what a terminal can show: one line a row, columns aligned, no characters that move a cursor.
import { describe, expect, it } from 'vitest';
import { studyTable, type Sections } from '@hyperribbon/report';
import { cells } from '@hyperribbon/report/terminal';
import { cases, everything, studyOf, whole } from './fixtures/cases.js';

const table = (sections: Sections): string => studyTable(studyOf(sections));

describe('studyTable', () => {
  it.each(cases)('aligns the columns of $name', ({ study }) => {
    const [, , ...rows] = studyTable(study)
      .split('\n')
      .filter((line, i) => i < 1 || !line.startsWith('partial'));
    const cells = rows.filter((row) => row !== '');
    // no character above the second column but that of the longest name
    const starts = cells.map((row) => row.search(/(?<=\S) {2,}(?=\S)/u)).filter((at) => at >= 0);
    const longest = Math.max(0, ...starts);
    for (const row of cells) expect(row.slice(longest, longest + 2).trim()).toBe('');
  });

  it('has one line for each part, and none that ends in spaces', () => {
    const text = studyTable(everything);
    expect(text.startsWith('everything at once\n\n')).toBe(true);
    expect(text.split('\n').filter((line) => line !== line.trimEnd())).toEqual([]);
    expect(text).not.toMatch(/\u202F|−|\^/u);
  });

  it('says what is missing of a partial study, and nothing of a complete one', () => {
    const partial = studyTable(
      studyOf({}, { status: { complete: false, missing: ['a', 'b'], reason: 'interrupted' } }),
    );
    expect(partial.split('\n')[1]).toBe('partial (interrupted); not finished: a; b');
    expect(table({})).toBe('a case\n\n');
    expect(studyTable(studyOf({}, { status: { complete: false, missing: [] } })).split('\n')[1]).toBe('partial');
  });

  it('ends with what the page begins with', () => {
    const rows = table({ training: whole.training, analyticBound: whole.analyticBound }).split('\n');
    expect(rows[2]).toMatch(/^error, plain +2\.35 % {2}test; 0\.88 % train$/u);
    expect(rows.at(-1)).toMatch(/^ {2}test error/u);
  });

  it('never shows a bound smaller than it is', () => {
    for (const sections of [
      { networkBound: whole.networkBound },
      { analyticBound: whole.analyticBound },
    ] as Sections[]) {
      const value = sections.networkBound?.value ?? sections.analyticBound!.best!.value;
      const [, shown] = /^(?:certified error|bound) +([\d.]+) %/mu.exec(table(sections))!;
      expect(Number(shown) / 100).toBeGreaterThanOrEqual(value);
      expect(Number(shown) / 100).toBeLessThan(value + 0.001);
    }
  });

  it('has every theorem with its parts, and marks what is no certificate', () => {
    const text = table({ networkBound: whole.networkBound });
    expect(text).toMatch(
      /Maurer form \(the certificate\) +12\.7 % +12\.6 % if the draws were exact, penalty 54\.6, B 0\.1739/u,
    );
    expect(text).toMatch(/quadratic +172\.0 % +vacuous, penalty 54\.6$/mu);
    expect(text).toMatch(/as released: no certificate/u);
    expect(text).toMatch(/penalty +54\.6 {2}nats, 44\.7 of them for grids/u);
  });

  it('shouts where nothing is certified', () => {
    const best = { ...whole.analyticBound.best!, certified: false };
    expect(table({ analyticBound: { ...whole.analyticBound, best } })).toContain('NOT certified');
    expect(table({ networkBound: { ...whole.networkBound, certified: false } })).toContain('value, NOT certified');
    expect(table({ analyticBound: whole.analyticBound, networkBound: whole.networkBound })).not.toContain('NOT');
  });

  it('writes powers of ten without carets, and spectra without values as a dash', () => {
    const inputSpectrum = { ...whole.inputSpectrum, eigenvalues: [1.5e-9] };
    expect(table({ inputSpectrum })).toMatch(/top of inputs +1\.500e-9/u);
    expect(table({ inputSpectrum: { ...inputSpectrum, eigenvalues: [] } })).toMatch(/top of inputs +-/u);
  });
});

describe('a terminal of so many columns', () => {
  const widths = [20, 40, 60, 80, 120, 200];
  const squeezed = (text: string): string => text.replace(/\s/gu, '');

  it.each(cases.flatMap(({ name, study }) => widths.map((width) => ({ name, study, width }))))(
    'shows $name within $width, and nothing less',
    ({ study, width }) => {
      const text = studyTable(study, width);
      for (const line of text.split('\n')) {
        expect(cells(line)).toBeLessThanOrEqual(width);
        expect(line).toBe(line.trimEnd());
      }
      expect(squeezed(text)).toBe(squeezed(studyTable(study)));
    },
  );

  it('has remarks beside the numbers where there is room, below them where there is not', () => {
    const rows = { networkBound: whole.networkBound };
    const at = (width: number): string => studyTable(studyOf(rows), width);
    expect(at(200)).toBe(studyTable(studyOf(rows)));
    expect(at(80)).toMatch(/Maurer form \(the certificate\) +12\.7 % {2}12\.6 % if the draws were\n {30,}exact/u);
    expect(at(40)).toMatch(/^certified error +12\.7 %\n {4}confidence 96\.5 %, 55 000 examples$/mu);
  });
});
