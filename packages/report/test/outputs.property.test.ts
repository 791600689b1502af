// Oracle: what every output must satisfy whatever the study holds: well-formed, no NaN, nothing active, nothing invented.
import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { parseStudy, type SectionName, type Sections } from '@hyperribbon/report';
import { cases, everything, studyOf, whole, withText } from './fixtures/cases.js';
import { checkOutputs } from './fixtures/outputs.js';

const settings = { seed: 3, numRuns: 25, endOnFailure: false };

describe('every output', () => {
  it.each(cases)('is well-formed and says no NaN for $name', ({ study }) => checkOutputs(study));

  it('is, with any subset of sections', () => {
    fc.assert(
      fc.property(fc.subarray(Object.keys(whole) as SectionName[]), fc.boolean(), (kept, complete) => {
        const sections = Object.fromEntries(kept.map((name) => [name, whole[name]])) as Sections;
        checkOutputs({ ...everything, sections, status: { complete, missing: kept, reason: 'interrupted' } });
      }),
      settings,
    );
  });

  it('is, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) =>
        checkOutputs(parseStudy(withText(everything, text))),
      ),
      { ...settings, numRuns: 10 },
    );
  });
});

const value = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 1, -1, 5e-324, -5e-324, 1.7976931348623157e308, -1.7976931348623157e308, 1e-30),
);
const magnitude = value.map(Math.abs);
const share = fc.double({ min: 0, max: 1, noNaN: true });
const values = fc.array(value, { maxLength: 12 });
const descending = (list: readonly number[]): number[] => [...list].sort((a, b) => b - a);

describe('numbers of any size', () => {
  const check = (sections: Sections): void => checkOutputs(parseStudy(studyOf(sections)));

  it('are drawn as spectra, fits and densities', () => {
    const slope = fc.double({ min: -700, max: 700, noNaN: true });
    fc.assert(
      fc.property(values, magnitude, magnitude, slope, (list, noiseFloor, residual, slope) => {
        const eigenvalues = descending(list);
        const fit = { from: 0, to: Math.max(1, list.length - 1), slope, intercept: -slope, rSquared: 0.5 };
        const [hessian] = whole.curvature;
        const density = {
          ...hessian.density!,
          x: eigenvalues.toReversed(),
          density: list.map(Math.abs),
          lower: list.map(() => 0),
          upper: list.map(Math.abs),
        };
        const residualNorms = list.map(() => residual);
        check({
          curvature: [{ ...hessian, eigenvalues, residualNorms, noiseFloor, fit, density }],
          inputSpectrum: { ...whole.inputSpectrum, eigenvalues, noiseFloor, fit },
        });
      }),
      settings,
    );
  });

  it('are drawn as training histories, also of a run that diverged', () => {
    const loss = fc.oneof(value, fc.constantFrom(NaN, Infinity));
    fc.assert(
      fc.property(fc.array(fc.tuple(loss, share), { maxLength: 6 }), loss, share, (epochs, last, error) => {
        const history = epochs.map(([trainLoss, trainError], epoch) => ({ epoch, trainLoss, trainError }));
        const final = { trainLoss: last, testLoss: last, trainError: error, testError: error };
        const run = { name: 'plain', history, final };
        check({ training: [run, { ...run, name: 'b', continues: 'plain' }] });
      }),
      settings,
    );
  });

  it('are drawn as bounds', () => {
    const shares = fc.tuple(share, share, share);
    fc.assert(
      fc.property(fc.tuple(magnitude, magnitude, magnitude, magnitude), shares, (sizes, [mean, upper, test]) => {
        const [klDisplacement, klCovariance, penalty, precision] = sizes;
        const { best, candidates } = whole.analyticBound;
        fc.pre(Number.isFinite(klDisplacement + klCovariance));
        const parts = {
          klDisplacement,
          klCovariance,
          penalty,
          kl: klDisplacement + klCovariance,
          precision: Math.max(precision, 5e-324),
        };
        const monteCarlo = { ...best!.monteCarlo, mean, upper };
        const row = { ...candidates[30], ...parts, monteCarlo, plugIn: mean, corrected: upper };
        check({
          analyticBound: {
            ...whole.analyticBound,
            candidates: [row],
            best: { ...best!, ...parts, monteCarlo, value: upper, confidence: test, vacuous: upper > 0.5 },
            posteriorTest: { mean: test, draws: 1 },
          },
          networkBound: { ...whole.networkBound, klDisplacement, klCovariance, penalty, monteCarlo, value: upper },
        });
      }),
      settings,
    );
  });

  it('are drawn as maps, stress and widths', () => {
    const coordinates = fc.array(value, { minLength: 6, maxLength: 6 });
    const stress = fc.array(fc.double({ min: -3, max: 1, noNaN: true }), { maxLength: 5 });
    fc.assert(
      fc.property(
        coordinates,
        values,
        stress,
        fc.array(magnitude, { maxLength: 6 }),
        (coordinates, eigenvalues, ...rest) => {
          const [stress, widths] = [rest[0], descending(rest[1])];
          const [part] = whole.ensemble.maps!;
          const map = { madeFrom: 'all' as const, eigenvalues, runs: [{ run: 1, coordinates }] };
          const curves = [{ id: 'all' as const, label: 'x', values: stress }];
          const lists = { predicted: widths, initialization: widths, fromTarget: widths, measured: widths };
          check({
            ensemble: { ...whole.ensemble, maps: [{ ...part, maps: [map], stress: curves }] },
            linearRegression: {
              widths: { ...whole.linearRegression.widths!, ...lists, standardErrors: widths },
            },
          });
        },
      ),
      settings,
    );
  });
});
