// Oracle: the record. What is drawn of spectra of weights gives back the numbers.
import { describe, expect, it } from 'vitest';
import { renderStudy, studyTable } from '@hyperribbon/report';
import { studyOf, whole } from './fixtures/cases.js';
import { expectDrawn, plots, reader } from './fixtures/readFigures.js';
import { linear, log, withClass } from './fixtures/svg.js';

const { weightSpectra } = whole;

describe('spectra of weights', () => {
  const panels = plots('weight-spectra', { weightSpectra });

  it('have a panel for each layer, with a dot for each eigenvalue at how many are at least as large', () => {
    expect(panels).toHaveLength(3);
    panels.forEach((plot, i) => {
      const at = reader(plot, log, log);
      const dots = withClass(plot.marks, 'f0', 'circle').map(({ attributes: { cx, cy } }) => [Number(cx), Number(cy)]);
      const expected = weightSpectra.layers[i].curve.map((point) => at(point));
      expect(dots).toHaveLength(expected.length);
      dots.forEach(([x, y], k) => expect(Math.hypot(x - expected[k][0], y - expected[k][1])).toBeLessThan(1.5));
    });
  });

  it('carry the fitted law, tail (x/xmin)^(1 - alpha), and none without an exponent', () => {
    const at = reader(panels[0], log, log);
    const end = 2 * Math.sqrt(40);
    expectDrawn(panels[0], 'line dashed s1', 'path', [at([2, 40]), at([end, 40 * (end / 2) ** -2])]);
    expect(withClass(panels[2].marks, 'line dashed s1', 'path')).toHaveLength(0);
    // a law that ends above one value, at the largest
    const heavy = { ...weightSpectra, layers: [{ ...weightSpectra.layers[0], alpha: 2 }] };
    const [plot] = plots('weight-spectra', { weightSpectra: heavy });
    const there = reader(plot, log, log);
    expectDrawn(plot, 'line dashed s1', 'path', [there([2, 40]), there([end, 40 / (end / 2)])]);
  });

  it('have an upright line where noise ends', () => {
    const at = reader(panels[0], log, log);
    const [{ attributes }] = withClass(panels[0].marks, 'thin s3', 'line');
    expect(Math.abs(Number(attributes['x1']) - at([5, 1])[0])).toBeLessThan(1);
    expect(attributes['x1']).toBe(attributes['x2']);
  });

  it('leave no layer out of the tables', () => {
    const page = renderStudy(studyOf({ weightSpectra }));
    const table = studyTable(studyOf({ weightSpectra }), 200);
    for (const { name } of [...weightSpectra.layers, ...weightSpectra.refused]) {
      expect(page).toContain(name);
      expect(table).toContain(name);
    }
    for (const words of ['a table of embeddings', 'before.npz', 'the other checkpoint lacks it', '1 of 3'])
      expect(page).toContain(words);
  });
});

describe('exponents against depth', () => {
  const [plot] = plots('alpha-flow', { weightSpectra });

  it('are marks with whiskers, rejected ones in the second colour, held at the edge of the plot', () => {
    const at = reader(plot, linear, linear);
    const marks = (colour: number): readonly number[][] =>
      withClass(plot.marks, `f${colour}`, 'circle').map(({ attributes: { cx, cy } }) => [Number(cx), Number(cy)]);
    for (const [colour, depth, alpha] of [
      [0, 1, 3],
      [1, 2, 5],
    ]) {
      const [[x, y], ...more] = marks(colour);
      expect(more).toHaveLength(0);
      expect(Math.hypot(x - at([depth, alpha])[0], y - at([depth, alpha])[1])).toBeLessThan(1.5);
    }
    const [{ attributes }] = withClass(plot.marks, 'thin s0', 'line');
    expect(Math.abs(Number(attributes['y1']) - at([1, 2.4])[1])).toBeLessThan(1);
    expect(Math.abs(Number(attributes['y2']) - at([1, 4.1])[1])).toBeLessThan(1);
  });
});
