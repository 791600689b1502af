// Which ground do optimisers find, and does its sharpness order their gaps? node docs/studies/landscape/optimizers.mjs
import { kendallTau } from '@hyperribbon/complexity/judge';
import { hessian } from '@hyperribbon/curvature';
import { fashionMnist, poolImages, subset } from '@hyperribbon/data';
import { eigsh } from '@hyperribbon/lanczos';
import { estimateTrace } from '@hyperribbon/lanczos/trace';
import { batchSharpness } from '@hyperribbon/landscape';
import { fromMatvec } from '@hyperribbon/linop';
import {
  adam,
  adamW,
  asam,
  constantSchedule,
  evaluate,
  mlp,
  momentum,
  muon,
  rmsProp,
  sam,
  sgd,
  signDescent,
  squaredError,
  train,
} from '@hyperribbon/nn';
import { binaryWeights, resnet } from '@hyperribbon/nn/models';
import { mean, openRecord, writeTable } from '../record.mjs';

const shared = {
  data: 'Fashion-MNIST averaged to 7 × 7, first 1,000 training and 2,000 test images, pixels in [0, 1]',
  loss: 'half the squared error, summed over classes',
  batchSize: 50,
  rho: { sam: 0.05, asam: 0.5 },
  rates: 'base · 10^(k/2), k = −1, 0, 1 and further until the best is between others, seed 100, least training loss',
  base: { gradient: 0.32, momentum: 0.063, adaptive: 2e-3, sign: 2e-3, muon: 0.01 },
  seeds: [1, 2, 3, 4, 5],
};
const settings = {
  relu: {
    ...shared,
    epochs: 40,
    layers: [49, 100, 10],
    measured: { examples: 250, probes: 20, batches: 5, tol: 1e-2 },
  },
  binary: {
    ...shared,
    epochs: 12,
    resnet: { depth: 8, width: 0.25 },
    measured: { examples: 250, probes: 10, batches: 5, tol: 1e-2 },
  },
};

const { base, rho, seeds, batchSize } = shared;
/** name: update rule, middle of the grid of rates, further options */
const optimisers = {
  SGD: [sgd(), base.gradient],
  'heavy ball': [momentum(0.9), base.momentum],
  Nesterov: [momentum(0.9, { nesterov: true }), base.momentum],
  RMSProp: [rmsProp(), base.adaptive],
  Adam: [adam(), base.adaptive],
  AdamW: [adamW(), base.adaptive],
  SAM: [momentum(0.9), base.momentum, { sharpnessAware: sam(rho.sam) }],
  ASAM: [momentum(0.9), base.momentum, { sharpnessAware: asam({ rho: rho.asam }) }],
  'sign descent': [signDescent(), base.sign],
  Muon: [muon(), base.muon],
};
const networks = {
  relu: ['two-layer ReLU network', mlp(settings.relu.layers, { activation: 'relu' })],
  binary: [
    'ResNet-8 with binary weights',
    binaryWeights(resnet(settings.binary.resnet.depth, { image: [1, 7, 7], width: settings.binary.resnet.width })),
  ],
};

const records = Object.fromEntries(
  Object.keys(networks).map((kind) => [kind, openRecord(`landscape/optimizers-${kind}`, settings[kind])]),
);
const { train: images, test: others } = await fashionMnist({ limit: 2000 });
const small = (set, count) => poolImages(poolImages(subset(set, 0, count)));
const [training, test] = [small(images, 1000), small(others, 2000)];
const measuredOf = (kind) => subset(training, 0, settings[kind].measured.examples);

const runs = [];
for (const [kind, [, network]] of Object.entries(networks))
  for (const name of Object.keys(optimisers)) {
    const rate = await records[kind].piece(`${kind}, ${name}, rate`, () => chosenRate(kind, network, name));
    for (const seed of seeds) {
      const key = `${kind}, ${name}, seed ${seed}`;
      const found = await records[kind].piece(key, () => measuredRun(kind, network, name, rate.rate, seed));
      runs.push({ kind, name, rate: rate.rate, seed, ...found });
    }
  }

function trained(kind, network, name, rate, seed) {
  const [optimizer, , more = {}] = optimisers[name];
  const schedule = constantSchedule(rate);
  return train(network, training, {
    loss: squaredError,
    epochs: settings[kind].epochs,
    batchSize,
    optimizer,
    schedule,
    seed,
    ...more,
  });
}

async function chosenRate(kind, network, name) {
  const tried = [];
  const attempt = async (k) => {
    const rate = Number((optimisers[name][1] * 10 ** (k / 2)).toPrecision(2));
    const run = await trained(kind, network, name, rate, 100);
    const { loss } = await evaluate(run.network, run.params, training, { loss: squaredError });
    tried.push({ k, rate, loss: run.finished && Number.isFinite(loss) ? loss : null });
  };
  const best = () => tried.filter(({ loss }) => loss !== null).sort((a, b) => a.loss - b.loss)[0];
  for (const k of [-1, 0, 1]) await attempt(k);
  // an end of the grid is no minimum
  for (let [low, high] = [-1, 1]; best().k === low || best().k === high; )
    await attempt(best().k === low ? --low : ++high);
  return { rate: best().rate, tried };
}

async function measuredRun(kind, given, name, rate, seed) {
  const { network, params, finished, reason } = await trained(kind, given, name, rate, seed);
  if (!finished) return { ended: reason };
  const loss = squaredError;
  const [own, held] = [
    await evaluate(network, params, training, { loss }),
    await evaluate(network, params, test, { loss }),
  ];
  const measured = measuredOf(kind);
  const { tol, probes, batches } = settings[kind].measured;
  // float64: a matrix that is stretched by small weights must still be symmetric to rounding
  const wide = Float64Array.from(params);
  const H = hessian(network, wide, measured, { loss, dtype: 'float64' });
  const top = await eigsh(H, { k: 1, which: 'LA', tol, seed });
  const trace = await estimateTrace(H, { samples: probes, seed });
  const scaled = await eigsh(stretched(H, wide), { k: 1, which: 'LA', tol, seed });
  const batch = await batchSharpness(network, wide, measured, {
    batchSize,
    batches,
    seed,
    loss: { kind: 'squared-error' },
    dtype: 'float64',
  });
  return {
    loss: own.loss,
    error: own.error,
    testLoss: held.loss,
    testError: held.error,
    sharpness: top.values[0],
    residual: top.residualNorms[0],
    trace: trace.value,
    traceError: trace.standardError,
    batchSharpness: batch.meanOfRatios.mean,
    adaptive: scaled.values[0],
    samSharpness: await ascent(network, wide, H, measured),
    converged: top.converged && scaled.converged,
  };
}

/** |w| H |w|, whose largest eigenvalue no rescaling of layers changes */
function stretched(H, params) {
  const scale = Float64Array.from(params, Math.abs);
  return fromMatvec(H.size, (x, out) => {
    H.apply(
      x.map((value, i) => scale[i] * value),
      out,
    );
    for (let i = 0; i < out.length; i++) out[i] *= scale[i];
  });
}

/** L(w + ρ g/‖g‖) − L(w): of binary weights what the signs that turn change */
async function ascent(network, params, H, measured) {
  const g = H.gradient();
  const there = params.map((w, i) => w + (rho.sam * g[i]) / H.gradientNorm);
  const options = { loss: squaredError };
  return (
    (await evaluate(network, there, measured, options)).loss - (await evaluate(network, params, measured, options)).loss
  );
}

/** mean and the half-width of its 95 % interval, Student's law with 4 degrees of freedom */
function interval(values, digits) {
  const centre = mean(values);
  const variance = values.reduce((sum, x) => sum + (x - centre) ** 2, 0) / (values.length - 1);
  return `${centre.toFixed(digits)} ± ${((2.776 * Math.sqrt(variance)) / Math.sqrt(values.length)).toFixed(digits)}`;
}

const columns = {
  'training loss': [({ loss }) => loss, 4],
  'test loss': [({ testLoss }) => testLoss, 4],
  gap: [({ testLoss, loss }) => testLoss - loss, 4],
  'test error': [({ testError }) => testError, 3],
  'S = λ₁': [({ sharpness }) => sharpness, 2],
  trace: [({ trace }) => trace, 1],
  'batch sharpness': [({ batchSharpness: value }) => value, 2],
  'adaptive sharpness': [({ adaptive }) => adaptive, 3],
  'SAM sharpness': [({ samSharpness }) => samSharpness, 4],
};

for (const kind of Object.keys(networks)) {
  const own = runs.filter((run) => run.kind === kind && run.ended === undefined);
  writeTable('landscape/optimizers.md', kind, [
    ['optimiser', 'rate', ...Object.keys(columns)],
    ...Object.keys(optimisers).map((name) => {
      const some = own.filter((run) => run.name === name);
      const cells = Object.values(columns).map(([of, digits]) =>
        some.length === seeds.length ? interval(some.map(of), digits) : `${some.length} of 5 runs finished`,
      );
      return [name, String(runs.find((run) => run.name === name && run.kind === kind).rate), ...cells];
    }),
  ]);
}

const orders = Object.entries(columns).filter(([name]) => !['gap', 'test loss', 'test error'].includes(name));
writeTable('landscape/optimizers.md', 'order', [
  ['measure', ...Object.values(networks).flatMap(([title]) => [`${title}: runs`, 'means of optimisers'])],
  ...orders.map(([measure, [of]]) => [
    measure,
    ...Object.keys(networks).flatMap((kind) => {
      const own = runs.filter((run) => run.kind === kind && run.ended === undefined);
      const gap = columns.gap[0];
      const names = [...new Set(own.map(({ name }) => name))];
      const means = (column) => names.map((name) => mean(own.filter((run) => run.name === name).map(column)));
      return [kendallTau(own.map(of), own.map(gap)).toFixed(2), kendallTau(means(of), means(gap)).toFixed(2)];
    }),
  ]),
]);
process.stderr.write(`${Math.round(records.relu.seconds() + records.binary.seconds())} s in all\n`);
