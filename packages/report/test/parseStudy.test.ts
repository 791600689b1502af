// What a reader must refuse, and where it says that the record is wrong.
import { describe, expect, it } from 'vitest';
import { RecordFormatError, parseStudy, type Sections, type Study } from '@hyperribbon/report';
import { cases, everything, studyOf, whole } from './fixtures/cases.js';

const { analyticBound, curvature, effectiveDimension, ensemble, inputSpectrum, linearRegression, networkBound } = whole;
const [part] = ensemble.maps!;
const [map] = part.maps;

/** A study with one section of a wrong form. */
function wrong(name: keyof Sections, section: unknown): unknown {
  return { ...everything, sections: { ...everything.sections, [name]: section } };
}

function wrongMaps(maps: unknown): unknown {
  return wrong('ensemble', { ...ensemble, maps: [maps] });
}

const refusals: readonly (readonly [name: string, json: unknown, path: string])[] = [
  ['text that is not JSON', '{', ''],
  ['an array', [], ''],
  ['null', null, ''],
  ['another schema', { ...everything, schema: 'hyperribbon/analysis' }, 'schema'],
  ['a later version', { ...everything, version: 2 }, 'version'],
  ['no status', { ...everything, status: undefined }, 'status'],
  ['a title that is no text', { ...everything, title: 7 }, 'title'],
  ['sections in a list', { ...everything, sections: [] }, 'sections'],
  ['a text for a number', { ...everything, setting: { ...everything.setting, seed: '7' } }, 'setting.seed'],
  ['an unknown kind of note', { ...everything, notes: [{ title: '', text: '', kind: 'x' }] }, 'notes[0].kind'],
  [
    'an eigenvalue that is not finite',
    wrong('inputSpectrum', { ...inputSpectrum, eigenvalues: [1, NaN] }),
    'sections.inputSpectrum.eigenvalues[1]',
  ],
  [
    'residuals and eigenvalues of different length',
    wrong('curvature', [{ ...curvature[0], residualNorms: [] }]),
    'sections.curvature[0].residualNorms',
  ],
  [
    'a band and a density of different length',
    wrong('curvature', [{ ...curvature[0], density: { ...curvature[0].density, upper: [1] } }]),
    'sections.curvature[0].density.upper',
  ],
  [
    'a negative count',
    wrong('effectiveDimension', [{ ...effectiveDimension[0], hard: -1 }]),
    'sections.effectiveDimension[0].hard',
  ],
  [
    'a count that is not whole',
    wrong('effectiveDimension', [{ ...effectiveDimension[0], hard: 1.5 }]),
    'sections.effectiveDimension[0].hard',
  ],
  [
    'an error above 1',
    wrong('analyticBound', { ...analyticBound, best: { ...analyticBound.best, confidence: 1.5 } }),
    'sections.analyticBound.best.confidence',
  ],
  ['a bound that is no number', wrong('networkBound', { ...networkBound, value: NaN }), 'sections.networkBound.value'],
  [
    'a divergence that overflows',
    wrong('networkBound', { ...networkBound, klDisplacement: 1.7e308, klCovariance: 1.7e308 }),
    'sections.networkBound.klCovariance',
  ],
  [
    'a history with an error beyond 1',
    wrong('networkBound', { ...networkBound, history: [{ epoch: 1, error: 1.5, kl: 1, estimate: 0.5 }] }),
    'sections.networkBound.history[0].error',
  ],
  [
    'a grid that does not fit its axes',
    wrong('linearRegression', { phase: { ...linearRegression.phase, explained3: [1] } }),
    'sections.linearRegression.phase.explained3',
  ],
  [
    'widths of different length',
    wrong('linearRegression', { widths: { ...linearRegression.widths, measured: [] } }),
    'sections.linearRegression.widths.measured',
  ],
  [
    'coordinates that are not triples',
    wrongMaps({ ...part, maps: [{ ...map, runs: [{ run: 0, coordinates: [1, 2] }] }] }),
    'sections.ensemble.maps[0].maps[0].runs[0].coordinates',
  ],
  [
    'a landmark in two dimensions',
    wrongMaps({ ...part, maps: [{ ...map, truth: [1, 2] }] }),
    'sections.ensemble.maps[0].maps[0].truth',
  ],
  [
    'a map of a run that does not exist',
    wrongMaps({ ...part, maps: [{ ...map, runs: [{ run: 7, coordinates: [] }] }] }),
    'sections.ensemble.maps[0].maps[0].runs[0].run',
  ],
  [
    'progress of a run that does not exist',
    wrongMaps({ ...part, progress: [{ run: 2, epochs: [], values: [] }] }),
    'sections.ensemble.maps[0].progress[0].run',
  ],
  [
    'progress without its epochs',
    wrongMaps({ ...part, progress: [{ run: 0, epochs: [], values: [1] }] }),
    'sections.ensemble.maps[0].progress[0].values',
  ],
  [
    'stress above 1',
    wrongMaps({ ...part, stress: [{ ...part.stress[0], values: [1.1] }] }),
    'sections.ensemble.maps[0].stress[0].values[0]',
  ],
];

describe('parseStudy', () => {
  it.each(refusals)('refuses %s and says where, in its own name', (_name, json, path) => {
    let caught: unknown;
    try {
      parseStudy(json);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(RecordFormatError);
    const { path: found, message } = caught as RecordFormatError;
    expect(found).toBe(path);
    expect(message).toMatch(/^parseStudy: /u);
    expect(message.length).toBeLessThan(200);
  });

  it.each(cases)('reads back what JSON makes of $name', ({ study }) => {
    expect(parseStudy(JSON.stringify(study))).toEqual(study);
  });

  it('drops what it does not know, sections too, and is not fooled by __proto__', () => {
    const text =
      '{"schema":"hyperribbon/study","version":1,"kind":"x","title":"t","status":{"complete":true,"missing":[],"more":1},' +
      '"sections":{"later":{"a":1},"__proto__":{"training":[]}},"x":1,"__proto__":{"created":"bad"}}';
    const parsed = parseStudy(text);
    expect(parsed).toEqual({
      schema: 'hyperribbon/study',
      version: 1,
      kind: 'x',
      title: 't',
      status: { complete: true, missing: [] },
      sections: {},
    });
    expect(parsed.created).toBeUndefined();
    expect(parsed.sections.training).toBeUndefined();
    expect(({} as { created?: string }).created).toBeUndefined();
  });

  it('reads a loss that is not finite, null or NaN, as null, and leaves one in the history out', () => {
    const [run] = whole.training;
    for (const trainLoss of [NaN, Infinity, null]) {
      const history = [{ epoch: 1, trainLoss, trainError: 0.5 }];
      const [read] = parseStudy(
        studyOf({ training: [{ ...run, history, final: { ...run.final, trainLoss } }] } as Sections),
      ).sections.training!;
      expect(read.final.trainLoss).toBeNull();
      expect(read.history).toEqual([{ epoch: 1, trainError: 0.5 }]);
    }
  });

  it('returns a copy: what it was given may change', () => {
    const eigenvalues = [3, 2];
    const given: Study = studyOf({ inputSpectrum: { ...inputSpectrum, eigenvalues } });
    const read = parseStudy(given);
    eigenvalues[0] = NaN;
    expect(read.sections.inputSpectrum!.eigenvalues).toEqual([3, 2]);
  });

  it('knows the fields of the record that are written down here: a change of one is a change of the version', async () => {
    const paths = new Set<string>();
    const visit = (tree: unknown, path: string): void => {
      if (Array.isArray(tree)) tree.forEach((item: unknown) => visit(item, `${path}[]`));
      else if (typeof tree === 'object' && tree !== null)
        for (const [key, value] of Object.entries(tree)) visit(value, path === '' ? key : `${path}.${key}`);
      else paths.add(`${path}: ${tree === null ? 'null' : typeof tree}`);
    };
    visit(parseStudy(everything), '');
    await expect(`${[...paths].sort().join('\n')}\n`).toMatchFileSnapshot('recordFields.golden.txt');
  });
});
