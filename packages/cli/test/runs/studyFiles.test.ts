// What a study leaves: one record that reads back as it was, the page, the figures, and what else was handed over.
import { describe, expect, it } from 'vitest';
import { parseStudy, renderStudy, studyFigures, studyTable, type Study } from '@hyperribbon/report';
import { runSetting, studyRecord } from '../../src/output/studyRecord.js';
import { studyFiles } from '../../src/output/studyFiles.js';

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

describe('studyFiles', () => {
  it('has the record so that it reads back as it was, lists of numbers on one line', () => {
    const study = made([3, 0.5, -1e-20, 1.25e-7], 0.5);
    const { table, files } = studyFiles(study);
    const text = String(files.get('report.json'));
    expect(parseStudy(text)).toEqual(study);
    expect(text).toContain('[ 3, 0.5, -1e-20, 1.25e-7 ]');
    expect(table).toBe(studyTable(study));
    expect(files.get('report.html')).toBe(renderStudy(study));
  });

  it('is page, record, attachments and figures', () => {
    const study = made([3, 1], 0.5);
    const { files } = studyFiles(study, [['certificate.json', '{}']]);
    const figures = Object.keys(studyFigures(study)).map((name) => `${name}.svg`);
    expect(figures).toEqual(['input-spectrum.svg']);
    expect([...files.keys()]).toEqual(['report.html', 'report.json', 'certificate.json', ...figures]);
  });

  it('takes a loss that is not finite for null, and refuses a record that no reader would take', () => {
    const { files } = studyFiles(made([3, 1], NaN));
    expect(parseStudy(String(files.get('report.json'))).sections.training![0].final.trainLoss).toBeNull();
    expect(() => studyFiles(made([NaN], 0.5))).toThrow(/sections\.inputSpectrum\.eigenvalues\[0\] must be a finite/u);
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
