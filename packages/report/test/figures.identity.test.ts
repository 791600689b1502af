// Oracle: the record. Each figure is read as a reader would, by the numbers beside its axes, and must give back what it was drawn from.
import { describe, expect, it } from 'vitest';
import { parseStudy, studyFigures, type Sections } from '@hyperribbon/report';
import { studyOf, whole } from './fixtures/cases.js';
import { checkXml } from './fixtures/xml.js';
import {
  linear,
  log,
  plotsOf,
  points,
  scaleOf,
  symlog,
  withClass,
  type Pixel,
  type Plot,
  type Transform,
} from './fixtures/svg.js';

/** The plots of one figure of these sections. */
function plots(name: string, sections: Sections): Plot[] {
  return plotsOf(studyFigures(parseStudy(studyOf(sections)))[name]);
}

/** Data to pixels by what is written beside the axes of a plot. */
function reader(plot: Plot, x: Transform, y: Transform): (data: readonly [number, number]) => Pixel {
  const [toX, toY] = [scaleOf(plot.x, x), scaleOf(plot.y, y)];
  return ([a, b]) => [toX(a), toY(b)];
}

/** The only mark of a kind, corner by corner, is where the data say, to a pixel. */
function expectDrawn(plot: Plot, look: string, name: string, expected: readonly Pixel[]): void {
  const found = withClass(plot.marks, look, name).flatMap(points);
  expect(found.length).toBe(expected.length);
  found.forEach(([x, y], i) => {
    expect(Math.abs(x - expected[i][0])).toBeLessThan(1);
    expect(Math.abs(y - expected[i][1])).toBeLessThan(1);
  });
}

/** Points that lie in the frame as they are: the axes reach all of them. */
function expectInside({ frame }: Plot, pixels: readonly Pixel[]): void {
  for (const [x, y] of pixels) {
    expect(x).toBeGreaterThan(frame.left - 0.5);
    expect(x).toBeLessThan(frame.right + 0.5);
    expect(y).toBeGreaterThan(frame.top - 0.5);
    expect(y).toBeLessThan(frame.bottom + 0.5);
  }
}

const numbered = (values: readonly number[]): [number, number][] => values.map((value, i) => [i + 1, value]);

describe('spectra', () => {
  const shares = (values: readonly number[]): [number, number][] => values.map((value, i) => [i, value / values[0]]);

  it('are every known eigenvalue over the largest, on whole decades', () => {
    const [plot] = plots('spectra', { curvature: whole.curvature, inputSpectrum: whole.inputSpectrum });
    const at = reader(plot, linear, log);
    const [hessian, ggn] = whole.curvature;
    const known = hessian.eigenvalues.filter((value) => value > hessian.noiseFloor);
    const drawn = [...shares(known)].map(at);
    expectDrawn(plot, 'line s1', 'path', drawn);
    expectDrawn(plot, 'f1', 'circle', drawn);
    expectDrawn(plot, 'line s2', 'path', shares(ggn.eigenvalues).map(at));
    // inputs as far as the longest of the others
    const inputs = whole.inputSpectrum.eigenvalues.slice(0, hessian.eigenvalues.length);
    expectDrawn(plot, 'line s0', 'path', shares(inputs).map(at));
    expectInside(plot, [...drawn, ...shares(inputs).map(at)]);
  });

  it('have their fitted lines where the fit says, and the noise where the floor is', () => {
    const { eigenvalues, noiseFloor, fit } = whole.inputSpectrum;
    const [plot] = plots('input-spectrum', { inputSpectrum: whole.inputSpectrum });
    const at = reader(plot, linear, log);
    const { from, to, slope, intercept } = fit!;
    const line = (i: number): [number, number] => [i, Math.exp(intercept + slope * i) / eigenvalues[0]];
    const margin = 0.06 * (to - from);
    expectDrawn(plot, 'fit', 'line', [line(from - margin), line(to + margin)].map(at));
    // a floor two decades under the last known value is too far down to share the axis
    expectDrawn(plot, 'line dashed faint s0', 'line', []);
    const [near] = plots('input-spectrum', { inputSpectrum: { ...whole.inputSpectrum, noiseFloor: eigenvalues[300] } });
    const level = (i: number): [number, number] => [i, eigenvalues[300] / eigenvalues[0]];
    const at2 = reader(near, linear, log);
    expectDrawn(near, 'line dashed faint s0', 'line', [level(300), level(eigenvalues.length - 1)].map(at2));
    expect(noiseFloor).toBeLessThan(eigenvalues[300]);
  });

  it('draw no value at or below the noise floor, no negative one, none smaller than its residual, and whiskers for the rest', () => {
    const { fit: _fit, ...hessian } = whole.curvature[0];
    const eigenvalues = [4, 2, 1, 0.1, 0.05, -0.02, -3];
    const spectrum = { ...hessian, eigenvalues, residualNorms: [0, 0.5, 1.5, 0, 0, 0, 0], noiseFloor: 0.1 };
    const [plot] = plots('spectra', { curvature: [spectrum] });
    const at = reader(plot, linear, log);
    expectDrawn(plot, 'f1', 'circle', [at([0, 1]), at([1, 0.5])]);
    expectDrawn(plot, 'thin s1', 'line', [at([1, 2.5 / 4]), at([1, 1.5 / 4])]);
  });
});

describe('training', () => {
  it('is every loss and error at its epoch, the second run after the first', () => {
    const [losses, errors] = plots('training', { training: whole.training });
    const history = (run: number, key: 'trainLoss' | 'testLoss' | 'trainError' | 'testError'): [number, number][] =>
      whole.training[run].history.map((record) => [record.epoch + 20 * run, record[key]!]);
    const [toLoss, toError] = [reader(losses, linear, log), reader(errors, linear, linear)];
    for (const run of [0, 1]) {
      expectDrawn(losses, `line s${run}`, 'path', history(run, 'trainLoss').map(toLoss));
      expectDrawn(losses, `line s${run} dashed`, 'path', history(run, 'testLoss').map(toLoss));
      expectDrawn(errors, `line s${run}`, 'path', history(run, 'trainError').map(toError));
      expectDrawn(errors, `line s${run} dashed`, 'path', history(run, 'testError').map(toError));
      expectInside(losses, history(run, 'testLoss').map(toLoss));
      expectInside(errors, history(run, 'trainError').map(toError));
    }
  });
});

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

/** Where a monotone function takes a value. */
function inverse(f: Transform, value: number, low: number, high: number): number {
  const rising = f(high) > f(low);
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (f(middle) < value === rising) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

describe('the grid of the analytic bound', () => {
  const { best, candidates } = whole.analyticBound;
  const [errors, parts] = plots('bound-grid', { analyticBound: whole.analyticBound });
  const curve = (of: (row: (typeof candidates)[number]) => number | undefined): [number, number][] =>
    candidates.flatMap((row) => {
      const value = of(row);
      return value === undefined ? [] : [[row.precision, value]];
    });

  it('has the error of the draws and the plug-in bound for each precision that was tried', () => {
    const at = reader(errors, log, linear);
    const mean = curve((row) => row.monteCarlo?.mean).map(at);
    expectDrawn(errors, 'line s0', 'path', mean);
    expectDrawn(errors, 'line s1 dashed', 'path', curve((row) => row.plugIn).map(at));
    expectInside(errors, [...mean, at([best!.precision, best!.value])]);
  });

  it('has every part of the divergence on a logarithmic axis', () => {
    const at = reader(parts, log, log);
    expectDrawn(parts, 'line s0', 'path', curve((row) => row.klDisplacement).map(at));
    expectDrawn(parts, 'line s2', 'path', curve((row) => row.klCovariance).map(at));
    expectDrawn(parts, 'line s4', 'path', curve((row) => row.penalty).map(at));
    expectInside(parts, curve((row) => row.klDisplacement).map(at));
  });
});

describe('the history of a network bound', () => {
  const { history, value } = whole.networkBound;
  const [shares, nats] = plots('bound-history', { networkBound: whole.networkBound });

  it('has estimate, error and divergence at each epoch, and the certified value as a level', () => {
    const at = reader(shares, linear, linear);
    expectDrawn(
      shares,
      'line s0',
      'path',
      history.map(({ epoch, estimate }) => at([epoch, estimate])),
    );
    expectDrawn(
      shares,
      'line s5',
      'path',
      history.map(({ epoch, error }) => at([epoch, error])),
    );
    expectDrawn(shares, 'ink dashed', 'line', [at([1, value]), at([3, value])]);
    const kl = history.map(({ epoch, kl }) => reader(nats, linear, linear)([epoch, kl]));
    expectDrawn(nats, 'line s2', 'path', kl);
    expectInside(nats, kl);
  });
});

describe('linear regression', () => {
  const { widths, phase } = whole.linearRegression;

  it('has predicted widths as a line, measured ones as dots with whiskers, and its sources dashed', () => {
    const [plot] = plots('widths', { linearRegression: { widths: widths! } });
    const at = reader(plot, linear, log);
    const { predicted, initialization, measured, standardErrors } = widths!;
    expectDrawn(plot, 'line s0', 'path', numbered(predicted).map(at));
    expectDrawn(plot, 'f1', 'circle', numbered(measured).map(at));
    expectDrawn(plot, 'line s2 dashed', 'path', numbered(initialization).map(at));
    const [high, low] = [1, -1].map((sign) => numbered(measured.map((width, i) => width + sign * standardErrors[i])));
    const whiskers = measured.flatMap((_, i) => [at(high[i]), at(low[i])]);
    const long = whiskers.filter((_, i) => whiskers[i | 1][1] - whiskers[i & ~1][1] > 5);
    expectDrawn(plot, 'thin s1', 'line', long);
    expectInside(plot, [...numbered(predicted), ...numbered(measured)].map(at));
  });

  it('has boundaries and the data at their places of the phase diagram', () => {
    const [plot] = plots('phase', { linearRegression: { phase: phase! } });
    const at = reader(plot, log, log);
    const clamp = ([x, y]: Pixel): Pixel => [
      Math.max(plot.frame.left, Math.min(plot.frame.right, x)),
      Math.max(plot.frame.top, Math.min(plot.frame.bottom, y)),
    ];
    const [exact, scaling] = phase!.boundaries.map(({ points: list }) =>
      list.map(({ decay, scaleRatio }) => clamp(at([decay, scaleRatio]))),
    );
    expectDrawn(plot, 'line ink', 'path', exact);
    expectDrawn(plot, 'line ink dashed faint', 'path', scaling);
  });

  it('shades the cells of the phase diagram the deeper the more variance is in three directions', () => {
    const [{ marks, frame }] = plots('phase', { linearRegression: { phase: phase! } });
    const cells = withClass(marks, 'f0', 'rect').map(({ attributes }) => ({
      x: Number(attributes['x']),
      y: Number(attributes['y']),
      opacity: Number(attributes['fill-opacity']),
    }));
    expect(cells.length).toBe(phase!.explained3.length);
    const byShare = phase!.explained3.map((share, i) => ({ share, ...cells[i] })).sort((a, b) => a.share - b.share);
    for (let i = 1; i < byShare.length; i++) expect(byShare[i].opacity).toBeGreaterThanOrEqual(byShare[i - 1].opacity);
    expect(byShare[0].opacity).toBeLessThan(byShare[byShare.length - 1].opacity);
    // row-major: decays to the right, ratios upwards
    expect(cells[0].x).toBeCloseTo(frame.left, 1);
    expect(cells[1].x).toBe(cells[0].x);
    expect(cells[1].y).toBeLessThan(cells[0].y);
    expect(cells[phase!.scaleRatios.length].x).toBeGreaterThan(cells[0].x);
  });
});

describe('maps', () => {
  const [part] = whole.ensemble.maps!;
  const [map] = part.maps;

  it('have every checkpoint at its first two coordinates, on equal scales', () => {
    const [plot] = plots('map-all-train', { ensemble: whole.ensemble });
    const at = reader(plot, linear, linear);
    const places = map.runs.map(({ coordinates }) =>
      Array.from({ length: coordinates.length / 3 }, (_, i) => at([coordinates[3 * i], coordinates[3 * i + 1]])),
    );
    expectDrawn(plot, 'thin s2', 'polyline', places[0]);
    expectDrawn(plot, 'thin s1', 'polyline', places[1]);
    expectDrawn(plot, 'f1', 'circle', places[1]);
    expectInside(plot, places.flat());
    const [a, b, c] = [at([0, 0]), at([1, 0]), at([0, 1])];
    expect(Math.abs(b[0] - a[0] - (a[1] - c[1]))).toBeLessThan(0.02 * (b[0] - a[0]));
  });

  it('have stress against dimensions', () => {
    const [plot] = plots('stress-train', { ensemble: whole.ensemble });
    const at = reader(plot, linear, linear);
    const [all, , embedded] = part.stress;
    expectDrawn(plot, 'line s1', 'path', numbered(all.values).map(at));
    expectDrawn(plot, 'line s0', 'path', numbered(embedded.values).map(at));
    expectInside(
      plot,
      part.stress.flatMap(({ values }) => numbered(values).map(at)),
    );
    const [bar] = withClass(plot.marks, 'band f0', 'rect');
    const [low, high] = [0.74, 0.76].map((value) => at([3, value])[1]);
    expect(Math.abs(Number(bar.attributes['y']) - high)).toBeLessThan(1);
    expect(Math.abs(Number(bar.attributes['height']) - (low - high))).toBeLessThan(1);
  });

  it('have progress against epochs on an axis that is linear up to a quarter of an epoch', () => {
    const [plot] = plots('progress-train', { ensemble: whole.ensemble });
    const at = reader(plot, symlog(0.25), linear);
    const curves = part.progress!.map(({ epochs, values }) => values.map((value, i) => at([epochs[i], value])));
    expectDrawn(plot, 'thin pale s2', 'path', curves[0]);
    expectDrawn(plot, 'thin pale s1', 'path', curves[1]);
    expectInside(plot, curves.flat());
  });
});
