import { describe, expect, it } from 'vitest';
import {
  RecordFormatError,
  parseAnalysis,
  renderFigures,
  renderReport,
  terminalTable,
  type Analysis,
} from '@hyperribbon/report';
import { linearAxis, logAxis, signedLogAxis } from '../src/page/axes.js';
import { boundSegments } from '../src/sections/bound/breakdownFigure.js';
import { confidence, duration, integer, number, percent, percentUp } from '../src/page/format.js';
import { knownSpectrum } from '../src/page/knownValues.js';
import { spread, wrap } from '../src/page/labels.js';
import { plain, textWidth } from '../src/page/markup.js';
import { sampleAnalysis } from './sampleAnalysis.js';

const sample = sampleAnalysis();
const minimal: Analysis = {
  schema: 'hyperribbon/analysis',
  version: 1,
  status: { complete: false, missing: ['training'] },
};

describe('what is drawn', () => {
  it('has one figure for each question, under fixed names', () => {
    expect(Object.keys(renderFigures(sample))).toEqual([
      'spectra',
      'training',
      'input-spectrum',
      'density',
      'bound-grid',
      'breakdown',
    ]);
    expect(renderFigures(minimal)).toEqual({});
  });
  it('draws no value at or below the noise floor, no negative one, and none smaller than its residual', () => {
    const base = sample.curvature![0];
    const spectrum = {
      ...base,
      eigenvalues: [4, 2, 1, 0.1, 0.05, -0.02, -3],
      residualNorms: [0, 0, 1.5, 0, 0, 0, 0],
      noiseFloor: 0.1,
    };
    const { known, unresolved, belowNoise, negative } = knownSpectrum(spectrum, 'x', 1);
    expect(known.map(({ value }) => value)).toEqual([4, 2]);
    expect([unresolved, belowNoise, negative]).toEqual([1, 3, 1]);
    const circles = renderFigures({ ...minimal, curvature: [spectrum] })['spectra'].match(/<circle/gu);
    expect(circles?.length).toBe(2);
  });
  it('marks a partial run and names what is missing', () => {
    const page = renderReport({
      ...minimal,
      status: { complete: false, missing: ['density of the Hessian'], reason: 'interrupted' },
    });
    expect(page).toContain('Partial result');
    expect(page).toContain('density of the Hessian');
    expect(page).not.toContain('<section');
    expect(renderReport(sample)).not.toContain('Partial result');
  });
  it('never calls an uncertified value a bound that holds', () => {
    const best = { ...sample.bound!.best!, certified: false };
    const page = renderReport({ ...sample, bound: { ...sample.bound!, best } });
    expect(page).toContain('not a certificate');
    expect(page).not.toContain('With probability at least');
    expect(terminalTable({ ...sample, bound: { ...sample.bound!, best } })).toContain('NOT certified');
  });
  it('has the parts of the bound add up to the bound', () => {
    const segments = boundSegments(sample.bound!);
    expect(segments.length).toBe(5);
    expect(segments[0].from).toBe(0);
    expect(Math.abs(segments[4].to - sample.bound!.best!.value)).toBeLessThan(1e-15);
    for (let i = 1; i < 5; i++) expect(segments[i].from).toBe(segments[i - 1].to);
  });
});

describe('labels', () => {
  it('do not overlap, keep their order, and stay where they want to be if there is room', () => {
    const wishes = [
      { target: 10, size: 20 },
      { target: 12, size: 20 },
      { target: 100, size: 20 },
      { target: 9, size: 20 },
    ];
    const middles = spread(wishes, 0, 200);
    const order = [3, 0, 1, 2].map((i) => middles[i]);
    for (let i = 1; i < order.length; i++) expect(order[i] - order[i - 1]).toBeGreaterThanOrEqual(20);
    expect(middles[2]).toBe(100);
    expect(Math.min(...middles)).toBeGreaterThanOrEqual(10);
  });
  it('stay inside the frame at its lower end', () => {
    expect(
      spread(
        [
          { target: 99, size: 20 },
          { target: 98, size: 20 },
        ],
        0,
        100,
      ),
    ).toEqual([90, 70]);
  });
  it('break at words, take two lines at most, and fit', () => {
    expect(wrap('Fisher at initialisation', 13, 160)).toEqual(['Fisher at', 'initialisation']);
    const lines = wrap('x'.repeat(90), 13, 160);
    expect(lines.length).toBe(1);
    expect(textWidth([lines[0]], 13)).toBeLessThanOrEqual(160);
    expect(wrap('a b c d e f g', 13, 20).length).toBeLessThanOrEqual(2);
  });
});

describe('axes', () => {
  it('are logarithmic over whole decades, with powers of ten as labels', () => {
    const axis = logAxis(0.002, 3, 100, 0);
    expect([axis.map(0.001), axis.map(10)]).toEqual([100, 0]);
    expect(axis.map(0.1)).toBeCloseTo(50, 10);
    expect(axis.ticks.map(({ label }) => plain(label))).toEqual(['10^−3', '10^−2', '10^−1', '10^0', '10^1']);
  });
  it('hold what lies outside at their ends', () => {
    const axis = logAxis(1, 100, 0, 10);
    expect([axis.map(0), axis.map(-5), axis.map(1e300)]).toEqual([0, 0, 10]);
    expect(linearAxis(0, 1, 0, 10, 4, number).map(7)).toBe(10);
  });
  it('are symmetric in sign and clear of collisions', () => {
    const axis = signedLogAxis(-10, 10, 1e-3, 0, 640);
    expect(axis.map(0)).toBeCloseTo(320, 9);
    expect(axis.map(1) + axis.map(-1)).toBeCloseTo(640, 9);
    for (let i = 1; i < axis.ticks.length; i++) {
      const [a, b] = [axis.ticks[i - 1], axis.ticks[i]];
      expect(b.at - a.at).toBeGreaterThan((textWidth(a.label, 12) + textWidth(b.label, 12)) / 2);
    }
  });
});

describe('numbers as they are read', () => {
  it('round bounds up and confidence down', () => {
    expect(percentUp(0.08021)).toBe('8.03\u202F%');
    expect(percent(0.08021)).toBe('8.02\u202F%');
    expect(percentUp(0.135)).toBe('13.5\u202F%');
    expect(confidence(1 - 0.035)).toBe('96.5\u202F%');
    expect(confidence(0.96499)).toBe('96.4\u202F%');
  });
  it('keep three digits, group thousands, and use powers of ten outside', () => {
    expect([0.028349, 12.345, 0.001234, -0.0115, 0].map((x) => plain(number(x)))).toEqual([
      '0.0283',
      '12.3',
      '0.00123',
      '−0.0115',
      '0',
    ]);
    expect(integer(832802)).toBe('832\u202F802');
    expect(plain(number(1.2345e-7))).toBe('1.23\u202F×\u202F10^−7');
    expect(plain(number(23456.7))).toBe('23\u202F500');
    expect([0.42, 12, 185].map(duration)).toEqual(['0.4\u202Fs', '12\u202Fs', '3\u202Fmin 5\u202Fs']);
  });
});

describe('terminalTable', () => {
  it('aligns its columns', () => {
    const lines = terminalTable(sample).split('\n').slice(2);
    const column = Math.max(...lines.map((line) => line.search(/\S\s{2,}\S/u)));
    expect(column).toBeGreaterThan(4);
    expect(terminalTable(sample)).toContain('8.03 %');
    expect(terminalTable(minimal)).toContain('partial; not finished: training');
  });
});

describe('parseAnalysis', () => {
  it.each<[string, unknown, string]>([
    ['not JSON', '{', ''],
    ['another schema', { ...minimal, schema: 'x' }, 'schema'],
    ['a later version', { ...minimal, version: 2 }, 'version'],
    ['no status', { schema: minimal.schema, version: 1 }, 'status'],
    ['an array', [], ''],
    ['null', null, ''],
    [
      'a number that is not finite',
      { ...sample, inputSpectrum: { ...sample.inputSpectrum, eigenvalues: [1, null] } },
      'inputSpectrum.eigenvalues[1]',
    ],
    ['a text for a number', { ...sample, setting: { ...sample.setting, seed: '7' } }, 'setting.seed'],
    [
      'an error above 1',
      { ...sample, bound: { ...sample.bound, best: { ...sample.bound!.best, confidence: 1.5 } } },
      'bound.best.confidence',
    ],
    [
      'lists of different length',
      { ...sample, curvature: [{ ...sample.curvature![0], residualNorms: [] }] },
      'curvature[0].residualNorms',
    ],
    [
      'a negative count',
      { ...sample, effectiveDimension: [{ ...sample.effectiveDimension![0], hard: -1 }] },
      'effectiveDimension[0].hard',
    ],
  ])('refuses %s and says where', (_name, json, path) => {
    let caught: unknown;
    try {
      parseAnalysis(json);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(RecordFormatError);
    expect((caught as RecordFormatError).path).toBe(path);
    expect((caught as RecordFormatError).message.length).toBeLessThan(200);
  });
  it('drops what it does not know and is not fooled by __proto__', () => {
    const text =
      '{"schema":"hyperribbon/analysis","version":1,"status":{"complete":true,"missing":[]},"x":1,"__proto__":{"title":"bad"}}';
    const parsed = parseAnalysis(text);
    expect(Object.keys(parsed).sort()).toEqual(['schema', 'status', 'version']);
    expect(parsed.title).toBeUndefined();
    expect(({} as { title?: string }).title).toBeUndefined();
  });
  it('reads a diverged loss, null or NaN, as not finite', () => {
    const run = { ...sample.training![0], final: { ...sample.training![0].final, trainLoss: NaN } };
    expect(parseAnalysis({ ...minimal, training: [run] }).training![0].final.trainLoss).toBeNull();
    expect(renderReport({ ...minimal, training: [run] })).toContain('not finite');
  });
});
