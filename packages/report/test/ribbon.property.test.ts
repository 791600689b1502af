// Oracle: what every output must satisfy whatever the study holds: well-formed, no NaN, nothing active, nothing invented.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  RecordFormatError,
  parseRibbon,
  renderRibbon,
  renderRibbonFigures,
  ribbonTable,
  type RibbonStudy,
} from '@hyperribbon/report';
import { modelGroups } from '../src/sections/maps/modelGroups.js';
import { sampleStudy } from './sampleStudy.js';
import { checkXml, type XmlFacts } from './xml.js';

const sample = sampleStudy();
const sections = ['setting', 'inputSpectrum', 'phase', 'widths', 'ensemble', 'maps', 'notes'] as const;
const noNumber = /NaN|undefined|Infinity|\[object|null/u;
const settings = { seed: 5, numRuns: 25, endOnFailure: false };

function clean({ attributes, elements, text }: XmlFacts): void {
  expect(text).not.toMatch(noNumber);
  expect(
    elements.filter((name) => /^(?:script|img|link|iframe|object|image|a|form|foreignobject)$/iu.test(name)),
  ).toEqual([]);
  expect(attributes.filter(([name, value]) => noNumber.test(value) || /^on|href$|^src|^style$/iu.test(name))).toEqual(
    [],
  );
}

function check(study: RibbonStudy): void {
  const page = checkXml(renderRibbon(study));
  const ids = page.attributes.filter(([name]) => name === 'id').map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  clean(page);
  for (const svg of Object.values(renderRibbonFigures(study))) {
    const figure = checkXml(svg);
    expect(figure.elements.slice(0, 3)).toEqual(['svg', 'title', 'desc']);
    clean(figure);
  }
  const table = ribbonTable(study);
  expect(table).not.toMatch(noNumber);
  expect(table.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
}

describe('a study of trajectories', () => {
  it('survives JSON and parsing unchanged', () => {
    expect(parseRibbon(JSON.stringify(sample))).toEqual(sample);
  });

  it('has its figures under fixed names', () => {
    expect(Object.keys(renderRibbonFigures(sample))).toEqual([
      'input-spectrum',
      'phase',
      'widths',
      ...['train', 'test'].flatMap((set) => [
        `map-all-${set}`,
        `map3d-all-${set}`,
        `map-linear-${set}`,
        `stress-${set}`,
        `progress-${set}`,
      ]),
    ]);
  });

  it('is drawn with any subset of its sections', () => {
    fc.assert(
      fc.property(fc.subarray([...sections]), fc.boolean(), (left, complete) => {
        const kept = Object.entries(sample).filter(([key]) => !left.some((name) => name === key));
        const study = { ...(Object.fromEntries(kept) as unknown as RibbonStudy), status: { complete, missing: left } };
        // maps speak about the runs of the ensemble
        check(study.ensemble === undefined ? { ...study, maps: [] } : study);
      }),
      settings,
    );
  });

  it('is drawn for any coordinates, eigenvalues, stress and widths', () => {
    const value = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom(0, -0, 1, -1, 5e-324, 1.7976931348623157e308, -1.7976931348623157e308),
    );
    const stress = fc.double({ min: -3, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 6, maxLength: 6 }),
        fc.array(value, { maxLength: 4 }),
        fc.array(stress, { maxLength: 5 }),
        fc.array(value.map(Math.abs), { maxLength: 6 }),
        (coordinates, eigenvalues, values, widths) => {
          const [map] = sample.maps![0].maps;
          const maps = [
            {
              ...sample.maps![0],
              maps: [{ ...map, eigenvalues, runs: [{ run: 1, coordinates }] }],
              stress: [{ id: 'all' as const, label: 'x', values }],
            },
          ];
          const list = widths.sort((a, b) => b - a);
          const parts = {
            predicted: list,
            initialisation: list,
            fromTarget: list,
            measured: list,
            standardErrors: list,
          };
          check({ ...sample, maps, widths: { ...sample.widths!, ...parts } });
        },
      ),
      settings,
    );
  });

  it('escapes hostile text wherever text can stand', () => {
    const nasty = fc.constantFrom(
      '</style><script>alert(1)</script>',
      '" onload="alert(1)',
      '\u001b[2J\u202E',
      '__proto__',
      '',
      'a'.repeat(300),
    );
    fc.assert(
      fc.property(nasty, (text) => check({ ...(replaceText(sample, text) as RibbonStudy), schema: sample.schema })),
      settings,
    );
  });

  it('says beside its figures that sections 3 and 4 are a reconstruction, and that a partial run is partial', () => {
    const page = renderRibbon({
      ...sample,
      status: { complete: false, missing: ['phase diagram'], reason: 'interrupted' },
    });
    const linear = page.slice(page.indexOf('id="linear"'), page.indexOf('id="inputs"'));
    expect(linear).toContain('reconstruction following arXiv 2505.08915');
    expect(page).toContain('Partial result');
    expect(page).toContain('phase diagram');
    expect(renderRibbon(sample)).not.toContain('Partial result');
  });

  it('names coordinates of negative eigenvalues imaginary, and the others real', () => {
    const figure = renderRibbonFigures(sample)['map-all-train'];
    expect(figure).toMatch(/coordinate 1, real, λ = 11\.7/u);
    expect(figure).toMatch(/coordinate 2, imaginary, λ = −0\.41/u);
  });

  it('gives linear and nonlinear kinds different colours', () => {
    const groups = modelGroups(sample.ensemble!.runs);
    expect(groups.map(({ family }) => family)).toEqual(['linear', 'nonlinear']);
    expect(groups[0].colour).not.toBe(groups[1].colour);
  });
});

describe('parseRibbon', () => {
  const [part] = sample.maps!;
  it.each<[string, unknown, string]>([
    ['another schema', { ...sample, schema: 'hyperribbon/analysis' }, 'schema'],
    ['a later version', { ...sample, version: 2 }, 'version'],
    ['a share above 1', { ...sample, phase: { ...sample.phase, explained3: [2] } }, 'phase.explained3[0]'],
    ['a grid that does not fit', { ...sample, phase: { ...sample.phase, explained3: [1] } }, 'phase.explained3'],
    ['widths of different length', { ...sample, widths: { ...sample.widths, measured: [] } }, 'widths.measured'],
    [
      'coordinates that are not triples',
      { ...sample, maps: [{ ...part, maps: [{ ...part.maps[0], runs: [{ run: 0, coordinates: [1, 2] }] }] }] },
      'maps[0].maps[0].runs[0].coordinates',
    ],
    [
      'a run that does not exist',
      { ...sample, maps: [{ ...part, maps: [{ ...part.maps[0], runs: [{ run: 7, coordinates: [] }] }] }] },
      'maps[0].maps[0].runs[0].run',
    ],
    [
      'progress without its epochs',
      { ...sample, maps: [{ ...part, progress: [{ run: 0, epochs: [], values: [1] }] }] },
      'maps[0].progress[0].values',
    ],
    [
      'stress above 1',
      { ...sample, maps: [{ ...part, stress: [{ ...part.stress[0], values: [1.1] }] }] },
      'maps[0].stress[0].values[0]',
    ],
  ])('refuses %s and says where, in its own name', (_name, json, path) => {
    let caught: unknown;
    try {
      parseRibbon(json);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(RecordFormatError);
    expect((caught as RecordFormatError).path).toBe(path);
    expect((caught as RecordFormatError).message).toMatch(/^parseRibbon: /u);
  });
});

/** Every string but the ones with a fixed meaning. */
function replaceText(tree: unknown, text: string, key = ''): unknown {
  if (typeof tree === 'string')
    return ['kind', 'schema', 'samples', 'family', 'reason', 'id', 'madeFrom'].includes(key) ? tree : text;
  if (Array.isArray(tree)) return tree.map((item: unknown) => replaceText(item, text, key));
  if (typeof tree !== 'object' || tree === null) return tree;
  return Object.fromEntries(Object.entries(tree).map(([name, item]) => [name, replaceText(item, text, name)]));
}
