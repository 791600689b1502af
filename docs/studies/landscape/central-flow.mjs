// Where does descent leave gradient flow, and does it stay with its central flow? nice -n 10 node docs/studies/landscape/central-flow.mjs [keys] [--table]
import { readFileSync } from 'node:fs';
import { hessian } from '@hyperribbon/curvature';
import { jacobianNorms } from '@hyperribbon/landscape';
import { centralFlow, gradientFlow, preconditioned, trackPairs } from '@hyperribbon/landscape/dynamics';
import { mlp, rmsProp, sgd, squaredError } from '@hyperribbon/nn';
import { stream } from '@hyperribbon/random';
import { mean, openRecord, writeTable } from '../record.mjs';

const settings = {
  large: 'tanh 10-32-32-4 on 100 examples, four classes: packages/landscape/test/golden/gradientFlow.json',
  small: 'tanh 8-12-12-3 on 60 examples, three overlapping classes, weights and examples by seed',
  loss: 'half the squared error to unit vectors, mean over examples; float64',
};
const loss = { kind: 'squared-error' };
const dtype = 'float64';

const record = openRecord('landscape/central-flow', settings);
const asked = process.argv.slice(2).filter((word) => word !== '--table');
/** the tables of what is recorded, and no run */
const tableOnly = process.argv.includes('--table');
const wanted = (key) => asked.length === 0 || asked.some((part) => key.includes(part));
const piece = (key, compute) =>
  wanted(key)
    ? record
        .piece(key, () => (tableOnly ? Promise.reject(new Error(`${key}: not run`)) : compute()))
        .catch((error) => void console.error(error.message))
    : undefined;

/** The example of the suite, which an integrator of order eight followed. */
function large() {
  const url = new URL('../../../packages/landscape/test/golden/gradientFlow.json', import.meta.url);
  const { inputs, labels, weights } = JSON.parse(readFileSync(url, 'utf8'));
  return {
    network: mlp([10, 32, 32, 4], { activation: 'tanh' }),
    examples: {
      inputs: Float64Array.from(inputs),
      labels: Int32Array.from(labels),
      count: 100,
      features: 10,
      classes: 4,
    },
    start: Float64Array.from(weights),
  };
}

/** Three classes in eight standardised dimensions whose means lie 0.4 deviations apart: descent has much to do at the edge. */
function small(seed) {
  const [count, features] = [60, 8];
  const network = mlp([features, 12, 12, 3], { activation: 'tanh' });
  const draws = stream({ seed, purpose: 'overlapping' });
  const means = draws.normal(new Float64Array(3 * features));
  const labels = Int32Array.from({ length: count }, (_, i) => i % 3);
  const inputs = Float64Array.from(
    draws.normal(new Float64Array(count * features)),
    (x, at) => x + 0.4 * means[features * labels[Math.floor(at / features)] + (at % features)],
  );
  for (let f = 0; f < features; f++) {
    const column = Array.from({ length: count }, (_, i) => inputs[i * features + f]);
    const middle = mean(column);
    const deviation = Math.sqrt(mean(column.map((x) => (x - middle) ** 2)));
    column.forEach((x, i) => (inputs[i * features + f] = (x - middle) / deviation));
  }
  return {
    network,
    examples: { inputs, labels, count, features, classes: 3 },
    start: network.init(seed, dtype),
  };
}

/** A run w ← w − g/P written out, with its midpoints (w₋ + 2w + w₊)/4, which do not oscillate. */
function descend({ network, examples, start }, { rule = sgd(), learningRate, steps, noise = 0, seed = 0 }) {
  const H = hessian(network, start, examples, { loss: squaredError, dtype, deterministic: true });
  const draws = stream({ seed, purpose: 'noise of descent' });
  const [weights, losses, squares] = [[start], [], [new Float64Array(start.length)]];
  const P = (v) => v.map((x) => (rule.kind === 'sgd' ? 1 : Math.sqrt(x) + rule.epsilon) / learningRate);
  for (let step = 0; step <= steps; step++) {
    H.setWeights(weights[step]);
    const gradient = H.gradient();
    losses.push(H.loss);
    const { smoothing = 1 } = rule;
    squares.push(squares[step].map((v, i) => smoothing * v + (1 - smoothing) * gradient[i] ** 2));
    const divided = P(squares[step + 1]);
    const kick = draws.normal(new Float64Array(start.length));
    weights.push(weights[step].map((w, i) => w - gradient[i] / divided[i] + noise * kick[i]));
  }
  const midpoint = (step) =>
    step === 0 ? start : weights[step].map((w, i) => (weights[step - 1][i] + 2 * w + weights[step + 1][i]) / 4);
  return {
    weights,
    losses,
    squares,
    midpoint,
    /** the largest eigenvalues of P⁻¹H at a midpoint, η in P: 2 is the edge */
    async top(step, k) {
      H.setWeights(midpoint(step));
      return (await trackPairs(preconditioned(H, P(squares[step + 1])), { k, tol: 1e-4 })).values;
    },
    /** mean of the losses, and mean squared distance of iterates from midpoints, over the steps within `reach` of one */
    around(step, reach) {
      const near = Array.from({ length: 2 * reach + 1 }, (_, i) => step - reach + i).filter(
        (s) => s >= 1 && s < losses.length - 1,
      );
      return {
        loss: mean(near.map((s) => losses[s])),
        variance: mean(near.map((s) => distance(weights[s], midpoint(s)) ** 2)),
      };
    },
  };
}

function distance(x, y) {
  return Math.sqrt(x.reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0));
}

function correlation(x, y) {
  const [a, b] = [x, y].map((values) => values.map((value) => value - mean(values)));
  const product = (u, v) => u.reduce((sum, value, i) => sum + value * v[i], 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}

const short = (x) => Number(x.toPrecision(5));

// gradient flow by itself: its sharpness and Jacobians
const flow = await piece('gradient flow', async () => {
  const { network, examples, start } = large();
  const times = Array.from({ length: 81 }, (_, i) => 10 * i);
  const found = await gradientFlow(network, start, examples, { time: 800, times, keepWeights: true, loss, dtype });
  const norms = [];
  for (const w of found.weights) norms.push(await jacobianNorms(network, w, examples));
  const late = found.moments.map((moment, i) => ({ ...moment, ...norms[i] })).filter(({ time }) => time >= 20);
  return {
    steps: found.steps,
    evidence: found.evidence,
    moments: found.moments.map(({ time, loss: value, sharpness }) => [time, short(value), short(sharpness)]),
    falls: late.filter(({ sharpness }, i) => i > 0 && sharpness < late[i - 1].sharpness).length,
    withMean: short(
      correlation(
        late.map(({ sharpness }) => sharpness),
        late.map(({ mean: J }) => J),
      ),
    ),
    withLargest: short(
      correlation(
        late.map(({ sharpness }) => sharpness),
        late.map(({ max }) => max),
      ),
    ),
  };
});

// descent beside it
const partings = [
  ['descent', 'crosses 2/η at time', ...[20, 40, 80, 120, 200].map((time) => `off at time ${time}`), 'η·S at time 200'],
];
for (const learningRate of [0.05, 0.1, 0.2, 0.25]) {
  const found = await piece(`parting, η = ${learningRate}`, async () => {
    const set = large();
    const every = 10;
    const times = Array.from({ length: 21 }, (_, i) => every * i);
    const exact = await gradientFlow(set.network, set.start, set.examples, {
      time: 200,
      times,
      keepWeights: true,
      loss,
      dtype,
    });
    const run = descend(set, { learningRate, steps: Math.round(200 / learningRate) });
    const rows = [];
    for (const [i, time] of times.entries()) {
      const step = Math.round(time / learningRate);
      const [top] = await run.top(step, 1);
      const moved = distance(exact.weights[i], set.start);
      rows.push({
        time,
        loss: short(run.losses[step]),
        flowLoss: short(exact.moments[i].loss),
        ratio: short(top),
        flowRatio: short(learningRate * exact.moments[i].sharpness),
        off: short(distance(run.midpoint(step), exact.weights[i])),
        moved: short(moved),
      });
    }
    return rows;
  });
  if (found === undefined) continue;
  const crossing = found.find(({ ratio }) => ratio > 2);
  const at = (time) => found.find((row) => row.time === time);
  partings.push([
    `η = ${learningRate}`,
    crossing === undefined ? 'never' : `≤ ${crossing.time}`,
    ...[20, 40, 80, 120, 200].map((time) => `${((100 * at(time).off) / at(time).moved).toFixed(2)} %`),
    at(200).ratio.toFixed(3),
  ]);
}

// central flows
const runs = {};
for (const seed of [1, 2, 3])
  for (const noise of [0, 1e-4])
    runs[`gradient descent, 299 weights, seed ${seed}, noise ${noise}`] = {
      set: () => small(seed),
      learningRate: 0.4,
      steps: 600,
      noise,
      seed,
      every: 10,
    };
for (const noise of [0, 1e-4])
  runs[`gradient descent, 1,540 weights, noise ${noise}`] = {
    set: large,
    learningRate: 0.2,
    steps: noise === 0 ? 2400 : 1000,
    noise,
    seed: 0,
    every: noise === 0 ? 40 : 20,
  };
runs['RMSProp 0.99 from step 40, 299 weights, seed 2, noise 0.00001'] = {
  set: () => small(2),
  rule: rmsProp(),
  learningRate: 1e-3,
  steps: 500,
  noise: 1e-5,
  seed: 2,
  from: 40,
  every: 10,
};

const central = [
  [
    'run',
    'burst over at',
    'S, mean',
    'moments within 5 %',
    'mean of the critical',
    'mean loss',
    'spread',
    'off the central flow',
    'off gradient flow',
  ],
];
for (const [key, { set: make, from = 0, every, ...options }] of Object.entries(runs)) {
  const found = await piece(key, async () => {
    const set = make();
    const { rule = sgd(), learningRate, steps } = options;
    const run = descend(set, options);
    const at = Array.from({ length: (steps - from - 20) / every + 1 }, (_, i) => every * i);
    const started = performance.now();
    const followed = await centralFlow(set.network, run.weights[from], set.examples, {
      rule,
      learningRate,
      steps: steps - from - 20,
      at,
      ...(rule.kind !== 'sgd' && { squares: run.squares[from] }),
      keepWeights: true,
      loss,
      dtype,
    });
    const seconds = (performance.now() - started) / 1000;
    const calm =
      rule.kind === 'sgd'
        ? await gradientFlow(set.network, set.start, set.examples, {
            time: at.at(-1) * learningRate,
            times: at.map((step) => step * learningRate),
            keepWeights: true,
            loss,
            dtype,
          })
        : undefined;
    const rows = [];
    for (const [i, moment] of followed.moments.entries()) {
      const step = moment.step + from;
      const middle = run.midpoint(step);
      const { loss: runLoss, variance: runVariance } = run.around(step, 15);
      rows.push({
        step,
        ratio: short(learningRate * moment.sharpness),
        midpoint: (await run.top(step, Math.max(1, moment.critical))).map(short),
        critical: moment.critical,
        meanLoss: short(moment.meanLoss),
        runLoss: short(runLoss),
        variance: short(moment.variance),
        runVariance: short(runVariance),
        off: short(distance(followed.weights[i], middle)),
        ...(calm && { offCalm: short(distance(calm.weights[i], middle)) }),
        moved: short(distance(set.start, middle)),
      });
    }
    const { residual, crowded, gradients, products, thirds } = followed;
    return { residual, crowded, gradients, products, thirds, seconds: short(seconds), rows };
  });
  if (found === undefined) continue;
  central.push(centralRow(key, found.rows));
}

/** Over the moments after the first burst: from the first at which the oscillation is smaller than that of the flow after it was larger. */
function centralRow(key, rows) {
  const burst = rows.findIndex(({ variance, runVariance }) => variance > 0 && runVariance > variance);
  const over = rows.findIndex(({ variance, runVariance }, i) => i > burst && runVariance < variance);
  if (burst < 0 || over < 0) return [key, 'never', '', '', '', '', '', '', ''];
  const late = rows.slice(over);
  const ratios = late.map(({ midpoint, ratio }) => midpoint[0] / ratio);
  const last = late.at(-1);
  const share = (x) => `${((100 * x) / last.moved).toFixed(1)} %`;
  return [
    key,
    rows[over].step,
    mean(ratios).toFixed(3),
    `${ratios.filter((ratio) => Math.abs(ratio - 1) <= 0.05).length} of ${ratios.length}`,
    mean(late.map(({ midpoint, ratio }) => mean(midpoint) / ratio)).toFixed(3),
    (mean(late.map(({ meanLoss }) => meanLoss)) / mean(late.map(({ runLoss }) => runLoss))).toFixed(3),
    (mean(late.map(({ variance }) => variance)) / mean(late.map(({ runVariance }) => runVariance))).toFixed(2),
    share(last.off),
    last.offCalm === undefined ? '' : share(last.offCalm),
  ];
}

console.log(flow && { ...flow, moments: flow.moments.filter((_, i) => i % 8 === 0) });
console.table(partings);
console.table(central);
if (asked.length === 0) {
  writeTable('landscape/central-flow.md', 'partings', partings);
  writeTable('landscape/central-flow.md', 'central', central);
}
