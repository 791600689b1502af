// Oracle: the record. What is drawn and said of landscapes gives back the numbers.
import { describe, expect, it } from 'vitest';
import {
  parseStudy,
  renderStudy,
  studyFigures,
  studyTable,
  type EdgeSection,
  type Sections,
} from '@hyperribbon/report';
import { logLevels } from '../src/sections/lossPlane/levels.js';
import { studyOf, whole } from './fixtures/cases.js';
import { expectDrawn, expectInside, plots, reader } from './fixtures/readFigures.js';
import { linear, log, points, withClass, type Pixel } from './fixtures/svg.js';
import { checkXml } from './fixtures/xml.js';

const { edge, lossPlane, kernel, jacobian, minimum } = whole;

function words(sections: Sections): string {
  return checkXml(renderStudy(parseStudy(studyOf(sections)))).text.replaceAll('\u202F', ' ');
}

describe('the edge of stability', () => {
  const [loss, curvature, share] = plots('edge', { edge });

  it('has the loss of run and flows on a logarithmic axis', () => {
    const at = reader(loss, linear, log);
    const run = edge.moments.map((moment) => at([moment.step, moment.loss!]));
    expectDrawn(loss, 'line s0', 'path', run);
    expectDrawn(
      loss,
      'line s2 dashed',
      'path',
      edge.flow!.map((moment) => at([moment.step, moment.loss])),
    );
    expectDrawn(
      loss,
      'line s3 dashed',
      'path',
      edge.centralFlow!.map(({ step, meanLoss }) => at([step, meanLoss!])),
    );
    expectInside(loss, run);
  });

  it('has every eigenvalue, the threshold as a level, and batches with two standard errors to both sides', () => {
    const at = reader(curvature, linear, linear);
    const value = (i: number): Pixel[] => edge.moments.map(({ step, hessian }) => at([step, hessian.values[i]]));
    expectDrawn(curvature, 'line s0', 'path', value(0));
    expectDrawn(curvature, 'thin pale s5', 'path', [...value(1), ...value(2)]);
    expectDrawn(curvature, 'fit', 'line', [at([0, 20]), at([400, 20])]);
    const batches = edge.moments.filter(({ batchSharpness }) => batchSharpness !== undefined);
    expectDrawn(
      curvature,
      'line s4',
      'path',
      batches.map(({ step, batchSharpness }) => at([step, batchSharpness!.meanOfRatios.mean])),
    );
    expectDrawn(
      curvature,
      'thin s4',
      'line',
      batches.flatMap(({ step, batchSharpness }) =>
        [-2, 2].map((k) =>
          at([step, batchSharpness!.meanOfRatios.mean + k * batchSharpness!.meanOfRatios.standardError!]),
        ),
      ),
    );
    expectInside(curvature, [...value(0), ...value(2)]);
  });

  it('has the share of the gradient in percent', () => {
    const at = reader(share, linear, linear);
    expectDrawn(
      share,
      'line s1',
      'path',
      edge.moments.map(({ step, topShare }) => at([step, topShare!])),
    );
  });

  it('keeps one spike from flattening the rest, on a logarithmic axis', () => {
    const moments = edge.moments.map((row, i) =>
      i === 9 ? { ...row, hessian: { ...row.hessian, values: [1e5, 2, 1] } } : row,
    );
    const [, plot] = plots('edge', { edge: { ...edge, moments } });
    const at = reader(plot, linear, log);
    expectDrawn(
      plot,
      'line s0',
      'path',
      moments.map(({ step, hessian }) => at([step, hessian.values[0]])),
    );
  });

  it('compares what the threshold is about', () => {
    const moments = edge.moments.map((row) => ({
      ...row,
      preconditioned: { ...row.hessian, values: row.hessian.values.map((value) => 2 * value) },
    }));
    const threshold = {
      ...edge.threshold,
      value: 38,
      formula: '38/η',
      of: 'preconditioned-hessian' as const,
      statement: 'x',
    };
    const [, plot, other] = plots('edge', { edge: { ...edge, moments, threshold } });
    const at = reader(plot, linear, linear);
    expectDrawn(
      plot,
      'line s6',
      'path',
      moments.map(({ step, preconditioned }) => at([step, preconditioned.values[0]])),
    );
    expectDrawn(plot, 'fit', 'line', [at([0, 38]), at([400, 38])]);
    expectDrawn(other, 'fit', 'line', []);
    expect(words({ edge: { ...edge, moments, threshold } })).toContain('preconditioned sharpness');
  });

  it('tells where central flow ends, what it holds, and where the run is', () => {
    const ending = { critical: 2, meanLoss: 0.0155, distance: 0.25 };
    const centralFlow = edge.centralFlow!.map((row) => ({ ...row, ...ending }));
    const last = edge.moments.at(-1)!;
    const text = words({ edge: { ...edge, centralFlow } });
    expect(text).toContain(
      'ends at a sharpness of 20 and a mean loss of 0.0155, with 2 eigenvalues held at the edge; ',
    );
    const run = [last.hessian.values[0], last.loss!].map((value) => value.toPrecision(3));
    expect(text).toContain(`the run at ${run[0]} and a loss of ${run[1]}, 0.250 away from it.`);
    const single = centralFlow.map(({ distance: _distance, ...row }) => ({ ...row, critical: 1 }));
    expect(words({ edge: { ...edge, centralFlow: single } })).toMatch(
      /1 eigenvalue held at the edge; the run at [^,]*\./,
    );
  });

  const scaled = (factor: number, more: Partial<EdgeSection> = {}): string =>
    words({
      edge: {
        ...edge,
        moments: edge.moments.map((row) => ({
          ...row,
          hessian: { ...row.hessian, values: row.hessian.values.map((value) => value * factor) },
        })),
        ...more,
      },
    });

  it('says whether, when and how closely, as the numbers have it', () => {
    const text = scaled(1);
    expect(text).toContain('starts at 6 and first stood above 2/η = 20 at step 200');
    expect(text).toMatch(/It hovers at the edge: .* its mean is 1\.02 times the threshold .*, 2\.\d\d % above it/u);
    expect(text).not.toContain('does not stay');
    expect(scaled(1.4)).toContain('It does not stay at the edge');
    const { crossing: _crossing, ...never } = edge;
    const low = words({ edge: { ...never, moments: edge.moments.slice(0, 10) } });
    expect(low).toMatch(/never stood above 2\/η = 20: the largest seen is 12\.4, 62\.0 % of it/u);
    expect(low).not.toMatch(/hovers|From then on/u);
    const above = scaled(4, { crossing: 0 });
    expect(above).toContain('starts at 24, above 2/η = 20: the first steps are unstable');
  });

  it('counts how often the loss rises, before and after', () => {
    // the moments from step 200 on alternate: half of the intervals rise until the fall outweighs the swing
    const losses = edge.moments.map(({ loss: value }) => value!);
    const risen = (from: number, to: number): number =>
      losses.slice(from, to).filter((value, i) => value > losses[from + i - 1]).length;
    expect(risen(1, 21)).toBe(0);
    const after = risen(21, losses.length) / 20;
    expect(after).toBeGreaterThan(0.1);
    expect(words({ edge })).toContain(
      `Before that the loss rises in none of the intervals between moments, from then on in ${(100 * after).toFixed(1)} % of`,
    );
  });

  it('says why a rule has no threshold, why a run ended, and which eigenvalues are not sure', () => {
    const text = words({
      edge: { ...edge, threshold: { why: 'Its steps have no fixed size' }, ended: 'the loss is not finite' },
    });
    expect(text).toContain('has no threshold to compare with: Its steps have no fixed size');
    expect(text).toContain('No threshold is drawn: Its steps have no fixed size.');
    expect(text).toContain('The run ended early: the loss is not finite.');
    expect(text).not.toMatch(/hovers|first stood above/u);
    const loose = edge.moments.map((row, i) =>
      i < 2 ? { ...row, hessian: { ...row.hessian, converged: false } } : row,
    );
    expect(words({ edge: { ...edge, moments: loose } })).toContain('At 2 of 41 moments not all eigenvalues converged');
    expect(words({ edge })).not.toContain('not all eigenvalues converged');
    const table = studyTable(studyOf({ edge: { ...edge, threshold: { why: 'Its steps have no fixed size' } } }), 200);
    expect(table).toMatch(/threshold +none +Its steps/u);
  });

  it('follows a threshold that moves', () => {
    const moments = edge.moments.map((row) => ({ ...row, threshold: 20 + row.step / 100 }));
    const [, plot] = plots('edge', { edge: { ...edge, moments } });
    const at = reader(plot, linear, linear);
    expectDrawn(
      plot,
      'fit',
      'path',
      moments.map(({ step, threshold }) => at([step, threshold])),
    );
    expect(words({ edge: { ...edge, moments } })).toMatch(/its mean is 0\.88\d times the threshold/u);
  });

  it('gives batch sharpness times the learning rate, with its error over times', () => {
    // steps 200, 300, 400: 17, 18, 19 times 0.1, with a standard error of 0.1/√3
    expect(words({ edge })).toContain('η times the batch sharpness of 32 examples is 1.80 ± 0.0577 (over 3 times)');
  });
});

describe('a plane of the loss', () => {
  const [plot] = plots('loss-plane', { lossPlane });
  const at = reader(plot, linear, linear);

  it('has each line where the loss is at its level', () => {
    const toData = ([px, py]: Pixel): [number, number] => {
      const [[x0, y0], [x1, y1]] = [at([0, 0]), at([1, 1])];
      return [(px - x0) / (x1 - x0), (py - y0) / (y1 - y0)];
    };
    const lines = withClass(plot.marks, 'thin s0', 'path').map((path) =>
      path.attributes['d']
        .split('M')
        .slice(1)
        .flatMap((part) => points({ ...path, attributes: { d: `M${part}` } })),
    );
    expect(lines.length).toBeGreaterThan(8);
    const found = lines.map((line) => {
      const losses = line.map(toData).map(([x, y]) => Math.log(0.01 + x * x + 4 * y * y));
      return losses.reduce((sum, value) => sum + value / losses.length, 0);
    });
    const known = lossPlane.loss.filter((value) => value !== null);
    const expected = logLevels(Math.min(...known), Math.max(...known)).map(Math.log);
    // chords of the bowl lie inside it: by 0.3 in the logarithm at its floor, where a square is as wide as the line
    found.forEach((value, i) =>
      expect(Math.abs(value - expected[expected.length - found.length + i])).toBeLessThan(0.3),
    );
  });

  it('has the way of the run at its coordinates', () => {
    expectDrawn(
      plot,
      'line s1',
      'path',
      lossPlane.trajectory!.map(({ x, y }) => at([x, y])),
    );
  });

  it('names its axes with what they are', () => {
    const text = words({ lossPlane });
    expect(text).toContain('x: along the run, 83.0 % of its way');
    expect(text).toContain('y: Hessian eigenvector, λ = 20.4');
    expect(text).toContain('At one point the loss overflows');
    const random = { kind: 'filter-normalised' as const, seed: 7, norm: 2 };
    const other = words({ lossPlane: { ...lossPlane, axes: [random, random], batchNorm: 'recomputed' } });
    expect(other).toContain('x: random, filter-normalised, seed 7');
    expect(other).toContain('measured again at every point');
    expect(text).not.toContain('atch norm');
  });
});

describe('kernels', () => {
  it('have a curve for each family with two standard errors to both sides', () => {
    const [plot] = plots('kernel-widths', { kernel });
    const at = reader(plot, log, linear);
    kernel.families!.forEach(({ rows }, k) => {
      expectDrawn(
        plot,
        `line s${k}`,
        'path',
        rows.map(({ width, correlation }) => at([width, correlation.mean])),
      );
      expectDrawn(
        plot,
        `thin s${k}`,
        'line',
        rows.flatMap(({ width, correlation: { mean, standardError } }) =>
          [-2, 2].map((side) => at([width, Math.min(1, mean + side * standardError!)])),
        ),
      );
    });
  });

  it('rise, fall or stay with width as their intervals say', () => {
    const [family] = kernel.families!;
    const means = (...values: readonly number[]): string =>
      words({
        kernel: {
          ...kernel,
          families: [
            {
              ...family,
              rows: family.rows.map((row, i) => ({ ...row, correlation: { mean: values[i], standardError: 0.02 } })),
            },
          ],
        },
      });
    expect(means(0.7, 0.8, 0.9)).toContain('rises with width, from 0.70 at width 8 to 0.90 at 128');
    expect(means(0.9, 0.8, 0.7)).toContain('falls with width');
    expect(means(0.8, 0.1, 0.85)).toContain('does not change with width beyond its intervals');
    const single = {
      ...family,
      rows: family.rows.map((row) => ({ ...row, correlation: { mean: 0.5, standardError: null } })),
    };
    expect(words({ kernel: { ...kernel, families: [single] } })).toContain('with one seed: nothing is said of chance');
  });

  it('name the networks that have no correlation, and the widths that have none', () => {
    const [family] = kernel.families!;
    const missing = ['width 512, seed 1: training came to a loss that is not finite'];
    expect(words({ kernel: { ...kernel, families: [{ ...family, missing }] } })).toContain(
      'MLP, two layers, width 512, seed 1: training came to a loss that is not finite.',
    );
  });

  it('have ticks at their widths', () => {
    const [plot] = plots('kernel-widths', { kernel });
    expect(plot.x.map(({ value }) => value)).toEqual([8, 32, 128]);
  });

  it('say how much they changed', () => {
    const changed = (correlation: number | null): string =>
      words({ kernel: { ...kernel, change: { ...kernel.change!, correlation } } });
    expect(changed(0.99)).toContain('nearly the same but for its scale');
    expect(changed(0.8)).toContain('it changed, and is still like it was');
    expect(changed(0.1)).toContain('became another kernel');
    expect(changed(null)).toContain('have no correlation');
  });
});

describe('sharpness and Jacobian', () => {
  it('are a dot for each moment, joined in their order, and norms over the steps', () => {
    const [scatter, norms] = plots('jacobian', { jacobian });
    const at = reader(scatter, linear, linear);
    const expected = jacobian.moments.map(({ sharpness, norms: { mean } }) => at([mean, sharpness!]));
    expectDrawn(scatter, 'thin pale s0', 'path', expected);
    expectDrawn(scatter, 'f0', 'circle', expected);
    const over = reader(norms, linear, linear);
    expectDrawn(
      norms,
      'line s1',
      'path',
      jacobian.moments.map(({ step, norms: { max } }) => over([step, max])),
    );
    expectDrawn(
      norms,
      'line s2 dashed',
      'path',
      jacobian.moments.map(({ step, norms: { quantiles } }) => over([step, quantiles[1].value])),
    );
  });

  it('go together, apart, or neither, in words that follow the correlation', () => {
    const text = (pearson: number | null, spearman: number | null = pearson): string =>
      words({ jacobian: { ...jacobian, withMean: { pearson, spearman } } });
    expect(text(0.9)).toContain('They rise and fall together here');
    expect(text(-0.9)).toContain('They go opposite ways here');
    expect(text(0.9, 0.3)).toContain('their ranks do so less');
    expect(text(0.2)).toContain('One does not tell the other');
    expect(text(null)).toContain('Pearson’s none');
    expect(renderStudy(studyOf({ jacobian }))).toContain('<span class="tag reconstruction">');
  });
});

describe('a constructed minimum', () => {
  it('is called one exactly if its verdict says so, with the reason', () => {
    const text = words({ minimum });
    expect(text).toMatch(/local minimum constructed, with a loss of 0\.724; another point has/u);
    expect(text).toContain('It is not global: a network of the same shape trained from seed 0');
    for (const [verdict, said] of [
      ['not-critical', 'no critical point'],
      ['negative-curvature', 'it curves down'],
      ['unattained', 'the loss has none'],
      ['at-a-kink', 'at a kink'],
    ] as const) {
      const other = words({ minimum: { ...minimum, verdict, reason: 'Because of this.' } });
      expect(other).toMatch(new RegExp(`no certificate.*Verdict: .*${said}; Because of this\\.`, 'u'));
      expect(other).not.toContain('It is not global');
    }
    const { better: _better, ...alone } = minimum;
    expect(words({ minimum: alone })).toContain('whether it is global is open');
    expect(words({ minimum: { ...minimum, better: { loss: 2, how: 'Training' } } })).toContain(
      'No better point was found',
    );
  });
});

describe('files', () => {
  it('are the figures of a study of all of them', () => {
    const names = Object.keys(studyFigures(studyOf({ edge, lossPlane, kernel, jacobian, minimum })));
    expect(names).toEqual(['edge', 'loss-plane', 'jacobian', 'kernel-widths']);
  });
});
