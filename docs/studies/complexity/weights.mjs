// Spectra of weights: the definition on three models, intervals and p-values on power laws, speed. node docs/studies/complexity/weights.mjs [--detypify FILE.onnx]
// The definition is computed a second time by weights.py, with numpy alone. The symbol classifier of npm's detypify-service 0.3.0 (MIT): (cd bench/peers && npm ci).
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { analyzeTensor, powerLawTest } from '@hyperribbon/complexity/weights';
import { mnist, poolImages, subset, writeNpz } from '@hyperribbon/data';
import { adam, constantSchedule, evaluate, mlp, train } from '@hyperribbon/nn';
import { resnet } from '@hyperribbon/nn/models';
import { parseOnnx } from '@hyperribbon/onnx';
import { stream } from '@hyperribbon/random';
import { openRecord, writeTable } from '../record.mjs';

const { values: given } = parseArgs({
  options: {
    detypify: {
      type: 'string',
      default: fileURLToPath(
        new URL('../../../bench/peers/node_modules/detypify-service/train/model.onnx', import.meta.url),
      ),
    },
  },
});
const settings = {
  detypify: 'detypify-service 0.3.0, train/model.onnx',
  trained: {
    images: 'MNIST, averaged 2 × 2 to 14 × 14',
    examples: 4000,
    epochs: 3,
    batchSize: 50,
    learningRate: 2e-3,
    seed: 0,
  },
  coverage: {
    sizes: [
      [32, 500],
      [64, 500],
      [128, 500],
      [64, 4000],
    ],
    alpha: 2.5,
    draws: 199,
    level: 0.95,
  },
  draws: 300,
};

const record = openRecord('weights', settings);
const names = ['detypify-service', 'ResNet-8 of ours', 'MLP'];
const models = new Map();
async function modelOf(name) {
  if (!models.has(name)) models.set(name, name === names[0] ? detypify() : await trained(name));
  return models.get(name);
}

const rows = [['model', 'tensors', 'analysed', 'α of its layers', 'most of α', 'most of D', 'most of xmin']];
const reasons = [['model', 'refused because', 'tensors']];
for (const name of names) {
  const { error, tensors, layers } = await record.piece(name, async () => compared(await modelOf(name)));
  const alphas = layers.map(({ ours }) => ours.alpha);
  const most = (key) => Math.max(...layers.map(({ ours, theirs }) => Math.abs(ours[key] / theirs[key] - 1)));
  rows.push([
    error === undefined ? name : `${name} (test error ${(100 * error).toFixed(1)} %)`,
    tensors.length,
    layers.length,
    `${Math.min(...alphas).toFixed(2)} to ${Math.max(...alphas).toFixed(2)}`,
    ...['alpha', 'D', 'xmin'].map((key) => most(key).toExponential(0)),
  ]);
  const refused = grouped(tensors);
  for (const [reason, list] of refused) if (reason !== undefined) reasons.push([name, reason, list.length]);
}
writeTable('complexity/weights.md', 'definition', rows);
writeTable('complexity/weights.md', 'refused', reasons);

const { sizes, alpha, draws, level } = settings.coverage;
const coverage = [
  [
    'values',
    'sets',
    'intervals that hold the truth',
    'mean of p',
    'distance of p from uniform',
    'critical at level 0.01',
  ],
];
for (const [size, count] of sizes) {
  const found = await record.piece(`coverage, ${count} sets of ${size} values`, () => cover(size, count));
  coverage.push([
    size,
    count,
    `${((100 * found.covered) / count).toFixed(1)} %`,
    found.mean.toFixed(3),
    found.D.toFixed(3),
    (1.628 / Math.sqrt(count)).toFixed(3),
  ]);
}
writeTable('complexity/weights.md', 'coverage', coverage);

const speed = [['what', 'seconds, three runs', 'processor seconds']];
for (const [what, options] of [
  ['spectra, fits, noise, twins', { draws: 0 }],
  [`with intervals, p-values and other laws, ${settings.draws} draws`, { draws: settings.draws }],
]) {
  const runs = await record.piece(`speed, ${what}`, async () => {
    const { arrays } = await modelOf(names[0]);
    return [1, 2, 3].map(() => {
      const [began, used] = [performance.now(), process.cpuUsage()];
      arrays.forEach((tensor, index) => analyzeTensor(tensor, { ...options, index }));
      const { user, system } = process.cpuUsage(used);
      return { wall: (performance.now() - began) / 1000, processor: (user + system) / 1e6 };
    });
  });
  const listed = (key) => runs.map((run) => run[key].toFixed(1)).join(', ');
  speed.push([what, listed('wall'), listed('processor')]);
}
writeTable('complexity/weights.md', 'speed', speed);

function grouped(tensors) {
  const groups = new Map();
  for (const tensor of tensors) groups.set(tensor.reason, [...(groups.get(tensor.reason) ?? []), tensor]);
  return groups;
}

function detypify() {
  const { graph } = parseOnnx(new Uint8Array(readFileSync(given.detypify)));
  return {
    arrays: [...graph.initializers.values()].map(({ name, shape, type, data }) => ({ name, shape, dtype: type, data })),
  };
}

async function trained(name) {
  const { examples, epochs, batchSize, learningRate, seed } = settings.trained;
  const { train: all, test } = await mnist();
  const net =
    name === 'MLP' ? mlp([196, 128, 64, 10], { activation: 'relu' }) : resnet(8, { classes: 10, image: [1, 14, 14] });
  const { params, network } = await train(net, poolImages(subset(all, 0, examples)), {
    optimizer: adam(),
    schedule: constantSchedule(learningRate),
    epochs,
    batchSize,
    seed,
  });
  const { error } = await evaluate(network, params, poolImages(test));
  let at = 0;
  const arrays = net.parameters.map(({ name, shape }) => {
    const size = shape.reduce((product, length) => product * length, 1);
    at += size;
    return { name, shape, data: params.slice(at - size, at) };
  });
  return { error, arrays };
}

/** Every tensor, and the fits of those that have one beside the independent ones. */
function compared({ error, arrays }) {
  const folder = mkdtempSync(join(tmpdir(), 'weights-'));
  const file = join(folder, 'model.npz');
  // names of ONNX may hold what names of files may not
  const numbered = Object.fromEntries(arrays.map(({ shape, data }, i) => [`a${i}`, { shape, data }]));
  writeFileSync(file, writeNpz(numbered));
  const script = fileURLToPath(new URL('weights.py', import.meta.url));
  const theirs = JSON.parse(execFileSync('python3', [script, file], { encoding: 'utf8' }))[file];
  rmSync(folder, { recursive: true });
  const layers = [];
  const tensors = arrays.map((tensor, i) => {
    const report = analyzeTensor(tensor, { draws: 0, twins: false });
    if (!report.analyzed) return { name: tensor.name, shape: tensor.shape, reason: report.reason };
    const { alpha, D, xmin } = report.fit;
    layers.push({ name: tensor.name, ours: { alpha, D, xmin }, theirs: theirs[`a${i}`] });
    return { name: tensor.name, shape: tensor.shape };
  });
  return { error, tensors, layers };
}

/** Intervals that hold the truth, and the distance of p-values from uniform ones. */
function cover(size, count) {
  let covered = 0;
  const ps = [];
  for (let index = 0; index < count; index++) {
    const x = stream({ seed: 3, purpose: 'power laws of a study', index })
      .uniform(new Float64Array(size))
      .map((u) => (1 - u) ** (-1 / (alpha - 1)));
    const { interval, p } = powerLawTest(x, { draws, level, seed: index });
    if (interval[0] <= alpha && alpha <= interval[1]) covered++;
    ps.push(p);
  }
  // p takes the values k/(draws + 1) alone, which uniform ones are held against there
  let D = 0;
  for (let k = 1; k <= draws + 1; k++) {
    const share = ps.filter((p) => p <= (k + 1e-9) / (draws + 1)).length / count;
    D = Math.max(D, Math.abs(share - k / (draws + 1)));
  }
  const mean = ps.reduce((sum, p) => sum + p, 0) / count;
  return { covered, D, mean };
}
