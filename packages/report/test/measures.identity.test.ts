// Oracle: the record. What is drawn of bounds, margins, layers and collapse gives back the numbers.
import { describe, expect, it } from 'vitest';
import { type NormBoundRow, renderStudy, studyFigures, studyTable } from '@hyperribbon/report';
import { studyOf, whole } from './fixtures/cases.js';
import { expectDrawn, plots, reader } from './fixtures/readFigures.js';
import { linear, log, numberIn, scaleOf } from './fixtures/svg.js';
import { type Element, elementsOf, parseXml, textOf } from './fixtures/xml.js';

/** Of a marker: a circle, or a polygon. */
function middleOf({ attributes }: Element): readonly [number, number] {
  if (attributes['cx'] !== undefined) return [Number(attributes['cx']), Number(attributes['cy'])];
  const corners = attributes['points'].split(' ').map((pair) => pair.split(',').map(Number));
  const mean = (axis: number): number => {
    const all = corners.map((corner) => corner[axis]);
    return (Math.min(...all) + Math.max(...all)) / 2;
  };
  return [mean(0), mean(1)];
}

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

describe('normalised margins', () => {
  const ticksOf = (normalizer?: number): { at: number; value: number }[] => {
    const { normalizer: _normalizer, ...plain } = whole.margins;
    const margins = normalizer === undefined ? plain : { ...plain, normalizer };
    const texts = elementsOf(parseXml(studyFigures(studyOf({ margins }))['margins'])).filter(
      ({ attributes }) => attributes['text-anchor'] === 'middle',
    );
    const below = Math.max(...texts.map(({ attributes }) => Number(attributes['y'])));
    return texts
      .filter(({ attributes }) => Number(attributes['y']) === below)
      .map((text) => ({ at: Number(text.attributes['x']), value: numberIn(text)! }));
  };

  it('are the margins over the scale of the spectral complexity, on the same places', () => {
    const [plot] = plots('margins', { margins: whole.margins });
    const x = scaleOf(plot.x, linear);
    const ticks = ticksOf(whole.margins.normalizer);
    expect(ticks.length).toBeGreaterThan(2);
    for (const { at, value } of ticks) expect(Math.abs(at - x(value * whole.margins.normalizer!))).toBeLessThan(1);
    expect(ticks.map(({ value }) => value)).not.toEqual(ticksOf().map(({ value }) => value));
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

  it('are marks at their values, each on a row of its own, with a stroke for each part, on the axis that is drawn', () => {
    const [plot] = plots('norm-bounds', { normBounds: whole.normBounds });
    const x = scaleOf(plot.x, log);
    const drawn = whole.normBounds.bounds.filter(({ logValue }) => logValue !== null);
    const marks = plot.marks.filter(({ attributes: { class: look = '' } }) => look.startsWith('mark '));
    expect(marks).toHaveLength(drawn.length);
    const rows = marks.map((mark, i) => {
      const [px, py] = middleOf(mark);
      expect(Math.abs(px - x(Math.exp(Math.min(drawn[i].logValue!, 300 * Math.LN10))))).toBeLessThan(1.5);
      return py;
    });
    const pitch = (rows[rows.length - 1] - rows[0]) / (rows.length - 1);
    rows.forEach((y, i) => expect(Math.abs(y - rows[0] - i * pitch)).toBeLessThan(1.5));
    expect(pitch).toBeGreaterThan(30);
    const strokes = plot.marks.filter(({ name, attributes: { x1, x2 } }) => name === 'line' && x1 === x2);
    const parts = drawn.flatMap(({ terms, empirical }) => [
      ...terms.map(({ log: part }) => part!),
      Math.log(empirical),
    ]);
    const within = parts.filter((part) => part > Math.log(1e-4) && part < 300 * Math.LN10);
    expect(strokes.map(({ attributes }) => Math.round(Number(attributes['x1'])))).toEqual(
      within.map((part) => Math.round(x(Math.exp(part)))),
    );
  });

  it('have a name each beside their rows, no two alike, and their marks by standing', () => {
    const svg = studyFigures(study)['norm-bounds'];
    const names = elementsOf(parseXml(svg)).find(({ attributes }) => attributes['class'] === 'names')!;
    const texts = names.children.flatMap((child) => (typeof child === 'string' ? [] : [textOf(child)]));
    expect(new Set(texts).size).toBe(texts.length);
    const shapes = ['polygon', 'circle'].map((kind) =>
      elementsOf(parseXml(svg)).filter((one) => one.name === kind && one.attributes['class']?.startsWith('mark')),
    );
    expect(shapes.map((some) => some.length)).toEqual([3 + 2, 2 + 2]);
  });

  it('that lack a constant are not counted among those below 1', () => {
    const tile = (change: Partial<NormBoundRow>): string => {
      const [first, ...others] = whole.normBounds.bounds;
      return renderStudy(
        studyOf({ normBounds: { ...whole.normBounds, bounds: [{ ...first, ...change }, ...others] } }),
      );
    };
    expect(tile({})).toContain('1 of 2');
    for (const constants of ['dropped', 'unknown'] as const) {
      const found = tile({ constants });
      expect(found).toContain('0 of 1');
      expect(found).not.toContain('below 1</td>');
    }
    const recalled = whole.normBounds.bounds.map((bound) => ({ ...bound, standing: 'reconstructed' as const }));
    expect(renderStudy(studyOf({ normBounds: { ...whole.normBounds, bounds: recalled } }))).toContain('none is proved');
    const foreign = whole.normBounds.bounds.map((bound) => ({ ...bound, caveats: ['It is another network.'] }));
    const page = renderStudy(studyOf({ normBounds: { ...whole.normBounds, bounds: foreign } }));
    expect(page).toContain('none is proved for this network as it is');
  });

  it('say how many are below 1, which is the smallest that is proved, and what each rests on', () => {
    expect(page).toContain('1 of 2');
    expect(page).toContain(
      'smallest of them with all its constants, proved for this network: Author, Other 2010, form 0',
    );
    for (const words of [
      'reconstruction',
      'set: C1 = 1, C2 = 2',
      'left out',
      'b: caveat: Its 138 biases are left out. (4 of 6)',
    ])
      expect(page).toContain(words);
    expect(page).toContain('The last layer is linear.');
    // the second bound: its parts, the letters of what it shares, the margins that were paid for
    expect(page).toMatch(/2\. Author, Other 2011, form 1 \[author2001, Theorem 1\]: share of margins ≤ γ 10\.0.%/u);
    expect(page).toContain(
      'Rests on a, b. δ is shared by margins that were declared (51). Assumes: The last layer is linear.',
    );
    // what many share stands once
    expect(page.split('The examples are independent.')).toHaveLength(2);
  });

  it('say which are left out', () => {
    expect(page).toContain(whole.normBounds.leftOut[0]);
  });

  it('have values beyond all doubles, and none', () => {
    const table = studyTable(study, 200);
    expect(table).toMatch(/form 4 +7\.3e390 +vacuous/u);
    expect(table).toMatch(/form 5 +none/u);
    expect(table).toMatch(/form 0 +40\.7 % +below 1, as printed in its source/u);
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
