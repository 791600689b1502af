// Oracle: the numbers. What pages and captions say in words must follow them, whichever way they turn.
import { describe, expect, it } from 'vitest';
import { parseStudy, renderStudy, studyFigures, type Sections } from '@hyperribbon/report';
import { boundSegments } from '../src/sections/bound/breakdownFigure.js';
import { modelGroups } from '../src/sections/ensemble/modelGroups.js';
import { knownSpectrum } from '../src/sections/spectra/knownSpectrum.js';
import { cases, everything, studyOf, whole } from './fixtures/cases.js';
import { checkXml } from './fixtures/xml.js';

/** The words of a page, narrow spaces as spaces. */
function words(sections: Sections): string {
  return checkXml(renderStudy(parseStudy(studyOf(sections)))).text.replaceAll('\u202F', ' ');
}

const page = (name: string): string =>
  checkXml(renderStudy(cases.find((one) => one.name === name)!.study)).text.replaceAll('\u202F', ' ');

describe('a page', () => {
  it('says of a partial run that it is partial, why, and what is missing; of a complete one nothing of the kind', () => {
    const partial = page('a run that was stopped');
    expect(partial).toContain('Partial result (interrupted). Not finished: training; bound.');
    expect(words({})).not.toContain('Partial');
  });
  it('has no section for what is not there, and names its source', () => {
    expect(renderStudy(studyOf({}), 'other.json')).not.toContain('<section');
    expect(renderStudy(studyOf({}), 'other.json')).toContain('The numbers behind this page are in other.json.');
    expect(renderStudy(studyOf({}))).toContain('in report.json.');
  });
  it('gives an explanation once, though two sections share it, and marks reconstructions', () => {
    const text = words({ curvature: whole.curvature, inputSpectrum: whole.inputSpectrum });
    expect(text.split('Slope and noise floor').length).toBe(2);
    expect(words({})).not.toContain('What the numbers mean');
    const html = renderStudy(studyOf({ effectiveDimension: whole.effectiveDimension }));
    expect(html).toMatch(/Effective dimension <span class="tag reconstruction">/u);
  });
  it('has what it ran on and how long it took', () => {
    const text = checkXml(renderStudy(everything)).text.replaceAll('\u202F', ' ');
    for (const part of ['fast (wasm)', 'node 22.12.0, linux x64, 2 workers', 'training 31 s', '201 474'])
      expect(text).toContain(part);
  });
});

describe('a bound', () => {
  const { best, ...rest } = whole.analyticBound;
  const analytic = (change: Partial<NonNullable<typeof best>>): string =>
    words({ analyticBound: { ...rest, best: { ...best!, ...change } } });

  it('is never called one if it is not certified', () => {
    const text = analytic({ certified: false });
    expect(text).toContain('is not a certificate');
    expect(text).toContain('bound, not certified');
    expect(text).toMatch(/value, not certified, 8\.\d+ % at.*The value of 8/u);
    expect(text).not.toMatch(/With probability at least|certified bound|[^t] certified 8/u);
    expect(analytic({})).toMatch(/certified bound.*With probability at least 96\.5 %/u);
    const network = page('a network value that is not certified');
    expect(network).toContain('is not a certificate');
    expect(network).not.toMatch(/With confidence|\(the certificate\)|certified error/u);
  });
  it('is called vacuous exactly if it is', () => {
    expect(analytic({ vacuous: true })).toMatch(/certified bound, vacuous.*The bound is vacuous.*, vacuous/u);
    expect(analytic({})).not.toMatch(/(?<!non)vacuous/u);
    expect(page('a network bound that is vacuous')).toMatch(/70\.0 % \(vacuous\).*The bound is vacuous/u);
    const { others: _others, ...network } = whole.networkBound;
    expect(words({ networkBound: { ...network, others: [] } })).not.toMatch(/(?<!non)vacuous/u);
  });
  it('without draws certifies nothing and says so', () => {
    const text = page('a bound without draws');
    expect(text).toContain('No posterior draws: there is nothing to certify yet.');
    expect(text).toContain('there is no bound yet');
  });
  it('has parts that add up to it', () => {
    for (const bound of [best!, whole.networkBound]) {
      const segments = boundSegments(bound);
      expect(segments.length).toBe(5);
      expect(segments[0].from).toBe(0);
      expect(Math.abs(segments[4].to - bound.value)).toBeLessThan(1e-15);
      for (let i = 1; i < 5; i++) expect(segments[i].from).toBe(segments[i - 1].to);
    }
  });
  it('draws its parts as wide as they are', () => {
    const svg = studyFigures(everything)['breakdown'];
    const bars = [...svg.matchAll(/<rect class="f\d" x="([\d.]+)" y="78" width="([\d.]+)"/gu)];
    const segments = boundSegments(whole.networkBound);
    expect(bars.length).toBe(segments.length);
    bars.forEach(([, x, width], i) => {
      const { from, to } = segments[i];
      expect(Math.abs(Number(x) - 16 - (430 * from) / whole.networkBound.value)).toBeLessThan(0.1);
      expect(Math.abs(Number(width) - (430 * (to - from)) / whole.networkBound.value)).toBeLessThan(0.1);
    });
  });
  it('stands with every theorem, each marked for what it is', () => {
    const text = words({ networkBound: whole.networkBound });
    for (const name of ['Maurer form (the certificate)', 'McAllester', 'quadratic', 'as released: no certificate'])
      expect(text).toContain(name);
    expect(text).toMatch(/2.74.% in 550.000 trials, at most 2.79.%.*KL 3266.9 nats = 1910.4 distance \+ 1356.5 noise/u);
    expect(text).toContain('Each row but the last is a valid bound');
    expect(text).toContain('All follow from one event, so that they hold together at this confidence.');
    const { released: _released, ...without } = whole.networkBound;
    expect(words({ networkBound: without })).toContain('Each row is a valid bound');
    const catoni = { ...whole.networkBound.others[0], theorem: 'Catoni' };
    const deltas = [{ purpose: 'inequality: grids', delta: 0.025 }];
    expect(words({ networkBound: { ...without, others: [catoni], deltas } })).toContain(
      'All but Catoni’s follow from one event, so that they hold together at this confidence; with Catoni’s they do at a confidence of 94 %.',
    );
  });
});

describe('spectra', () => {
  it('count what they leave out', () => {
    const eigenvalues = [4, 2, 1, 0.1, 0.05, -0.02, -3];
    const spectrum = { eigenvalues, residualNorms: [0, 0, 1.5, 0, 0, 0, 0], noiseFloor: 0.1 };
    const { known, unresolved, belowNoise, negative, count } = knownSpectrum(spectrum, 'x', 1);
    expect(known.map(({ value }) => value)).toEqual([4, 2]);
    expect([unresolved, belowNoise, negative]).toEqual([1, 3, 1]);
    expect(known.length + unresolved + belowNoise + negative).toBe(count);
    const text = words({ curvature: [{ ...whole.curvature[0], ...spectrum }] });
    expect(text).toContain('1 unresolved, 1 negative, 3 below noise, not drawn');
    expect(text).toContain('below noise');
  });
  it('say "one eigenvalue" of one, and "not all converged" where that is so', () => {
    expect(page('one eigenvalue')).toContain('one eigenvalue, 3');
    expect(words({ curvature: [whole.curvature[3]] })).toContain('not all converged');
    expect(words({ curvature: [whole.curvature[0]] })).not.toContain('not all converged');
  });
  it('say "at least" of a count that is a lower bound', () => {
    const [dimension] = whole.effectiveDimension;
    const count = (lowerBound: boolean): string => words({ effectiveDimension: [{ ...dimension, lowerBound }] });
    expect(count(true)).toMatch(
      /≥ \d+ effective dimension \(hessian\): eigenvalues of at least 0\.0040, of 201 474.*there are at least this many/u,
    );
    expect(count(false)).not.toContain('≥');
  });
  it('say "not finite" of a run that diverged', () => {
    expect(page('a run that diverged')).toContain('not finite');
    expect(words({ training: whole.training })).not.toContain('not finite');
  });
});

describe('trajectories', () => {
  const figure = (sections: Sections, name: string): string => checkXml(studyFigures(studyOf(sections))[name]).text;
  const [part] = whole.ensemble.maps!;

  it('name coordinates of negative eigenvalues imaginary, and the others real', () => {
    const text = figure({ ensemble: whole.ensemble }, 'map-all-train').replaceAll('\u202F', ' ');
    expect(text).toContain('coordinate 1, real, λ = 11.7');
    expect(text).toContain('coordinate 2, imaginary, λ = −0.41');
    expect(text).toContain('Coordinate 2 is imaginary: squared distances along it are subtracted.');
    const eigenvalues = (values: readonly number[]): Sections => ({
      ensemble: { ...whole.ensemble, maps: [{ ...part, maps: [{ ...part.maps[0], eigenvalues: values }] }] },
    });
    expect(figure(eigenvalues([3, -2, -1]), 'map-all-train')).toContain('Coordinate 2 and 3 are imaginary');
    expect(figure(eigenvalues([3, 2, 1]), 'map-all-train')).toContain('The first three coordinates are real');
  });
  it('tell by how much a thin third coordinate is stretched', () => {
    expect(figure({ ensemble: whole.ensemble }, 'map3d-all-train')).toMatch(
      /and \d+ times its scale, because it is so thin/u,
    );
  });
  it('give linear and nonlinear kinds different colours, and count their runs in the legend', () => {
    const groups = modelGroups(whole.ensemble.runs);
    expect(groups.map(({ family }) => family)).toEqual(['linear', 'nonlinear']);
    expect(groups[0].colour).not.toBe(groups[1].colour);
    const text = figure({ ensemble: whole.ensemble }, 'map-all-train');
    for (const { name, runs } of groups) expect(text).toContain(`${name} (${runs.length})`);
  });
  it('say that linear regression is a reconstruction, beside its figures', () => {
    const html = renderStudy(studyOf({ linearRegression: whole.linearRegression }));
    expect(html).toMatch(/What linear regression predicts <span class="tag reconstruction">reconstruction<\/span>/u);
    expect(html).toContain('reconstruction following arXiv 2505.08915');
  });
  it('give the spread over seeds where there is one', () => {
    expect(words({ ensemble: whole.ensemble })).toContain('87.2 % ± 1.6');
    expect(page('one seed')).toMatch(/in the one seed that was run: .* hold \(one seed: nothing/u);
    expect(page('one seed')).not.toContain('±');
  });
  it('count runs that diverged', () => {
    expect(page('runs that diverged')).toContain('softmax-sgd (1 diverged)');
    expect(words({ ensemble: whole.ensemble })).not.toContain('diverged');
  });
});
