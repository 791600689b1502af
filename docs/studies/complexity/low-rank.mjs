// Does low rank pay? Bounds of networks whose layers are products of narrow factors. node docs/studies/complexity/low-rank.mjs
import {
  bartlettBound,
  crossover,
  golowich2018Bound,
  networkNorms,
  neyshabur2015Bound,
  neyshabur2018Bound,
  parameterCountingBound,
  pinto2025Bound,
  rateTable,
  sampleNorms,
  trivialBound,
  truncatedClass,
} from '@hyperribbon/complexity';
import { mnist, poolImages, subset } from '@hyperribbon/data';
import { adam, cosineSchedule, evaluate, train } from '@hyperribbon/nn';
import { stack } from '@hyperribbon/nn/models';
import { mean, openRecord, spread, writeTable } from '../record.mjs';
import { drawGaps } from './lowRank/figure.mjs';

const settings = {
  images: 'MNIST, averaged 2 × 2 to 196 inputs',
  trainExamples: 10_000,
  testExamples: 10_000,
  width: 64,
  depths: [2, 4, 8],
  ranks: [2, 4, 8, 64],
  seeds: [0, 1, 2],
  epochs: 40,
  batchSize: 50,
  learningRate: { from: 2e-3, to: 1e-5 },
  delta: 0.05,
  /** margins declared in advance: 2^k */
  margins: { from: -6, to: 9 },
};

const bounds = {
  'Pinto et al., printed': (n, s, at) => pinto2025Bound(n, s, { ...at, rankMode: 'printed' }),
  'Pinto et al., derived': (n, s, at) => pinto2025Bound(n, s, { ...at, rankMode: 'derived' }),
  'Pinto et al., tight': (n, s, at) => pinto2025Bound(n, s, { ...at, rankMode: 'tight' }),
  'Bartlett et al.': bartlettBound,
  'Golowich et al.': golowich2018Bound,
  'Golowich et al., rows': (n, s, at) => golowich2018Bound(n, s, { ...at, norm: 'rows' }),
  'Neyshabur et al. 2015': (n, s, at) => neyshabur2015Bound(n, s, { ...at, norm: 'frobenius-exact' }),
  'Neyshabur et al. 2018': neyshabur2018Bound,
  trivial: trivialBound,
  'low-rank counting': parameterCountingBound,
  counting: (n, s, at) => parameterCountingBound(n, s, { ...at, counting: 'fewer' }),
};
const names = Object.keys(bounds);
const earlier = ['Bartlett et al.', 'Golowich et al.', 'Golowich et al., rows', 'Neyshabur et al. 2015'];

const record = openRecord('low-rank', settings);
const data = await load();
const cells = settings.depths.flatMap((depth) => settings.ranks.map((rank) => ({ depth, rank })));
for (const cell of cells) {
  cell.runs = [];
  for (const seed of settings.seeds)
    cell.runs.push(
      await record.piece(`depth ${cell.depth}, rank ${cell.rank}, seed ${seed}`, () => measure(cell, seed)),
    );
}
const across = (cell, value) => cell.runs.map(value);
const rankOf = ({ rank }) => (rank === settings.width ? 'full' : rank);
const percent = (values) =>
  spread(
    values.map((x) => 100 * x),
    1,
  );
const power = (x) => {
  if (x === null) return 'more than 10^15';
  return Math.abs(x) < 2 ? (10 ** x).toPrecision(2) : `10^${x.toFixed(1)}`;
};

writeTable('complexity/low-rank.md', 'networks', [
  ['depth', 'rank', 'weights', 'train error, %', 'test error, %', 'gap, points', 'Π of spectral norms', 'margin γ'],
  ...cells.map((cell) => [
    cell.depth,
    rankOf(cell),
    cell.runs[0].weights,
    percent(across(cell, (r) => r.trainError)),
    percent(across(cell, (r) => r.testError)),
    percent(across(cell, (r) => r.testError - r.trainError)),
    power(mean(across(cell, (r) => r.spectralProduct))),
    across(cell, (r) => r.margin).join(', '),
  ]),
]);
writeTable('complexity/low-rank.md', 'gaps', [
  ['depth', 'rank', 'measured', ...names],
  ...cells.map((cell) => [
    cell.depth,
    rankOf(cell),
    mean(across(cell, (r) => Math.log10(Math.max(1e-4, r.testError - r.trainError)))).toFixed(1),
    ...names.map((name) => mean(across(cell, (r) => r.gaps[name])).toFixed(1)),
  ]),
]);
writeTable('complexity/low-rank.md', 'rates', [
  [
    'depth',
    'rank',
    'r < L',
    'of Bartlett et al.',
    'of Neyshabur et al. 2018',
    'L r² h < r^L',
    'of Golowich et al.',
    'tight, of Bartlett et al.',
    'tight, of Golowich et al.',
  ],
  ...cells.map((cell) => {
    const { belowSpectral, belowGolowich } = crossover({ ...cell, width: settings.width });
    const ratio = (of, to) => power(mean(across(cell, (r) => r.rates[of] - r.rates[to])));
    return [
      cell.depth,
      rankOf(cell),
      belowSpectral ? 'yes' : 'no',
      ratio('pinto', 'bartlett'),
      ratio('pinto', 'neyshabur'),
      belowGolowich ? 'yes' : 'no',
      ratio('pinto', 'golowich'),
      ratio('tight', 'bartlett'),
      ratio('tight', 'golowich'),
    ];
  }),
]);
writeTable('complexity/low-rank.md', 'constants', [
  [
    'depth',
    'rank',
    'smallest of the earlier bounds',
    'printed below it while C₁ <',
    'tight below it while C₁ <',
    'counting below all of them by',
  ],
  ...cells.map((cell) => [
    cell.depth,
    rankOf(cell),
    [...new Set(across(cell, (r) => r.bestEarlier))].join(', '),
    ...['printed', 'tight'].map((mode) => {
      const limits = across(cell, (r) => r.breakEven[mode]);
      return limits.some((x) => x === null) ? 'never' : spread(limits, 2);
    }),
    power(
      mean(
        across(
          cell,
          (r) => Math.min(r.gaps[r.bestEarlier], r.gaps['Pinto et al., tight']) - r.gaps['low-rank counting'],
        ),
      ),
    ),
  ]),
]);
writeTable('complexity/low-rank.md', 'examples', [
  [
    'depth',
    'rank',
    'Pinto et al., tight, C₁ = C₂ = 1',
    'Golowich et al.',
    'Bartlett et al.',
    'low-rank counting',
    'counting',
  ],
  ...cells.map((cell) => [
    cell.depth,
    rankOf(cell),
    ...['Pinto et al., tight', 'Golowich et al.', 'Bartlett et al.', 'low-rank counting', 'counting'].map((name) =>
      power(across(cell, (r) => r.examples[name]).includes(null) ? null : mean(across(cell, (r) => r.examples[name]))),
    ),
  ]),
]);
drawGaps(cells, settings);
process.stderr.write(
  `${record.seconds().toFixed(0)} s in all; tables written to docs/studies/complexity/low-rank.md\n`,
);

async function load() {
  const { train: all, test } = await mnist();
  return {
    train: poolImages(subset(all, 0, settings.trainExamples)),
    test: poolImages(subset(test, 0, settings.testExamples)),
  };
}

/** Trains one network, and bounds its error. */
async function measure({ depth, rank }, seed) {
  const network = stack(modules(depth, rank));
  const { epochs, batchSize, learningRate } = settings;
  const { params } = await train(network, data.train, {
    epochs,
    batchSize,
    seed,
    optimizer: adam(),
    schedule: cosineSchedule(learningRate.from, learningRate.to),
  });
  const norms = await networkNorms(network, params);
  const sample = await sampleNorms(network, params, data.train);
  const margin = declaredMargin(sample.margins);
  const { from, to } = settings.margins;
  const at = { margin, delta: settings.delta, union: [{ of: 'declared margins 2^k', members: to - from + 1 }] };
  const gaps = Object.fromEntries(names.map((name) => [name, bounds[name](norms, sample, at).logGap / Math.LN10]));
  const { layers } = truncatedClass(norms, { radius: sample.radius });
  const rates = rateTable(
    layers.map((layer, i) => ({ ...layer, rowSum: norms.layers[i].map.rowSum })),
    { count: sample.count },
  );
  const bestEarlier = earlier.reduce((best, name) => (gaps[name] < gaps[best] ? name : best));
  return {
    weights: network.size,
    trainError: (await evaluate(network, params, data.train)).error,
    testError: (await evaluate(network, params, data.test)).error,
    ranks: layers.map((layer) => layer.rank),
    spectralProduct: norms.layers.reduce((sum, { map }) => sum + Math.log10(map.spectral), 0),
    margin,
    ramp: bounds.trivial(norms, sample, at).empirical,
    gaps,
    rates: Object.fromEntries(Object.entries(rates).map(([name, log]) => [name, log / Math.LN10])),
    bestEarlier,
    breakEven: Object.fromEntries(
      ['printed', 'tight'].map((rankMode) => [
        rankMode,
        breakEven(gaps[bestEarlier], (c1) => pinto2025Bound(norms, sample, { ...at, rankMode, c1 }).logGap / Math.LN10),
      ]),
    ),
    examples: Object.fromEntries(
      ['Pinto et al., tight', 'Golowich et al.', 'Bartlett et al.', 'low-rank counting', 'counting'].map((name) => [
        name,
        examplesNeeded(bounds[name], norms, sample, at),
      ]),
    ),
  };
}

/** `depth` matrices without biases and rectifiers between them; each is a product of two where that lowers its rank, drawn so that signals keep their size. */
function modules(depth, rank) {
  let inputs = 196;
  const one = (out, gain) => {
    const start = { uniform: Math.sqrt((3 * gain) / inputs) };
    inputs = out;
    return { kind: 'linear', out, bias: false, start };
  };
  const linear = (out, gain) => (rank < Math.min(out, inputs) ? [one(rank, 1), one(out, gain)] : [one(out, gain)]);
  const hidden = Array.from({ length: depth - 1 }, () => [...linear(settings.width, 2), { kind: 'relu' }]);
  return { input: [196], layers: [...hidden.flat(), ...linear(10, 1)] };
}
/** The largest declared margin that at least half of the training examples reach. */
function declaredMargin(margins) {
  const median = Float64Array.from(margins).sort()[Math.floor(margins.length / 2)];
  const { from, to } = settings.margins;
  return 2 ** Math.min(to, Math.max(from, Math.floor(Math.log2(Math.max(median, 2 ** from)))));
}

/** The largest C₁ at which a gap is still at most a limit, by bisection; null where it is above even at 1. */
function breakEven(limit, gap) {
  if (gap(1) > limit) return null;
  let [low, high] = [1, 1e3];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (gap(middle) <= limit) low = middle;
    else high = middle;
  }
  return low;
}

/** log10 of the examples at which a gap falls to 1/2 at these norms and inputs like these, by bisection; null beyond what numbers count exactly. */
function examplesNeeded(bound, norms, sample, at) {
  const half = Math.log(0.5);
  const gap = (log10) => {
    const count = Math.round(10 ** log10);
    const factor = Math.sqrt(count / sample.count);
    const frobenius = factor * sample.frobenius;
    return bound(norms, { ...sample, count, frobenius, largestFeature: factor * factor * sample.largestFeature }, at)
      .logGap;
  };
  let [low, high] = [1, 15.9];
  if (gap(high) > half) return null;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (gap(middle) <= half) high = middle;
    else low = middle;
  }
  return high;
}
