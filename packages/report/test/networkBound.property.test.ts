import { describe, expect, it } from 'vitest';
import {
  RecordFormatError,
  networkBoundTable,
  parseNetworkBound,
  renderNetworkBound,
  renderNetworkBoundFigures,
  type NetworkBoundStudy,
} from '@hyperribbon/report';
import { checkXml } from './xml.js';

const study: NetworkBoundStudy = {
  schema: 'hyperribbon/network-bound',
  version: 1,
  title: 'relu:784,600,2 <on> "MNIST" & others',
  created: '2026-01-02T03:04:05.000Z',
  complete: true,
  setting: [
    ['command', 'hyperribbon bound --seed 1'],
    ['seed', '1'],
  ],
  history: [1, 2, 3].map((epoch) => ({ epoch, error: 0.2 / epoch, kl: 4000 / epoch, estimate: 0.5 / epoch })),
  result: {
    value: 0.1261,
    vacuous: false,
    certified: true,
    confidence: 0.965,
    n: 55000,
    weights: 472202,
    klDisplacement: 1910.4,
    klCovariance: 1356.5,
    penalty: 54.6,
    price: 44.7,
    monteCarlo: { mean: 0.0274, draws: 550000, delta: 0.01, upper: 0.0279 },
    plugIn: 0.1253,
    deltas: [
      { purpose: 'inequality', delta: 0.025 },
      { purpose: 'draws', delta: 0.01 },
    ],
    gap: 0.1739,
    others: [
      { theorem: 'quadratic', source: '[perezortiz2021]', value: 1.72, vacuous: true, penalty: 54.6 },
      { theorem: 'McAllester', source: '', value: 0.2018, vacuous: false, penalty: 54.6, gap: 0.1739, plugIn: 0.2014 },
    ],
    released: { theorem: 'as released', source: '', value: 0.1249, vacuous: false, penalty: 12.3, gap: 0.1727 },
    theorem: 'PAC-Bayes-kl, Maurer form',
    source: '[maurer2004, Thm 5]',
    scales: [{ name: 'layer 1, flat', index: 64, variance: 0.00166 }],
    parts: [{ name: 'W1', dimension: 470400, covariance: 1300, displacement: 1900 }],
    test: { mean: 0.032, draws: 10000 },
    published: { value: 0.161, source: 'Dziugaite and Roy 2017' },
  },
  assumptions: ['The examples are independent.'],
  caveats: [],
};

const noNumber = /NaN|undefined|Infinity|\[object|null/u;

function check(record: NetworkBoundStudy): void {
  const page = checkXml(renderNetworkBound(record));
  expect(page.text).not.toMatch(noNumber);
  for (const svg of Object.values(renderNetworkBoundFigures(record))) {
    const figure = checkXml(svg);
    expect(figure.elements[0]).toBe('svg');
    expect(figure.attributes.filter(([, value]) => noNumber.test(value))).toEqual([]);
  }
  expect(networkBoundTable(record)).not.toMatch(noNumber);
}

describe('the page of a network bound', () => {
  it('is well-formed with and without its parts', () => {
    check(study);
    const { result: _result, ...unfinished } = study;
    check({ ...unfinished, complete: false, reason: 'interrupted', history: [] });
    const { test: _test, published: _published, ...bare } = study.result!;
    check({ ...study, history: study.history.slice(0, 1), result: { ...bare, vacuous: true, value: 0.8 } });
  });

  it('never shows a bound smaller than it is', () => {
    const { value } = study.result!;
    const shown = [...networkBoundTable(study).matchAll(/certified error.*?([\d.]+).%/gu)].map(([, text]) => text);
    expect(Number(shown[0])).toBe(96.5);
    const percent = /96\.5.%\s+([\d.]+).%/u.exec(networkBoundTable(study))!;
    expect(Number(percent[1]) / 100).toBeGreaterThanOrEqual(value);
    expect(Number(percent[1]) / 100).toBeLessThan(value + 0.001);
  });

  it('has every theorem with its parts, and marks what is no certificate', () => {
    const table = networkBoundTable(study);
    const { text } = checkXml(renderNetworkBound(study));
    expect(table).toMatch(/Maurer form \(the certificate\) +12\.7.% +12\.6.% +54\.6 +0\.1739/u);
    expect(table).toMatch(/McAllester +20\.2.% +20\.2.% +54\.6 +0\.1739/u);
    expect(table).toMatch(/quadratic +172.*vacuous +54\.6/u);
    expect(table).toMatch(/as released: no certificate/u);
    for (const name of ['Maurer form (the certificate)', 'McAllester', 'quadratic', 'as released: no certificate'])
      expect(text).toContain(name);
    expect(text).toMatch(/2.74.% in 550.000 trials, at most 2.79.%.*KL 3266.9 nats = 1910.4 distance \+ 1356.5 noise/u);
    const { released: _released, ...without } = study.result!;
    expect(networkBoundTable({ ...study, result: without })).not.toMatch(/no certificate/u);
  });

  it('says that a vacuous bound is vacuous, and that a partial one is partial', () => {
    const vacuous = { ...study, complete: false, result: { ...study.result!, value: 0.7, vacuous: true } };
    expect(renderNetworkBound(vacuous)).toMatch(/The bound is vacuous/u);
    expect(renderNetworkBound(vacuous)).toMatch(/Partial/u);
    expect(renderNetworkBound(study)).not.toMatch(/The bound is vacuous|Partial/u);
    expect(networkBoundTable(vacuous)).toMatch(/vacuous/u);
  });

  it('draws both figures where there is data for them', () => {
    expect(Object.keys(renderNetworkBoundFigures(study))).toEqual(['breakdown', 'bound-history']);
    expect(Object.keys(renderNetworkBoundFigures({ ...study, history: [] }))).toEqual(['breakdown']);
  });
});

describe('parseNetworkBound', () => {
  it('reads what JSON gives back, and drops what it does not know', () => {
    expect(parseNetworkBound(JSON.stringify({ ...study, extra: 1 }))).toEqual(study);
  });

  it.each([
    ['another schema', { schema: 'hyperribbon/analysis' }],
    ['another version', { version: 2 }],
    ['an error beyond 1', { history: [{ epoch: 1, error: 1.5, kl: 1, estimate: 0.5 }] }],
    ['a bound that is no number', { result: { ...study.result, value: Number.NaN } }],
    ['a name without a value', { setting: [['seed']] }],
  ])('refuses %s', (_, change) => {
    expect(() => parseNetworkBound({ ...study, ...change })).toThrow(RecordFormatError);
  });
});
