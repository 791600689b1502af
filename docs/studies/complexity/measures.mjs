// Which measures of complexity go with the generalisation gap? node docs/studies/complexity/measures.mjs [threads]
//
// Trains the networks of measures/plan.mjs, measures them, and judges the measures. Every network is a job of plain data; its result is written once, whole, under the
// digest of the job, so that a study that was killed goes on where it was. Runs live in HYPERRIBBON_STUDIES (default: the system's temporary folder).
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fashionMnist, mnist, subset, writeNpz } from '@hyperribbon/data';
import { planDigest, shareArray, StudyRun, threads } from '@hyperribbon/study';
import { networks, settings } from './measures/plan.mjs';

const scratch = join(process.env.HYPERRIBBON_STUDIES ?? join(tmpdir(), 'hyperribbon-studies'), 'measures');
mkdirSync(scratch, { recursive: true });
const controller = new AbortController();
for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => controller.abort());

const data = { mnist: await examplesOf(mnist), 'fashion-mnist': await examplesOf(fashionMnist) };
const digests = Object.fromEntries(Object.entries(data).map(([name, sets]) => [name, planDigest(sets)]));
const executor = threads(Number(process.argv[2] ?? 2), { url: new URL('./measures/worker.mjs', import.meta.url) });
const run = new StudyRun(executor, { signal: controller.signal, lines: stderrLines() });
run.plan('networks');
try {
  await stage('networks', 'train-network', asNpz);
} finally {
  await executor.close();
}

/**
 * Runs the jobs of one kind that have no result yet.
 *
 * @param write a result as bytes
 */
async function stage(title, kind, write) {
  const waiting = networks
    .map((network) => ({ network, file: fileOf(kind, network) }))
    .filter(({ file }) => !existsSync(file));
  process.stderr.write(`${title}: ${networks.length - waiting.length} of ${networks.length} are there\n`);
  await run.jobs(
    title,
    waiting.map(({ network }) => ({
      job: { kind, network, settings, ...data[network.data] },
      label: labelOf(network),
    })),
    { onResult: (result, i, seconds) => writeOnce(waiting[i].file, write({ ...result, seconds })) },
  );
}

/** Named by all that decides what is in it. */
function fileOf(kind, network) {
  const digest = planDigest({ kind, network, settings, data: digests[network.data] });
  return join(scratch, `${digest.replace('sha256:', '').slice(0, 32)}.npz`);
}

async function examplesOf(load) {
  const { train, test } = await load();
  const shared = ({ inputs, labels, ...rest }) => ({ ...rest, inputs: shareArray(inputs), labels: shareArray(labels) });
  return {
    trainSet: shared(subset(train, 0, settings.trainExamples)),
    testSet: shared(subset(test, 0, settings.testExamples)),
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

function asNpz({ params, initial, buffers, ...record }) {
  const flat = (data) => ({ shape: [data.length], data });
  const arrays = {
    record: flat(new TextEncoder().encode(JSON.stringify(record))),
    params: flat(params),
    initial: flat(initial),
  };
  for (const [name, values] of Object.entries(buffers)) arrays[`buffers/${name}`] = flat(values);
  return writeNpz(arrays, { compress: false });
}
