// What the study says: every measure judged against the gaps, recorded and written into the page.
import { mkdirSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fragilityAudit } from '@hyperribbon/complexity';
import { gapRegression, judgeMeasures } from '@hyperribbon/complexity/judge';
import { mean, writeTable } from '../../record.mjs';
import { drawFigure } from './figure.mjs';
import { axes, measuring, training } from './plan.mjs';

/** Mean sign errors over the 9,242 environments of [dziugaite2020], as others computed them from its released data. */
const published = {
  'pacbayes-orig': 0.0972,
  'pacbayes-flatness': 0.1024,
  'pacbayes-init': 0.1062,
  'path-norm-over-margin': 0.1217,
  'pacbayes-mag-flatness': 0.1261,
  'path-norm': 0.1274,
  'fro-dist': 0.1404,
  'sum-of-fro': 0.1616,
  'param-norm': 0.1788,
  'sum-of-fro-over-margin': 0.1857,
  'prod-of-fro-over-margin': 0.2986,
  'prod-of-fro': 0.3013,
  'sum-of-spec': 0.3034,
  'fro-over-spec': 0.3115,
  'inverse-margin': 0.3296,
  'sum-of-spec-over-margin': 0.3349,
  'dist-spec-init': 0.3746,
  'pacbayes-mag-orig': 0.4071,
  'pacbayes-mag-init': 0.4173,
  params: 0.4334,
  'spec-orig-main': 0.5506,
  'spec-init-main': 0.5614,
  'prod-of-spec': 0.5965,
  'prod-of-spec-over-margin': 0.6185,
};

const judging = {
  draws: 200,
  level: 0.95,
  seed: 0,
  testExamples: training.testExamples,
  environment: 'configurations',
  leastPairs: 12,
};

/** @param runs a setting, its training and its measures each */
export async function judge(runs) {
  const table = (name, of) => ({ [name]: runs.map(of) });
  const namesOf = (key) => [...new Set(runs.flatMap((run) => Object.keys(run[key])))];
  const named = (key) =>
    namesOf(key).map((name) => table(key === 'bounds' ? `bound: ${name}` : name, (run) => run[key][name] ?? NaN));
  const measures = Object.assign({}, ...named('measures'), ...named('others'), ...named('bounds'));
  const known = Object.entries(measures).filter(([, values]) => isMeasure(values));
  const gaps = runs.map(({ test, history }) => test.error - history.at(-1).error);
  const names = [...axes, 'seed'];
  const rows = runs.map(({ network }) => Object.fromEntries(names.map((name) => [name, network[name]])));
  const judged = await judgeMeasures(
    { settings: rows, gaps, measures: Object.fromEntries(known) },
    { ...judging, onProgress: ({ done, of, detail }) => process.stderr.write(`judged ${done} of ${of}: ${detail}\n`) },
  );
  const audits = new Map(
    fragilityAudit(runs.map((run, i) => auditedRun(run, i, measures))).map((one) => [one.name, one]),
  );
  const summary = judged.map((one) =>
    summaryOf(one, { rows, gaps, values: measures[one.name], fragility: audits.get(one.name) }),
  );
  record(runs, gaps, summary, Object.keys(measures).length - known.length);
  tables(runs, gaps, summary);
  const shown = summary.filter(({ name }) => name in published || ['neural-collapse-1', 'stable-rank'].includes(name));
  drawFigure(
    shown
      .sort((a, b) => b.psi.value - a.psi.value)
      .map(({ name, psi, signError }) => ({ name, psi, signError, published: published[name] })),
  );
}

/** At least half of the networks have a value, and not all the same. */
function isMeasure(values) {
  const finite = values.filter((value) => !Number.isNaN(value));
  return finite.length * 2 >= values.length && finite.some((value) => value !== finite[0]);
}

/** Seeds are the repetitions. */
function auditedRun({ network: { seed: _seed, ...setting } }, i, measures) {
  const values = Object.entries(measures).map(([name, all]) => ({ name, logValue: all[i], reported: all[i] }));
  return { configuration: JSON.stringify(setting), measures: values };
}

function summaryOf(judged, { rows, gaps, values, fragility }) {
  const { name, networks, tau, granulated, information, signError } = judged;
  const interval = ({ value, low, high }) => ({ value, low, high });
  const finite = rows.flatMap((_, i) => (Number.isFinite(values[i]) ? [i] : []));
  const pick = (list) => finite.map((i) => list[i]);
  return {
    name,
    networks,
    tau: interval(tau),
    psi: interval(granulated),
    byAxis: Object.fromEntries(granulated.axes.map(({ axis, value, cells }) => [axis, { value, cells }])),
    information: { ...interval(information), given: information.given, chance: information.chance },
    signError: {
      ...interval(signError),
      percentile90: signError.percentile90,
      worst: signError.worst,
      environments: signError.environments.length,
      dropped: signError.dropped,
    },
    fragility: { ratio: fragility.ratio, flips: fragility.flips },
    rSquared: gapRegression({ settings: pick(rows), measure: pick(values), gaps: pick(gaps) }).rSquared,
    ...(name in published ? { published: published[name] } : {}),
  };
}

function record(runs, gaps, summary, left) {
  const git = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const digits = (value) => (Number.isFinite(value) ? Number(value.toPrecision(6)) : String(value));
  const rounded = (values) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, digits(value)]));
  const networks = runs.map(({ network, history, test, measures, others, bounds, seconds }, i) => ({
    ...network,
    epochs: history.length - 1,
    steps: history.at(-1).steps,
    crossEntropy: digits(history.at(-1).loss),
    trainError: history.at(-1).error,
    testError: test.error,
    gap: digits(gaps[i]),
    seconds: digits(seconds),
    measures: rounded({ ...measures, ...others }),
    bounds: rounded(bounds),
  }));
  const kept = {
    study: 'measures',
    machine: { cpu: cpus()[0].model, cores: cpus().length, node: process.version, commit: git },
    settings: { ...training, ...measuring },
    judging,
    constantOrUnknown: left,
    judged: summary,
    networks,
  };
  const folder = new URL('../../results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  const text = JSON.stringify(kept, (_, value) =>
    typeof value === 'number' && !Number.isFinite(value) ? null : value,
  );
  writeFileSync(new URL('measures.json', folder), `${text.replace(/\},\{/g, '},\n{')}\n`);
}

function tables(runs, gaps, summary) {
  const page = 'complexity/measures.md';
  const span = ({ value, low, high }, digits = 2) =>
    Number.isFinite(value) ? `${value.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})` : 'none';
  const order = [...summary].sort((a, b) => (b.psi.value || -2) - (a.psi.value || -2));
  const row = ({ name, networks, tau, psi, information, signError, fragility, published: there }) => [
    name.replace('bound: ', ''),
    String(networks),
    span(tau),
    span(psi),
    `${information.value.toFixed(3)}, chance ${information.chance.toFixed(3)}`,
    span(signError),
    signError.environments === 0 ? '' : `${signError.percentile90.toFixed(2)}, ${signError.worst.toFixed(2)}`,
    Number.isFinite(fragility.ratio) ? fragility.ratio.toFixed(2) : '',
    there === undefined ? '' : there.toFixed(3),
  ];
  const head = [
    'measure',
    'networks',
    'τ',
    'Ψ',
    'K, normalised information',
    'mean sign error',
    '90th percentile, worst',
    'fragility',
    'published sign error',
  ];
  writeTable(page, 'judged', [head, ...order.filter(({ name }) => !name.startsWith('bound: ')).map(row)]);
  writeTable(page, 'bounds', [
    head.slice(0, 8),
    ...order.filter(({ name }) => name.startsWith('bound: ')).map((one) => row(one).slice(0, 8)),
  ]);
  writeTable(page, 'axes', [
    ['measure', ...axes],
    ...order
      .filter(({ name, published: there }) => there !== undefined && !name.startsWith('bound'))
      .map(({ name, byAxis }) => [
        name,
        ...axes.map((axis) => (byAxis[axis].cells === 0 ? '' : byAxis[axis].value.toFixed(2))),
      ]),
  ]);
  const cells = new Map();
  runs.forEach(({ network: { seed: _seed, ...setting }, test, history }, i) => {
    const key = JSON.stringify(setting);
    const known = cells.get(key) ?? { setting, gap: [], test: [], loss: [] };
    known.gap.push(gaps[i]);
    known.test.push(test.error);
    known.loss.push(history.at(-1).loss);
    cells.set(key, known);
  });
  const percent = (values) => `${(100 * mean(values)).toFixed(2)}`;
  writeTable(page, 'networks', [
    [...axes, 'test error, %', 'gap, %', 'cross-entropy at the end'],
    ...[...cells.values()].map(({ setting, gap, test, loss }) => [
      ...axes.map((axis) => String(setting[axis])),
      percent(test),
      percent(gap),
      mean(loss).toFixed(3),
    ]),
  ]);
  const seconds = runs.reduce((sum, { seconds: own }) => sum + own, 0);
  process.stderr.write(`measures took ${(seconds / 60).toFixed(0)} minutes of thread time; tables written\n`);
}
