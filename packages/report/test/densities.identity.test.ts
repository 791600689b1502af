// Oracle: the record. A reader who measures the figure finds all eigenvalues: what curves and bar hold adds up to one.
import { describe, expect, it } from 'vitest';
import { studyFigures } from '@hyperribbon/report';
import { studyOf, whole } from './fixtures/cases.js';
import { expectDrawn, inverse, plots } from './fixtures/readFigures.js';
import { log, points, scaleOf, withClass, type Pixel, type Plot, type Transform } from './fixtures/svg.js';
import { checkXml } from './fixtures/xml.js';

describe('densities', () => {
  /** A normal density on a grid that is logarithmic to both sides of 0, from a hundredth of its deviation outwards. */
  const side = Array.from({ length: 400 }, (_, i) => 0.02 * Math.exp(i / 55));
  const x = [...side.map((value) => -value).toReversed(), ...side];
  const normal = x.map((value) => Math.exp((-value * value) / 8) / Math.sqrt(8 * Math.PI));
  const { lower: _lower, upper: _upper, ...density } = whole.curvature[0].density!;
  const spectrum = { ...whole.curvature[0], noiseFloor: 0.01 };
  const drawn = (change: object): Plot[] =>
    plots('density', { curvature: [{ ...spectrum, density: { ...density, x, density: normal, ...change } }] });

  /** Pixels of a value on either side, each read by the numbers of its own side, and back. */
  function decades({ x: ticks }: Plot): { readonly to: Transform; readonly back: Transform } {
    const [left, right] = [-1, 1].map((sign) => {
      const own = ticks.filter(({ value }) => value * sign > 0);
      return own.length < 2 ? undefined : scaleOf(own, (value) => sign * Math.log10(Math.abs(value)));
    });
    return {
      to: (value) => (value > 0 ? right! : left!)(value),
      back: (at) => {
        const [scale, sign] =
          right !== undefined && at > ticks.find(({ value }) => value === 0)!.at ? [right, 1] : [left!, -1];
        return sign * Math.exp(inverse((t) => scale(sign * Math.exp(t)), at, -40, 10));
      },
    };
  }

  /** Area under the curves as drawn, over decades, and the height of the bar at zero. */
  function massOf(plot: Plot): { readonly areas: readonly number[]; readonly bar: number } {
    const toY = scaleOf(plot.y, log);
    const { back } = decades(plot);
    const valueAt = (py: number): number => Math.exp(inverse((t) => toY(Math.exp(t)), py, -40, 3));
    const areas = withClass(plot.marks, 'line s1', 'path').map((path) => {
      const read = points(path).map(([px, py]) => [Math.log10(Math.abs(back(px))), valueAt(py)]);
      return read
        .slice(1)
        .reduce((sum, [at, value], i) => sum + (Math.abs(at - read[i][0]) * (value + read[i][1])) / 2, 0);
    });
    const [bar] = withClass(plot.marks, 'bar f1', 'rect');
    return { areas, bar: valueAt(Number(bar.attributes['y'])) };
  }

  it('and the bar at zero add up to all eigenvalues, as they are drawn', () => {
    const [plot] = drawn({});
    const { areas, bar } = massOf(plot);
    expect(areas).toHaveLength(2);
    // a hundredth of the deviation to both sides of zero: 0.8 % of a normal distribution
    expect(Math.abs(bar - 0.00798)).toBeLessThan(2e-4);
    for (const area of areas) expect(Math.abs(area - 0.496)).toBeLessThan(5e-3);
    expect(Math.abs(areas[0] + areas[1] + bar - 1)).toBeLessThan(5e-3);
    const half = massOf(drawn({ density: normal.map((value) => value / 2) })[0]);
    expect(Math.abs(half.bar - 0.504)).toBeLessThan(3e-3);
    expect(Math.abs(half.areas[0] + half.areas[1] + half.bar - 1)).toBeLessThan(5e-3);
  });

  it('say in words what is negative, zero and positive, and whose most is zero', () => {
    const text = (change: object): string =>
      checkXml(
        studyFigures(studyOf({ curvature: [{ ...spectrum, density: { ...density, x, density: normal, ...change } }] }))[
          'density'
        ],
      ).text.replaceAll('\u202F', ' ');
    expect(text({})).toContain('49.6 % negative, 0.80 % zero, 49.6 % positive');
    expect(text({})).not.toContain('undetermined');
    expect(text({ density: normal.map((value) => value / 10) })).toMatch(
      /90\.1 % zero.*More than half of the directions of Hessian/u,
    );
    expect(text({ x: side, density: normal.slice(400) })).toMatch(
      /Hessian: 50\.4 % zero, 49\.6 % positive \(\|λ\| &lt; 0\.020\)/u,
    );
    expect(text({ zero: { below: 0.5, share: 0.25 } })).toMatch(/25\.0 % zero.*\(\|λ\| &lt; 0\.50\)/u);
  });

  it('are a bar alone where everything is zero', () => {
    const [plot] = drawn({ x: [], density: [] });
    expect(withClass(plot.marks, 'line s1', 'path')).toEqual([]);
    expect(withClass(plot.marks, 'bar f1', 'rect')).toHaveLength(1);
  });

  it('stand between the curves of their band', () => {
    const band = { lower: normal.map((value) => 0.5 * value), upper: normal.map((value) => 2 * value) };
    const [plot] = drawn(band);
    const [toX, toY] = [decades(plot).to, scaleOf(plot.y, log)];
    const outline = [-1, 1].flatMap((sign) => {
      const own = x.flatMap((at, i) => (at * sign > 0 ? [i] : []));
      const edge = (values: readonly number[]): Pixel[] =>
        own.map((i) => [toX(x[i]), toY(Math.max(values[i] * Math.abs(x[i]) * Math.LN10, 0.1 / spectrum.dimension))]);
      return [...edge(band.upper), ...edge(band.lower).toReversed()];
    });
    const clamped = outline.map(([px, py]): Pixel => [px, Math.max(plot.frame.top, Math.min(plot.frame.bottom, py))]);
    expectDrawn(plot, 'band f1', 'path', clamped);
  });
});
