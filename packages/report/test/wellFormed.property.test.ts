import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAnalysis, renderFigures, renderReport, terminalTable, type Analysis } from '@hyperribbon/report';
import { sampleAnalysis } from './sampleAnalysis.js';
import { checkXml, type XmlFacts } from './xml.js';

const sample = sampleAnalysis();
const sections = ['setting', 'training', 'inputSpectrum', 'curvature', 'effectiveDimension', 'bound', 'notes'] as const;

/** Renders everything and holds it to what every output must satisfy. */
function check(analysis: Analysis): void {
  const page = checkXml(renderReport(analysis));
  const ids = page.attributes.filter(([name]) => name === 'id').map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  clean(page);
  for (const svg of Object.values(renderFigures(analysis))) {
    const figure = checkXml(svg);
    expect(figure.elements[0]).toBe('svg');
    expect(figure.elements.slice(1, 3)).toEqual(['title', 'desc']);
    clean(figure);
  }
  const table = terminalTable(analysis);
  expect(table).not.toMatch(noNumber);
  expect(table.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
}

const noNumber = /NaN|undefined|Infinity|\[object|null/u;
const active =
  /^(?:script|img|link|iframe|object|embed|image|a|base|form|input|video|audio|foreignobject|animate|set)$/iu;

/** Nothing that is not a number where a number should be, no scripts, and nothing that would make a browser ask for anything. */
function clean({ elements, attributes, text }: XmlFacts): void {
  expect(text).not.toMatch(noNumber);
  expect(elements.filter((name) => active.test(name))).toEqual([]);
  const wrong = attributes.filter(
    ([name, value]) => noNumber.test(value) || reaching.test(name) || /url\((?!#)/iu.test(value),
  );
  expect(wrong).toEqual([]);
}

const reaching = /^on|href$|^src|^style$|^action$|^data/iu;

const settings = {
  seed: 3,
  numRuns: 25,
  endOnFailure: false,
  interruptAfterTimeLimit: 30_000,
  markInterruptAsFailure: true,
};

describe('every output', () => {
  it('is well-formed and says no NaN for the sample', () => check(sample));

  it('is, with any subset of sections', () => {
    fc.assert(
      fc.property(fc.subarray([...sections]), fc.boolean(), (left, complete) => {
        const partial = Object.fromEntries(
          Object.entries(sample).filter(([key]) => !left.some((name) => name === key)),
        );
        check({ ...(partial as unknown as Analysis), status: { complete, missing: left, reason: 'interrupted' } });
      }),
      settings,
    );
  });

  const value = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(0, -0, 1, -1, 5e-324, -5e-324, 1.7976931348623157e308, -1.7976931348623157e308, 1e-30),
  );
  const values = fc.array(value, { maxLength: 12 }).map((list) => list.sort((a, b) => b - a));
  const magnitude = value.map(Math.abs);

  it('is, for any eigenvalues, residuals, noise floors, fits and densities', () => {
    fc.assert(
      fc.property(
        values,
        magnitude,
        magnitude,
        fc.double({ min: -700, max: 700, noNaN: true }),
        (eigenvalues, noiseFloor, residual, slope) => {
          const fit = { from: 0, to: Math.max(1, eigenvalues.length - 1), slope, intercept: -slope, rSquared: 0.5 };
          const density = {
            ...sample.curvature![0].density!,
            x: [...eigenvalues].sort((a, b) => a - b),
            density: eigenvalues.map(Math.abs),
            lower: eigenvalues.map(() => 0),
            upper: eigenvalues.map((x) => Math.abs(x)),
          };
          const spectrum = {
            ...sample.curvature![0],
            eigenvalues,
            residualNorms: eigenvalues.map(() => residual),
            noiseFloor,
            fit,
            density,
          };
          check({
            ...sample,
            curvature: [spectrum],
            inputSpectrum: { ...sample.inputSpectrum!, eigenvalues, noiseFloor, fit },
          });
        },
      ),
      settings,
    );
  });

  it('is, for any training history, including one that diverged', () => {
    const loss = fc.oneof(value, fc.constantFrom(NaN, Infinity));
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(loss, share), { maxLength: 6 }), loss, share, (epochs, last, error) => {
        const history = epochs.map(([trainLoss, trainError], epoch) => ({ epoch, trainLoss, trainError }));
        const final = { trainLoss: last, testLoss: last, trainError: error, testError: error };
        check({
          ...sample,
          training: [
            { name: 'plain', history, final },
            { name: 'b', continues: 'plain', history, final },
          ],
        });
      }),
      settings,
    );
  });

  it('is, for any numbers in the bound', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        magnitude,
        magnitude,
        magnitude,
        share,
        share,
        share,
        magnitude,
        (a, b, penalty, mean, upper, test, precision) => {
          const parts = {
            klDisplacement: a,
            klCovariance: b,
            penalty,
            kl: Math.min(a + b, 1.7e308),
            precision: Math.max(precision, 5e-324),
          };
          const monteCarlo = { ...sample.bound!.best!.monteCarlo, mean, upper };
          const row = {
            ...sample.bound!.candidates[30],
            ...parts,
            monteCarlo,
            plugIn: mean,
            corrected: upper,
            mcAllester: a,
          };
          const best = {
            ...sample.bound!.best!,
            ...parts,
            monteCarlo,
            value: upper,
            confidence: test,
            vacuous: upper > 0.5,
          };
          check({
            ...sample,
            bound: { ...sample.bound!, candidates: [row], best, posteriorTest: { mean: test, draws: 1 } },
          });
        },
      ),
      settings,
    );
  });

  it('is, for hostile text in every place where text can stand', () => {
    const nasty = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom(
        '</style><script>alert(1)</script>',
        '" onload="alert(1)',
        "'><img src=x onerror=alert(1)>",
        '&lt;b&gt; ]]> --> <!-- &',
        '\u001b[2J\u001b[31m\u0007',
        '\u202Etxt.exe',
        'a'.repeat(300),
        '__proto__',
        '',
      ),
    );
    fc.assert(
      fc.property(nasty, (text) => {
        const hostile = replaceText(sample, text) as Analysis;
        check({ ...hostile, schema: sample.schema });
      }),
      settings,
    );
  });
});

/** Every string but the ones with a fixed meaning. */
function replaceText(tree: unknown, text: string, key = ''): unknown {
  if (typeof tree === 'string') return ['dtype', 'method', 'kind', 'schema'].includes(key) ? tree : text;
  if (Array.isArray(tree)) return tree.map((item: unknown) => replaceText(item, text, key));
  if (typeof tree !== 'object' || tree === null) return tree;
  return Object.fromEntries(Object.entries(tree).map(([name, item]) => [name, replaceText(item, text, name)]));
}

describe('the XML check itself', () => {
  it.each([
    '<a><b></a></b>',
    '<a>',
    '<a/><b/>',
    '<a b="1" b="2"/>',
    '<a>&nbsp;</a>',
    '<a b=1/>',
    '<a>\u0000</a>',
    'x<a/>',
    '<a b="<"/>',
  ])('rejects %j', (bad) => {
    expect(() => checkXml(bad)).toThrow();
  });
  it('accepts what is fine and returns its text', () => {
    expect(checkXml('<!doctype html>\n<a id="x"><b c="&lt;"/>t &amp; u</a>')).toEqual({
      elements: ['a', 'b'],
      attributes: [
        ['id', 'x'],
        ['c', '&lt;'],
      ],
      text: 't &amp; u',
    });
  });
});

describe('escaped text', () => {
  it('arrives as it was, not as markup', () => {
    const title = '<b>"Tom" & \'Jerry\'</b>';
    const page = renderReport({ ...sample, title });
    expect(page).not.toContain('<b>"Tom"');
    expect(page).toContain('&lt;b&gt;&quot;Tom&quot; &amp; &#39;Jerry&#39;&lt;/b&gt;');
  });
  it('cannot move the cursor of a terminal', () => {
    expect(terminalTable({ ...sample, title: 'a\u001b[2Jb\nc' })).toContain('a [2Jb c');
  });
});

describe('the sample', () => {
  it('survives JSON and parsing unchanged', () => {
    expect(parseAnalysis(JSON.stringify(sample))).toEqual(sample);
  });
});
