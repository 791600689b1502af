// What stands in the folder of a study: one record that reads back as it was, the page, the figures, and what else was handed over.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseStudy, renderStudy, studyFigures, studyTable, type Study } from '@hyperribbon/report';
import { runSetting, studyRecord } from '../../src/output/studyRecord.js';
import { writeStudy } from '../../src/output/writeStudy.js';
import { scratchFolder } from '../runCli.js';

const nasty = '[\n 1,\n 2\n] "quoted" \\ [ 3, 4 ]';
const plan = { dataset: nasty, task: 'two', seed: 3, commandLine: 'hyperribbon x' };
const examples = { trainCount: 5, testCount: 2, features: 3, classes: 2 };

function made(eigenvalues: readonly number[], trainLoss: number): Study {
  const final = { trainLoss, trainError: 0.5, testLoss: 0.25, testError: 0.5 };
  return studyRecord(
    {
      kind: 'test',
      title: 'a study',
      setting: runSetting(plan, { ...examples, options: { epochs: 2 } }),
      sections: {
        inputSpectrum: { description: nasty, examples: 5, eigenvalues, noiseFloor: 1e-12 },
        training: [{ name: 'plain', history: [], final }],
      },
      notes: [],
    },
    { status: { complete: true, missing: [] }, seconds: 1.5, timings: [{ step: 'all', seconds: 1 }] },
  );
}

describe('writeStudy', () => {
  it('writes the record so that it reads back as it was, lists of numbers on one line', () => {
    const folder = scratchFolder();
    const study = made([3, 0.5, -1e-20, 1.25e-7], 0.5);
    const { table, files } = writeStudy(folder, study);
    const text = readFileSync(join(folder, 'report.json'), 'utf8');
    expect(parseStudy(text)).toEqual(study);
    expect(text).toContain('[ 3, 0.5, -1e-20, 1.25e-7 ]');
    expect(table).toBe(studyTable(study));
    expect(files[0]).toBe(join(folder, 'report.html'));
    expect(readFileSync(files[0], 'utf8')).toBe(renderStudy(study));
  });

  it('leaves exactly the files that it names: page, record, attachments, figures', () => {
    const folder = scratchFolder();
    const study = made([3, 1], 0.5);
    const { files } = writeStudy(folder, study, [['certificate.json', '{}']]);
    const figures = Object.keys(studyFigures(study)).map((name) => `${name}.svg`);
    expect(figures).toEqual(['input-spectrum.svg']);
    const expected = ['report.html', 'report.json', 'certificate.json', ...figures];
    expect(files).toEqual(expected.map((name) => join(folder, name)));
    expect(readdirSync(folder).sort()).toEqual([...expected].sort());
  });

  it('takes a loss that is not finite for null, and refuses a record that no reader would take, before it writes anything', () => {
    const folder = scratchFolder();
    writeStudy(folder, made([3, 1], NaN));
    expect(
      parseStudy(readFileSync(join(folder, 'report.json'), 'utf8')).sections.training![0].final.trainLoss,
    ).toBeNull();
    const other = scratchFolder();
    expect(() => writeStudy(other, made([NaN], 0.5))).toThrow(
      /sections\.inputSpectrum\.eigenvalues\[0\] must be a finite/u,
    );
    expect(readdirSync(other)).toEqual([]);
  });
});

describe('runSetting', () => {
  it('says what ran, with one worker, with several, and with none to speak of', () => {
    const runtime = (workers?: number): string | undefined =>
      runSetting({ ...plan, ...(workers === undefined ? {} : { workers }) }, { ...examples, options: {} }).runtime;
    expect(runtime()).toBe(`node ${process.versions.node}, ${process.platform} ${process.arch}`);
    expect(runtime(1)).toMatch(/, 1 worker$/u);
    expect(runtime(2)).toMatch(/, 2 workers$/u);
  });
  it('puts the command before the options of the study', () => {
    const { options } = runSetting(plan, { ...examples, options: { epochs: 2 } });
    expect(Object.entries(options!)).toEqual([
      ['command', 'hyperribbon x'],
      ['epochs', 2],
    ]);
  });
});
