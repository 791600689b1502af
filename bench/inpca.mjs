// InPCA of many checkpoints, matrix-free: divergences in float32 by two threads, then the top axes by Lanczos; peak memory of the process.
//
//   node bench/inpca.mjs                                20,000 models × 200 samples × 10 classes
//   node bench/inpca.mjs --smoke                        1,500 × 50 × 10
//     [--models 20000] [--samples 200] [--classes 10] [--threads 2] [--dimensions 10]
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { enableExperimentalSimd } from '@hyperribbon/kernels';
import { divergenceAssembly, inpca } from '@hyperribbon/linear-dynamics';
import { startThreads } from './divergenceThreads.mjs';
import { trajectories, trajectoryOptions } from './trajectories.mjs';

const { models, samples, classes, threads, smoke, ...given } = trajectoryOptions(
  { full: { models: 20_000, samples: 200 }, smoke: { models: 1500, samples: 50 } },
  { dimensions: { type: 'string', default: '10' } },
);
const dimensions = Number(given.dimensions);
const loadBefore = loadavg()[0];
enableExperimentalSimd();

const timings = {};
let last = performance.now();
const lap = (name) => {
  const now = performance.now();
  timings[name] = (now - last) / 1e3;
  last = now;
  const peak = process.resourceUsage().maxRSS / 2 ** 20;
  console.log(
    `${name.padEnd(12)} ${timings[name].toFixed(1).padStart(7)} s   peak memory so far ${peak.toFixed(2)} GiB`,
  );
};
const set = trajectories({ models, samples, classes });
lap('models');
const pool = startThreads(threads);
const assembly = divergenceAssembly({ storage: 'float32' });
const shares = Math.max(8 * threads, Math.ceil(models / 250));
await pool.blocks(set, shares, { storage: 'float32' }, (block) => assembly.add(block));
await pool.close();
const divergences = assembly.finish();
lap('divergences');
const map = await inpca(divergences, { dimensions, method: 'lanczos' });
lap('map');
const peakGiB = process.resourceUsage().maxRSS / 2 ** 20;
const { converged, reason, matvecs } = map;
console.log(
  `${models} models × ${samples} × ${classes}: ${converged ? 'converged' : reason}, ${matvecs} products, peak ${peakGiB.toFixed(2)} GiB`,
);
console.log('eigenvalues ', [...map.eigenvalues].map((x) => x.toPrecision(4)).join(' '));
console.log('stress      ', [...map.explainedStress].map((x) => x.toFixed(4)).join(' '));
if (!smoke) {
  const result = {
    benchmark: 'inpca',
    date: new Date().toISOString(),
    machine: { cpu: cpus()[0].model, cores: cpus().length, loadBefore },
    versions: { node: process.version },
    setting: { models, samples, classes, threads, dimensions, storage: 'float32' },
    seconds: timings,
    peakGiB,
    converged,
    matvecs,
    eigenvalues: [...map.eigenvalues],
    explainedStress: [...map.explainedStress],
  };
  const file = fileURLToPath(new URL('./results/inpca.json', import.meta.url));
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
}
