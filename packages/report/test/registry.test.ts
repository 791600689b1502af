// A section is known by its name alone: every shape has a view, names of figures and of parts of the page do not collide.
import { describe, expect, it } from 'vitest';
import { parseStudy, renderStudy, studyFigures, type SectionName, type Sections } from '@hyperribbon/report';
import { fromSections } from '../src/sections/registry.js';
import { everything, studyOf, whole } from './fixtures/cases.js';
import { elementsOf, parseXml } from './fixtures/xml.js';

const names = Object.keys(whole) as SectionName[];
const alone = (name: SectionName): Sections => ({ [name]: whole[name] });

describe('the registry of sections', () => {
  it.each(names)('shows %s on the page and in figures, alone as beside the others', (name) => {
    const study = parseStudy(studyOf(alone(name)));
    const ids = elementsOf(parseXml(renderStudy(study))).filter((element) => element.name === 'section');
    expect(ids.length).toBeGreaterThan(0);
    for (const figure of Object.keys(studyFigures(study))) expect(studyFigures(everything)).toHaveProperty(figure);
  });

  it('has its figures under fixed names', () => {
    const figures = Object.fromEntries(names.map((name) => [name, Object.keys(studyFigures(studyOf(alone(name))))]));
    expect(figures).toEqual({
      edge: ['edge'],
      lossPlane: ['loss-plane'],
      jacobian: ['jacobian'],
      kernel: ['kernel-widths'],
      minimum: [],
      ensemble: ['train', 'test'].flatMap((set) => [
        `map-all-${set}`,
        `map3d-all-${set}`,
        `map-linear-${set}`,
        `stress-${set}`,
        `progress-${set}`,
      ]),
      predictions: ['inpca-map', 'inpca-widths'],
      analyticBound: ['bound-grid', 'bound-breakdown'],
      networkBound: ['breakdown', 'bound-history'],
      normBounds: ['norm-bounds'],
      margins: ['margins'],
      complexityMeasures: [],
      layerRanks: ['layer-spectra'],
      collapse: ['collapse'],
      weightSpectra: ['weight-spectra', 'alpha-flow'],
      effectiveDimension: [],
      training: ['training'],
      linearRegression: ['phase', 'widths'],
      inputSpectrum: ['input-spectrum'],
      curvature: ['spectra', 'density'],
    });
    const all = Object.values(figures).flat();
    expect(new Set(all).size).toBe(all.length);
  });

  it('asks each section that is there, in the order of the page, and no list that is empty', () => {
    const order = fromSections(everything.sections, (_view, section) => section);
    expect(order).toEqual(
      [
        'edge',
        'ensemble',
        'predictions',
        'analyticBound',
        'networkBound',
        'normBounds',
        'margins',
        'complexityMeasures',
        'effectiveDimension',
        'lossPlane',
        'jacobian',
        'kernel',
        'minimum',
        'training',
        'linearRegression',
        'inputSpectrum',
        'curvature',
        'layerRanks',
        'collapse',
        'weightSpectra',
      ].map((name) => whole[name as SectionName]),
    );
    expect(fromSections({ training: [], curvature: [] }, () => 1)).toEqual([]);
    expect(fromSections({}, () => 1)).toEqual([]);
  });

  it('opens the page with the pictures, before the details of any section', () => {
    const ids = elementsOf(parseXml(renderStudy(everything)))
      .filter(({ name }) => name === 'section')
      .map(({ attributes }) => attributes['id']);
    expect(ids.slice(0, 4)).toEqual(['edge', 'maps-train', 'maps-test', 'predictions']);
    expect(ids.slice(-3)).toEqual(['setting', 'notes', 'sources']);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('puts the figures of the page into files unchanged but for their style', () => {
    const page = renderStudy(everything);
    for (const [name, svg] of Object.entries(studyFigures(everything))) {
      // the third dimension is drawn once on the page
      if (name === 'map3d-all-test') continue;
      const body = svg.slice(svg.indexOf('</style>') + 8).replace(/^<rect class="paper"[^>]*>/u, '');
      expect(page, name).toContain(body);
    }
  });
});
