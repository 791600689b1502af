// Oracle: the record. What is drawn of bounds, margins, layers and collapse gives back the numbers.
import { describe, expect, it } from 'vitest';
import { renderStudy, studyTable } from '@hyperribbon/report';
import { studyOf, whole } from './fixtures/cases.js';
import { expectDrawn, plots, reader } from './fixtures/readFigures.js';
import { linear, log } from './fixtures/svg.js';

describe('margins', () => {
  it('are drawn as shares of examples with at most that margin', () => {
    const [plot] = plots('margins', { margins: whole.margins });
    const at = reader(plot, linear, linear);
    const { quantiles } = whole.margins;
    expectDrawn(
      plot,
      'line s0',
      'path',
      quantiles.map((value, i) => at([value, (i + 1) / quantiles.length])),
    );
  });
});

describe('singular values', () => {
  it('are over the largest of their layer, from index 1', () => {
    const [plot] = plots('layer-spectra', { layerRanks: whole.layerRanks });
    const at = reader(plot, log, log);
    const [{ singularValues }] = whole.layerRanks;
    expectDrawn(
      plot,
      'line s0',
      'path',
      singularValues.map((value, i) => at([i + 1, value / singularValues[0]])),
    );
  });
});

describe('collapse', () => {
  it('is a curve for each measure, without zeros', () => {
    const [plot] = plots('collapse', { collapse: whole.collapse });
    const at = reader(plot, linear, log);
    const { moments } = whole.collapse;
    expectDrawn(
      plot,
      'line s0',
      'path',
      moments.map(({ epoch, variability }) => at([epoch, variability!])),
    );
    expectDrawn(
      plot,
      'line s6',
      'path',
      moments.slice(0, 2).map(({ epoch, disagreement }) => at([epoch, disagreement!])),
    );
  });
});

describe('bounds', () => {
  const study = studyOf({ normBounds: whole.normBounds });
  const page = renderStudy(study);

  it('say how many are below 1, which is the smallest that is proved, and what each rests on', () => {
    expect(page).toContain('1 of 6');
    expect(page).toContain(
      'smallest of them with all its constants, proved for this network: Author, Other 2010, form 0',
    );
    for (const words of ['reconstruction', 'unknown, set to C1 = 1, C2 = 2', 'left out: a rate', 'Its 138 biases'])
      expect(page).toContain(words);
    expect(page).toContain('The last layer is linear.');
    // what many share stands once
    expect(page.split('The examples are independent.')).toHaveLength(2);
  });

  it('have values beyond all doubles, and none', () => {
    const table = studyTable(study, 200);
    expect(table).toMatch(/form 4 +7\.3e390 +vacuous/u);
    expect(table).toMatch(/form 5 +none/u);
    expect(table).toMatch(/form 0 +40\.7 % +as printed in its source/u);
  });
});

describe('measures', () => {
  it('without a value are listed with the reason', () => {
    const page = renderStudy(studyOf({ complexityMeasures: whole.complexityMeasures }));
    expect(page).toContain('inverse-margin: fewer than 10 examples');
    expect(page).toContain('−∞');
    expect(page).toContain('prod-of-spec: an estimate');
  });
});
