// Oracle: the thresholds that the sentences themselves state. Words turn where the numbers do, and say nothing that the spread does not allow.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseStudy,
  renderStudy,
  studyTable,
  type Sections,
  type Statement,
  type TrainingRun,
} from '@hyperribbon/report';
import { epochsText } from '../src/sections/ensemble/html.js';
import { statementText, verdictOf } from '../src/sections/ensemble/statementText.js';
import { steepness } from '../src/sections/linearRegression/phaseFigure.js';
import { agreement, firstWidths } from '../src/sections/linearRegression/widthsFigure.js';
import { sloppinessText } from '../src/sections/spectra/sloppiness.js';
import { guessingWarnings, judge } from '../src/sections/training/againstGuessing.js';
import { cited, worksIn } from '../src/page/sources.js';
import { studyOf, whole } from './fixtures/cases.js';
import { checkXml } from './fixtures/xml.js';

const spaced = (text: string): string => text.replaceAll('\u202F', ' ');
const [part] = whole.ensemble.maps!;

describe('that linear models explain nonlinear ones', () => {
  const of = (change: Partial<Statement>): string => {
    const statement = { ...part.statement!, ...change };
    const values = [statement.mean - statement.deviation, statement.mean + statement.deviation];
    const perSeed = values.map((inLinear, seed) => ({ seed, inLinear, own: statement.ownMean }));
    return spaced(statementText({ ...part, statement: { ...statement, perSeed } }));
  };

  it.each([
    [
      { mean: 0.95, deviation: 0.003, ratio: 0.964, ratioDeviation: 0.003, ownMean: 0.98 },
      /^Linear models explain the nonlinear ones: /u,
    ],
    // XOR in four dimensions
    [
      { mean: 0.181, deviation: 0.207, ratio: 0.25, ratioDeviation: 0.3, ownMean: 0.7 },
      /^Whether linear models .* cannot be told from these seeds: .*18\.1 % ± 20\.7/u,
    ],
    [
      { mean: 0.55, deviation: 0.1, ratio: 0.6, ratioDeviation: 0.1, ownMean: 0.9 },
      /^Linear models explain a part of/u,
    ],
    // half of the stress, but within the spread less
    [
      { mean: 0.55, deviation: 0.06, ratio: 0.9, ratioDeviation: 0.1, ownMean: 0.6 },
      /^Linear models explain a part of/u,
    ],
    [{ mean: 0.1, deviation: 0.05, ratio: 0.12, ratioDeviation: 0.05, ownMean: 0.8 }, /^Linear models do not explain/u],
    [
      { mean: -0.8, deviation: 0.3, ratio: -1, ratioDeviation: 0.4, ownMean: 0.8 },
      /^Linear models do not explain.*hold −80\.0 % ± 30\.0/u,
    ],
    [{ mean: 0, deviation: 1, ratio: 0, ratioDeviation: 1, ownMean: 0.5 }, /cannot be told/u],
  ])('is said of %j only if it holds', (change, words) => expect(of(change)).toMatch(words));

  it('is said of no numbers that do not reach what the sentence itself states, less the spread', () => {
    const share = fc.double({ min: -3, max: 1, noNaN: true });
    const spread = fc.double({ min: 0, max: 2, noNaN: true });
    fc.assert(
      fc.property(share, spread, share, spread, (mean, deviation, ratio, ratioDeviation) => {
        const text = of({ mean, deviation, ratio, ratioDeviation });
        const [, stress, own, little] =
          /at least (\d+) % of the stress and (\d+) % of what.*less than (\d+) % is said not to/u.exec(text)!;
        const holds = mean - deviation >= Number(stress) / 100 && ratio - ratioDeviation >= Number(own) / 100;
        expect(text.startsWith('Linear models explain the nonlinear ones')).toBe(holds);
        expect(text.startsWith('Linear models do not explain')).toBe(!holds && mean + deviation < Number(little) / 100);
      }),
      { seed: 1, numRuns: 400 },
    );
  });

  it('is said of one seed for one seed alone, in the page and in the table', () => {
    const statement = {
      ...part.statement!,
      perSeed: part.statement!.perSeed.slice(0, 1),
      deviation: 0,
      ratioDeviation: 0,
    };
    const text = spaced(statementText({ ...part, statement }));
    expect(text).toMatch(/in the one seed that was run: .*nothing is known of the spread/u);
    expect(verdictOf(statement)).toBe('explain');
    const sections: Sections = {
      ensemble: { ...whole.ensemble, maps: [{ ...part, statement: { ...statement, mean: 0.1 } }] },
    };
    const page = checkXml(renderStudy(parseStudy(studyOf(sections)))).text;
    expect(page).not.toContain('explain the nonlinear ones:');
    expect(studyTable(studyOf(sections))).not.toContain('explain nonlinear');
  });
});

describe('that a spectrum is sloppy', () => {
  const fit = (slope: number, rSquared: number) => ({
    label: 'Inputs',
    fit: { from: 100, to: 400, slope, intercept: 0, rSquared },
  });
  it.each([
    [fit(-0.0085, 0.987), /Sloppy by this measure: Inputs \(1\.11 decades, R² 0\.99\)\.$/u],
    // isotropic data: a spectrum of one width, however straight
    [fit(-0.0005, 0.99), /None is sloppy by this measure: Inputs \(0\.07 decades/u],
    [fit(-0.02, 0.6), /None is sloppy/u],
    [fit(0.02, 0.99), /None is sloppy by this measure: Inputs \(-2\.61 decades/u],
  ])('is said of %j only if it is', (one, words) => expect(spaced(sloppinessText([one]))).toMatch(words));

  it('names those that are and those that are not, and says nothing without a fit', () => {
    const text = spaced(
      sloppinessText([fit(-0.01, 0.99), { ...fit(-0.001, 0.99), label: 'Hessian' }, { label: 'none' }]),
    );
    expect(text).toMatch(/Sloppy by this measure: Inputs \(.*\)\. Not sloppy: Hessian \(/u);
    expect(sloppinessText([{ label: 'none' }])).toBe('');
  });

  it('is no heading of a page whose data are isotropic', () => {
    const inputSpectrum = { ...whole.inputSpectrum, fit: { ...whole.inputSpectrum.fit!, slope: -1e-4 } };
    const page = checkXml(renderStudy(parseStudy(studyOf({ inputSpectrum, curvature: whole.curvature })))).text;
    expect(page).not.toContain('The sloppy picture');
    expect(page).toMatch(/Not sloppy: (?:.*, )?Inputs|None is sloppy by this measure: Inputs/u);
  });
});

describe('agreement and slopes', () => {
  it('of the closed form is said within four standard errors', () => {
    expect(spaced(agreement(784, 0.09, 4))).toMatch(
      /^The first ten agree within the error .* at most 9\.00 %, 4 standard errors$/u,
    );
    expect(spaced(agreement(784, 0.09, 4.1))).toMatch(
      /^The first ten differ by up to 9\.00 %, 4\.1 standard errors, which is more than chance/u,
    );
  });
  it('speaks of as many widths as there are', () => {
    expect([784, 10, 7, 4, 1].map(firstWidths)).toEqual([
      'first ten',
      'first ten',
      'first 7',
      'first four',
      'first one',
    ]);
    expect(agreement(4, 0.09, 1)).toContain('The first four agree');
  });
  it('of a spectrum turn with its two fits', () => {
    expect(steepness({ decay: 1 }, { decay: 2 })).toContain('steeper');
    expect(steepness({ decay: 1 }, { decay: 1.05 })).toContain('as steep as');
    expect(steepness({ decay: 1 }, { decay: 0.5 })).toContain('flatter');
    expect(steepness(undefined, { decay: 0.5 })).not.toMatch(/steep|flat/u);
  });
  it('list the epochs at which checkpoints are, not those at which they usually are', () => {
    expect(epochsText([0, 1, 2])).toBe('after 0, 1, 2 epochs');
    expect(epochsText([0, 0.25, 0.5, 0.75, 1, 2, 3, 5, 10, 40])).toBe('after 0, 0.25, 0.5, 0.75, 1, 2, …, 40 epochs');
  });
});

describe('a network', () => {
  const run = (testError: number, testLoss: number | null, name = 'plain'): TrainingRun => ({
    name,
    history: [],
    final: { trainError: 0.1, trainLoss: 0.1, testError, testLoss },
    guessing: { error: 0.9, loss: Math.log(10) },
  });
  const warnings = (...one: Parameters<typeof run>): string =>
    guessingWarnings([run(...one)])
      .map(spaced)
      .join('');

  it('is warned of exactly if guessing does as well', () => {
    expect(warnings(0.05, 0.2)).toBe('');
    expect(warnings(0.9, 2.31)).toMatch(
      /The plain network is no better than guessing: it errs on 90\.0 % .* on 90\.0 %.*learnt nothing that these test/u,
    );
    // a square matrix transposed, or another activation
    expect(warnings(0.92, 2.44, 'given')).toMatch(
      /The given network is no better than guessing.*activation.*\(in, out\)/u,
    );
    expect(warnings(0.5, 2.44)).toMatch(
      /errs less than guessing \(50\.0 % against 90\.0 %\), but its loss .* 2\.44 nats, is above the 2\.30 nats/u,
    );
    expect(warnings(0.5, null)).toContain('not finite');
    const { guessing: seen, final, ...rest } = run(1, null, 'given');
    // weights that may have seen everything are judged by what they may have seen
    const { testError: _error, testLoss: _loss, ...known } = { ...final, trainError: 0.95, trainLoss: 3 };
    expect(
      guessingWarnings([{ ...rest, final: known, guessing: { ...seen!, of: 'train' } }])
        .map(spaced)
        .join(''),
    ).toMatch(/no better than guessing: it errs on 95\.0 % of the training examples/u);
    const { guessing: _guessing, ...unknown } = run(1, null);
    expect(guessingWarnings([unknown])).toEqual([]);
  });

  it('is told from guessing by as many examples as it takes', () => {
    const of = (testError: number, count: number): string =>
      guessingWarnings([{ ...run(testError, 0.1), guessing: { error: 0.5, loss: Math.LN2, count } }])
        .map(spaced)
        .join('');
    expect(of(0.49, 100)).toMatch(
      /^Whether the plain network is better than guessing cannot be told .* 49\.0 % ± 5\.0, .* 50\.0 %/u,
    );
    expect(of(0.49, 20_000)).toBe('');
    expect(of(0.3, 100)).toBe('');
    expect(of(0.41, 100)).toContain('cannot be told');
    expect(of(0.51, 100_000)).toContain('no better than guessing');
    const { standing, spread } = judge({ ...run(0.5, 0.1), guessing: { error: 0.61, loss: 1, count: 100 } })!;
    expect([standing, spread]).toEqual(['better', 0.05]);
  });

  it('has the warning on its page and in its table', () => {
    const bad = studyOf({ training: [run(0.95, 3)] });
    expect(checkXml(renderStudy(parseStudy(bad))).text.split('no better than guessing').length).toBe(3);
    expect(studyTable(bad)).toContain('guessing 90.0 %; NO BETTER THAN GUESSING');
    const good = studyOf({ training: [run(0.05, 0.1)] });
    expect(checkXml(renderStudy(parseStudy(good))).text).not.toContain('no better than guessing');
    expect(studyTable(good)).not.toContain('GUESSING');
  });
});

describe('citations', () => {
  it('read as authors and year in place; unknown ones stay; the works are listed', () => {
    expect(cited('kl [langford2001], [maurer2004, Thm 5] and [nobody1999]')).toBe(
      'kl (Langford and Seeger 2001), (Maurer 2004, Thm 5) and [nobody1999]',
    );
    expect(cited('[perezortiz2021]')).toBe('(Pérez-Ortiz et al. 2021)');
    expect(worksIn('[maurer2004, Thm 5] [nobody1999] [constructor2000]').map(([name]) => name)).toEqual([
      'Maurer 2004',
    ]);
    expect(worksIn('')).toEqual([]);
  });
});
