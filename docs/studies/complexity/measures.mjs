// Which measures of complexity go with the generalisation gap? node docs/studies/complexity/measures.mjs [threads]
//
// Trains the networks of measures/plan.mjs, measures them, and judges the measures. Every network is a job of plain data; its result is written once, whole, under the
// digest of the job, so that a study that was killed goes on where it was. Runs live in HYPERRIBBON_STUDIES (default: the system's temporary folder).
import { setMaxListeners } from 'node:events';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fashionMnist, mnist, parseNpz, subset, writeNpz } from '@hyperribbon/data';
import { planDigest, shareArray, StudyRun, threads } from '@hyperribbon/study';
import { measuring, networks, training } from './measures/plan.mjs';

const scratch = join(process.env.HYPERRIBBON_STUDIES ?? join(tmpdir(), 'hyperribbon-studies'), 'measures');
mkdirSync(scratch, { recursive: true });
const controller = new AbortController();
setMaxListeners(0, controller.signal);
for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => controller.abort());

const data = { mnist: await examplesOf(mnist), 'fashion-mnist': await examplesOf(fashionMnist) };
const digests = Object.fromEntries(Object.entries(data).map(([name, sets]) => [name, planDigest(sets)]));
const executor = threads(Number(process.argv[2] ?? 2), { url: new URL('./measures/worker.mjs', import.meta.url) });
const run = new StudyRun(executor, { signal: controller.signal, lines: stderrLines() });
run.plan('networks', 'measures');
try {
  await stage('networks', 'train-network', ({ params, initial, buffers, ...record }) => ({
    record,
    params,
    initial,
    buffers,
  }));
  await stage('measures', 'measure-network', (record) => ({ record }), trainedOf);
} finally {
  await executor.close();
}
const { judge } = await import('./measures/judgement.mjs');
await judge(
  networks.map((network) => {
    const [trained, measured] = [trainedOf(network), read(fileOf('measure-network', network))];
    return { network, ...trained, ...measured, seconds: trained.seconds + measured.seconds };
  }),
);

/**
 * Runs the jobs of one kind that have no result yet.
 *
 * @param parts what is kept of a result: a record, and arrays
 * @param more what a job of this kind works on beside the examples
 */
async function stage(title, kind, parts, more = () => ({})) {
  const waiting = networks
    .map((network) => ({ network, file: fileOf(kind, network) }))
    .filter(({ file }) => !existsSync(file));
  process.stderr.write(`${title}: ${networks.length - waiting.length} of ${networks.length} are there\n`);
  await run.jobs(
    title,
    waiting.map(({ network }) => ({
      job: { kind, network, settings: settingsOf(kind), ...data[network.data], ...more(network) },
      label: labelOf(network),
    })),
    { onResult: (result, i, seconds) => writeOnce(waiting[i].file, asNpz({ ...parts(result), seconds })) },
  );
}

/** A trained network from its file. */
function trainedOf(network) {
  return read(fileOf('train-network', network));
}

function settingsOf(kind) {
  return kind === 'train-network' ? training : { ...training, ...measuring };
}

/** Named by all that decides what is in it. */
function fileOf(kind, network) {
  const digest = planDigest({ kind, network, settings: settingsOf(kind), data: digests[network.data] });
  return join(scratch, `${digest.replace('sha256:', '').slice(0, 32)}.npz`);
}

async function examplesOf(load) {
  const { train, test } = await load();
  const shared = ({ inputs, labels, ...rest }) => ({ ...rest, inputs: shareArray(inputs), labels: shareArray(labels) });
  return {
    trainSet: shared(subset(train, 0, training.trainExamples)),
    testSet: shared(subset(test, 0, training.testExamples)),
  };
}

function labelOf(network) {
  return Object.values(network).join(' ');
}

/** One line a quarter of a minute, and one for each step that ends. */
function stderrLines() {
  return {
    start(title) {
      let next = 0;
      const tell = (words) => process.stderr.write(`${title}: ${words}\n`);
      return {
        update({ done, of, detail }) {
          if (performance.now() < next) return;
          next = performance.now() + 15_000;
          tell(`${((100 * done) / of).toFixed(1)} % ${detail ?? ''}`);
        },
        done: (words) => tell(`done ${words}`),
        stopped: (words) => tell(words ?? 'stopped'),
      };
    },
  };
}

/** Whole or not at all: a file that is there has all its bytes. */
function writeOnce(file, bytes) {
  const part = `${file}.${process.pid}.part`;
  writeFileSync(part, bytes, { flush: true });
  renameSync(part, file);
}

function asNpz({ record, seconds, buffers = {}, ...arrays }) {
  const flat = (array) => ({ shape: [array.length], data: array });
  const text = JSON.stringify({ ...record, seconds }, (_, value) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  );
  const named = Object.entries(buffers).map(([name, values]) => [`buffers/${name}`, values]);
  const all = [...Object.entries(arrays), ...named].map(([name, values]) => [name, flat(values)]);
  return writeNpz(Object.fromEntries([['record', flat(new TextEncoder().encode(text))], ...all]), { compress: false });
}

function read(file) {
  const arrays = new Map(parseNpz(readFileSync(file)));
  const numbers = (_, value) => (/^-?Infinity$|^NaN$/.test(value) ? Number(value) : value);
  const record = JSON.parse(new TextDecoder().decode(arrays.get('record').data), numbers);
  const buffers = {};
  for (const [name, { data: values }] of arrays)
    if (name.startsWith('buffers/')) buffers[name.slice('buffers/'.length)] = values;
  const { params, initial } = Object.fromEntries([...arrays].map(([name, { data: values }]) => [name, values]));
  return { ...record, params, initial, buffers };
}
