// Oracle: colour science in closed form (CIEDE2000, models of missing cones, contrast), and shapes: what is said of the palette is computed here.
import { describe, expect, it } from 'vitest';
import { studyFigures } from '@hyperribbon/report';
import { markedPoints, marker } from '../src/page/marker.js';
import { schemeCss } from '../src/page/theme.js';
import { cases } from './fixtures/cases.js';
import { ciede2000, contrast, seen, visions } from './fixtures/ciede2000.js';
import { elementsOf, parseXml, type Element } from './fixtures/xml.js';

const css = schemeCss(':root');
const variable = (name: string, scheme: number): string =>
  [...css.matchAll(new RegExp(`--${name}:(#[0-9a-f]{6})`, 'gu'))][scheme][1];
const schemes = ['light', 'dark'].map((name, scheme) => ({
  name,
  paper: variable('paper', scheme),
  hues: Array.from({ length: 7 }, (_, i) => variable(`s${i}`, scheme)),
}));

describe('CIEDE2000', () => {
  // pairs 1, 7, 13, 17, 20, 25 and 31 of the test data of Sharma, Wu and Dalal 2005
  it.each([
    [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
    [[50, 0, 0], [50, -1, 2], 2.3669],
    [[50, -0.001, 2.49], [50, 0.0011, -2.49], 4.7461],
    [[50, 2.5, 0], [73, 25, -18], 27.1492],
    [[50, 2.5, 0], [58, 24, 15], 19.4535],
    [[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644],
    [[22.7233, 20.0904, -46.694], [23.0331, 14.973, -42.5619], 2.0373],
  ] as const)('of %j and %j is %d', (a, b, difference) => {
    expect(ciede2000(a, b)).toBeCloseTo(difference, 4);
    expect(ciede2000(b, a)).toBeCloseTo(difference, 4);
  });
});

describe.each(schemes)('the $name scheme', ({ paper, hues }) => {
  it('has text of a contrast of 4.5 or more in every hue', () => {
    for (const hue of hues) expect(contrast(hue, paper), hue).toBeGreaterThanOrEqual(4.5);
  });

  it.each(Object.keys(visions))('has hues that differ by 11 or more in CIEDE2000: %s', (vision) => {
    for (let i = 1; i < hues.length; i++)
      for (let j = 0; j < i; j++)
        expect(ciede2000(seen(hues[i], vision), seen(hues[j], vision)), `${hues[j]} ${hues[i]}`).toBeGreaterThanOrEqual(
          11,
        );
  });
});

/** The shape of a mark without its place and size. */
function shapeOf({ name, attributes }: Element): string {
  if (name === 'circle') return name;
  const points = attributes['points'].split(' ').map((pair) => pair.split(',').map(Number));
  const xs = points.map(([x]) => x);
  const [low, high] = [Math.min(...xs), Math.max(...xs)];
  const top = Math.min(...points.map(([, y]) => y));
  return points
    .map(([x, y]) => `${((x - low) / (high - low)).toFixed(1)},${((y - top) / (high - low)).toFixed(1)}`)
    .join(' ');
}

describe('marks', () => {
  const marksOf = (svg: string): readonly Element[] =>
    elementsOf(parseXml(svg)).filter(({ attributes }) => attributes['class']?.startsWith('mark ') === true);

  it('have one shape for each hue, and another for each other, in every figure', () => {
    const shapes = new Map<string, string>();
    for (const { study } of cases)
      for (const svg of Object.values(studyFigures(study)))
        for (const mark of marksOf(svg)) {
          const hue = mark.attributes['class'];
          if (shapes.has(hue)) expect(shapeOf(mark), hue).toBe(shapes.get(hue));
          else shapes.set(hue, shapeOf(mark));
        }
    const all = Array.from({ length: 7 }, (_, hue) => shapeOf(parseXml(marker(hue, { x: 50, y: 50 }, 10))));
    expect(new Set(all).size).toBe(7);
    expect(new Set(shapes.values()).size).toBe(shapes.size);
    expect(shapes.size).toBeGreaterThan(4);
  });

  it('stand on every curve of more than one, and before its name', () => {
    for (const { name, study } of cases)
      for (const [figure, svg] of Object.entries(studyFigures(study))) {
        const marks = new Set(marksOf(svg).map(({ attributes }) => /f\d/u.exec(attributes['class'])![0]));
        const lines = elementsOf(parseXml(svg)).filter(
          ({ name, attributes }) =>
            (name === 'path' || name === 'polyline') && /^(?:line|thin|thin pale) s\d/u.test(attributes['class'] ?? ''),
        );
        // densities have a panel each, the parts of a bound stand side by side, lines of equal loss carry their levels
        if (figure === 'density' || figure === 'loss-plane' || figure.includes('breakdown')) continue;
        for (const line of lines)
          expect([...marks], `${figure} of ${name}`).toContain(`f${/s(\d)/u.exec(line.attributes['class'])![1]}`);
      }
  });

  it('are on all of a few points, on some of many, elsewhere for each hue, and on the last', () => {
    expect(markedPoints(4, 2)).toEqual([0, 1, 2, 3]);
    expect(markedPoints(0, 2)).toEqual([]);
    for (const count of [11, 60, 300, 784]) {
      const places = Array.from({ length: 7 }, (_, hue) => markedPoints(count, hue));
      for (const list of places) {
        expect(list.at(-1)).toBe(count - 1);
        expect(list.length).toBeLessThanOrEqual(10);
        expect(list).toEqual([...new Set(list)].sort((a, b) => a - b));
      }
      if (count > 50) expect(new Set(places.map(([first]) => first)).size).toBe(7);
    }
  });
});
