// A 200 × 200 phase diagram over slope c and ratio ρ: exact covariance, ten top eigenvalues, trace and all criteria of every cell.
//
//   node bench/phaseDiagram.mjs [--cells 200] [--steps 1000] [--from 0.1] [--to 4] [--threads 2] [--spacing log] [--smoke]
//
// Threads take rows from a queue, since rows of small c cost a hundred times those of large c; the time includes starting them. One cell in a thousand
// is compared with the full covariance and a dense eigensolver afterwards.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { eigvalsh } from '@hyperribbon/lanczos';
import { joinPhaseDiagrams, phaseDiagram, sloppyEigenvalues, trajectoryCovariance } from '@hyperribbon/linear-dynamics';

if (isMainThread) await main();
else {
  parentPort.on('message', async (row) => {
    parentPort.postMessage(await phaseDiagram({ ...workerData, rows: { from: row, to: row + 1 } }));
  });
}

async function main() {
  const { values } = parseArgs({
    options: {
      cells: { type: 'string' },
      steps: { type: 'string', default: '1000' },
      from: { type: 'string', default: '0.1' },
      to: { type: 'string', default: '4' },
      threads: { type: 'string', default: '2' },
      spacing: { type: 'string', default: 'log' },
      smoke: { type: 'boolean', default: false },
    },
  });
  const n = Number(values.cells ?? (values.smoke ? 12 : 200));
  const [steps, from, to, threads] = [values.steps, values.from, values.to, values.threads].map(Number);
  const fraction = (i) => i / (n - 1);
  const grid = (low, high, log) =>
    Float64Array.from({ length: n }, (_, i) =>
      log ? low * (high / low) ** fraction(i) : low + (high - low) * fraction(i),
    );
  const options = {
    decays: grid(from, to, values.spacing === 'log'),
    ratios: grid(0.1, 1000, true),
    steps: Float64Array.of(steps),
  };
  const loadBefore = loadavg()[0];
  const start = performance.now();
  const diagram = await spread(options, threads);
  const seconds = (performance.now() - start) / 1e3;
  const error = check(diagram);
  console.log(
    `${n} × ${n} cells, T = ${steps}, c ${from}..${to} (${values.spacing}), ${threads} threads: ${seconds.toFixed(1)} s`,
  );
  console.log(
    `orders ${Math.min(...diagram.order)} to ${Math.max(...diagram.order)}; against the dense solver ${error.toExponential(1)} of the largest`,
  );
  const quiet = loadBefore < 0.5 * cpus().length;
  if (!quiet) console.log(`load ${loadBefore.toFixed(2)} before the start: draw no conclusions from the time`);
  if (values.smoke) return;
  const results = fileURLToPath(new URL('./results/', import.meta.url));
  mkdirSync(results, { recursive: true });
  const machine = { cpu: cpus()[0].model, cores: cpus().length, node: process.version, loadBefore, quiet };
  writeFileSync(
    `${results}phaseDiagram.json`,
    `${JSON.stringify({ benchmark: 'phaseDiagram', date: new Date().toISOString(), machine, cells: n, steps, from, to, spacing: values.spacing, threads, seconds, error }, null, 2)}\n`,
  );
}

async function spread(options, threads) {
  const rows = options.decays.length;
  const parts = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: threads }, () => {
      const worker = new Worker(new URL(import.meta.url), { workerData: options });
      return new Promise((resolve, reject) => {
        const more = () => {
          if (next < rows) worker.postMessage(next++);
          else worker.terminate().then(resolve, reject);
        };
        worker.on('error', reject);
        worker.on('message', (part) => {
          parts.push(part);
          more();
        });
        more();
      });
    }),
  );
  return joinPhaseDiagrams(parts);
}

function check({ decays, ratios, steps, count, eigenvalues }) {
  let worst = 0;
  for (let cell = 0; cell < decays.length * ratios.length; cell += Math.max(7, Math.floor(decays.length ** 2 / 40))) {
    const lambda = sloppyEigenvalues(decays[Math.floor(cell / ratios.length)]);
    const target = new Float64Array(lambda.length).fill(ratios[cell % ratios.length]);
    const { covariance } = trajectoryCovariance({ eigenvalues: lambda, learningRate: 0.9, steps: steps[0], target });
    const reference = eigvalsh(covariance, lambda.length);
    for (let k = 0; k < count; k++) {
      worst = Math.max(worst, Math.abs(eigenvalues[cell * count + k] - reference[k]) / reference[0]);
    }
  }
  return worst;
}
