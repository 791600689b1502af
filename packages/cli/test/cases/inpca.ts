import { writeNpz } from '@hyperribbon/data';
import { file, folder, good, missing, out, type CommandCase } from './files.js';

type Arrays = Parameters<typeof writeNpz>[0];

const npz = (name: string, arrays: Arrays): string => file(`predictions-${name}`, writeNpz(arrays));

/** Coins on one sample: the map of Bernoulli models has alternating signs, its eigenvalues are known to 8 digits. */
const coins = Float64Array.from({ length: 40 }, (_, i) =>
  i % 2 === 0 ? (i / 2 + 0.5) / 20 : 1 - ((i - 1) / 2 + 0.5) / 20,
);
const known = [1.42999236, -0.1457453, 0.01795226, -0.00200312];
const line = npz('coins.npz', {
  probabilities: { shape: [20, 1, 2], data: coins },
  labels: { shape: [1], data: Int32Array.of(0) },
});

/** Three runs of four checkpoints towards the labels, as logits, with an array that nobody reads. */
const [runs, steps, samples, classes] = [3, 4, 5, 3];
const logits = Float32Array.from({ length: runs * steps * samples * classes }, (_, i) => {
  const [c, sample, step, run] = [
    i % classes,
    Math.floor(i / classes) % samples,
    Math.floor(i / (classes * samples)) % steps,
    Math.floor(i / (classes * samples * steps)),
  ];
  return (c === sample % classes ? 2 : 0) * step + 0.1 * Math.sin(run + 3 * sample + 5 * c);
});
const labels = { shape: [samples], data: Int32Array.from({ length: samples }, (_, i) => i % classes) };
const four = npz('runs.npz', {
  logits: { shape: [runs, steps, samples, classes], data: logits },
  labels,
  epochs: { shape: [4], data: Float32Array.of(0, 1, 2, 3) },
});
const three = npz('flat-runs.npz', {
  probabilities: { shape: [runs * steps, samples, classes], data: softmax(logits) },
  labels,
  runs: {
    shape: [runs * steps],
    data: Int32Array.from({ length: runs * steps }, (_, i) => 10 + Math.floor(i / steps)),
  },
});

function softmax(values: Float32Array): Float64Array {
  const e = Float64Array.from(values, Math.exp);
  return e.map((x, i) => x / (e[i - (i % classes)] + e[i - (i % classes) + 1] + e[i - (i % classes) + 2]));
}

interface Record {
  readonly sections: {
    readonly predictions: {
      readonly models: number;
      readonly map: {
        readonly eigenvalues: readonly number[];
        readonly runs: readonly { run: number; coordinates: readonly number[] }[];
      };
      readonly widths: readonly number[];
      readonly stress: readonly number[];
      readonly progress?: readonly { readonly run: number; readonly first: number; readonly last: number }[];
    };
  };
}

const near = (a: number, b: number, tol: number): boolean => Math.abs(a - b) <= tol * Math.max(1, Math.abs(b));
const refusal = (name: string, predictions: string, stderr: RegExp): CommandCase => ({
  name,
  args: ['inpca', predictions, '--out', out('refused')],
  stderr,
});
const shaped = (
  shape: number[],
  data = new Float64Array(shape.reduce((a, b) => a * b, 1)).fill(1 / (shape.at(-1) ?? 1)),
) => ({
  probabilities: { shape, data },
});

export const inpcaCases: readonly CommandCase[] = [
  {
    name: 'coins, whose eigenvalues are known',
    args: ['inpca', line, '--out', out('coins')],
    code: 0,
    stdout: /models +20 +20 runs, 1 samples of 2 classes[\s\S]*in 2 dimensions +98\.7 %/,
    writes: [out('coins/inpca-map.svg'), out('coins/inpca-widths.svg')],
    record: [
      out('coins/report.json'),
      ({ sections: { predictions } }: Record) =>
        known.every((value, k) => near(predictions.map.eigenvalues[k], value, 1e-8)) &&
        known.every((value, k) => near(predictions.widths[k], Math.sqrt(Math.abs(value) / 20), 1e-8)) &&
        near(predictions.stress[0], 0.89783712, 1e-8),
    ],
  },
  {
    name: 'runs of logits, which come nearer to the truth',
    args: ['inpca', four, '--out', out('runs'), '--dimensions', '4', '--workers', '1'],
    code: 0,
    stderr: /not used of .*runs\.npz: epochs/,
    record: [
      out('runs/report.json'),
      ({ sections: { predictions } }: Record) =>
        predictions.models === 12 &&
        predictions.map.runs.map(({ run, coordinates }) => `${run}:${coordinates.length}`).join() ===
          '0:12,1:12,2:12' &&
        predictions.progress!.every(({ first, last }) => first < 0.2 && last > 0.6),
    ],
  },
  {
    name: 'the same as probabilities with runs of their own numbers',
    args: ['inpca', three, '--out', out('flat-runs'), '--dimensions', '4'],
    code: 0,
    record: [
      out('flat-runs/report.json'),
      ({ sections: { predictions } }: Record) => predictions.map.runs.map(({ run }) => run).join() === '10,11,12',
    ],
  },
  {
    name: 'models that all predict the same',
    args: ['inpca', npz('same.npz', shaped([4, 3, 2])), '--out', out('same')],
    code: 0,
    stdout: /widths +0 +all models predict the same/,
  },
  refusal('a file that is not there', `${missing}.npz`, /predictions: cannot read/),
  refusal('a folder', folder, /predictions: cannot read .*it is a folder/),
  refusal('a file of another kind', file('text.npz', 'hello'), /predictions: .* is no npz file that can be read/),
  refusal('weights', good, /holds no array named probabilities or logits but W1, b1, W2, b2/),
  refusal(
    'both kinds',
    npz('both.npz', { ...shaped([3, 1, 2]), logits: { shape: [3, 1, 2], data: new Float64Array(6) } }),
    /holds both probabilities and logits/,
  ),
  refusal(
    'a matrix',
    npz('matrix.npz', shaped([3, 2])),
    /must have shape \(models, samples, classes\) or .* got \(3, 2\)/,
  ),
  refusal('two models', npz('two.npz', shaped([2, 3, 2])), /holds 2 models; a map needs at least 3/),
  refusal('one class', npz('one.npz', shaped([4, 3, 1])), /holds 1 class; give the probability of each class/),
  refusal('no samples', npz('none.npz', shaped([4, 0, 2])), /holds no samples/),
  refusal(
    'logits called probabilities',
    npz('wrong.npz', shaped([3, 1, 2], Float64Array.of(0.5, 0.5, 0.5, 0.5, -1, 2))),
    /negative or none for model 2, sample 0; save what a softmax gives/,
  ),
  refusal(
    'sums that are not 1',
    npz('sums.npz', shaped([3, 2, 2], Float64Array.of(0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.6, 1, 0, 1, 0))),
    /sum to 1\.1 for model 1, sample 1/,
  ),
  refusal(
    'a model that diverged',
    npz('nan.npz', { logits: { shape: [3, 1, 2], data: Float64Array.of(0, 0, 0, 0, NaN, 0) } }),
    /must be finite, got NaN for model 2, sample 0; leave such models out/,
  ),
  refusal(
    'labels of too few samples',
    npz('few.npz', { ...shaped([3, 2, 2]), labels: { shape: [1], data: Int32Array.of(0) } }),
    /labels of .* must hold 2 whole numbers from 0, got \(1\)/,
  ),
  refusal(
    'a label beyond the classes',
    npz('high.npz', { ...shaped([3, 2, 2]), labels: { shape: [2], data: Int32Array.of(0, 2) } }),
    /labels of .* must be below 2, got 2 at 1/,
  ),
  refusal(
    'runs beside an axis of runs',
    npz('twice.npz', { ...shaped([2, 2, 1, 2]), runs: { shape: [4], data: Int32Array.of(0, 0, 1, 1) } }),
    /runs of .* has no use/,
  ),
  { name: 'no file', args: ['inpca', '--out', out('refused')], stderr: /missing required argument 'predictions'/ },
  {
    name: 'one dimension',
    args: ['inpca', line, '--dimensions', '1', '--out', out('refused')],
    stderr: /--dimensions: must be a whole number from 2 to 100/,
  },
];
