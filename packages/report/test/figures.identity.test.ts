// Oracle: the record. Each figure is read as a reader would, by the numbers beside its axes, and must give back what it was drawn from.
import { describe, expect, it } from 'vitest';
import { studyFigures } from '@hyperribbon/report';
import { studyOf, whole } from './fixtures/cases.js';
import { checkXml } from './fixtures/xml.js';
import { expectDrawn, expectInside, plots, reader } from './fixtures/readFigures.js';
import { linear, log, symlog, withClass, type Pixel } from './fixtures/svg.js';

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
  // what is measured at the final weights is not what the record of the last epoch holds
  const runs = whole.training.map(({ final, ...run }) => ({
    ...run,
    final: {
      trainLoss: final.trainLoss! * 0.7,
      testLoss: final.testLoss! * 0.8,
      trainError: final.trainError! * 0.6,
      testError: final.testError! * 0.5,
    },
  }));
  type Key = 'trainLoss' | 'testLoss' | 'trainError' | 'testError';
  /** What is drawn of a run: its history, and what was measured at its final weights in place of the last record. */
  const drawnOf = (run: number, key: Key, shift = 0): [number, number][] => {
    const { history, final } = runs[run];
    const start = 20 * run;
    const before = history.filter(({ epoch }) => epoch - shift < 20);
    return [
      ...before.map((record): [number, number] => [Math.max(0, record.epoch - shift) + start, record[key]!]),
      [20 + start, final[key]],
    ];
  };

  it('is every loss and error at its epoch, ends in the final ones, the second run after the first', () => {
    const [losses, errors] = plots('training', { training: runs });
    const [toLoss, toError] = [reader(losses, linear, log), reader(errors, linear, linear)];
    for (const run of [0, 1]) {
      expectDrawn(losses, `line s${run}`, 'path', drawnOf(run, 'trainLoss').map(toLoss));
      expectDrawn(losses, `line s${run} dashed`, 'path', drawnOf(run, 'testLoss').map(toLoss));
      expectDrawn(errors, `line s${run}`, 'path', drawnOf(run, 'trainError').map(toError));
      expectDrawn(errors, `line s${run} dashed`, 'path', drawnOf(run, 'testError').map(toError));
      expectInside(losses, drawnOf(run, 'testLoss').map(toLoss));
      expectInside(errors, drawnOf(run, 'trainError').map(toError));
    }
  });

  it('has means over an epoch in its middle, and says so', () => {
    const training = runs.map((run) => ({ ...run, trainValues: 'during' as const }));
    const [losses] = plots('training', { training });
    expectDrawn(losses, 'line s1', 'path', drawnOf(1, 'trainLoss', 0.5).map(reader(losses, linear, log)));
    expectDrawn(losses, 'line s1 dashed', 'path', drawnOf(1, 'testLoss').map(reader(losses, linear, log)));
    expect(studyFigures(studyOf({ training }))['training']).toContain('the means over each epoch, in its middle');
    expect(studyFigures(studyOf({ training: runs }))['training']).toContain('Loss and error after each epoch');
  });

  it('says beside its curves and below them the same numbers, those of the final weights', () => {
    const text = checkXml(studyFigures(studyOf({ training: runs }))['training']).text.replaceAll('\u202F', ' ');
    for (const { name, final } of runs) {
      const train = `${(100 * final.trainError).toFixed(2)} %`;
      expect(text).toContain(`${name}, train ${train}`);
      expect(text).toContain(`${name}: ${train} of training`);
    }
    expect(text).toContain('decayed goes on from the end of plain.');
  });
});

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
