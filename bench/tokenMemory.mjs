// node --expose-gc bench/tokenMemory.mjs [--count 8] [--chunk 2] [--vocabulary 8192]
// Memory of a small language model's curvature operators: what curvatureCost tells beforehand beside what the process takes, in buffers of the shape of
// the logits of one chunk. Each operator in a process of its own. Exits with 1 where they differ by more than 20 %.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { curvatureCost, fisher, gaussNewton, hessian } from '@hyperribbon/curvature';
import { tokenCrossEntropy } from '@hyperribbon/nn';
import { gpt } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';

const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const [positions, vocabulary, count, chunkSize] = [
  option('positions', 64),
  option('vocabulary', 8192),
  option('count', 8),
  option('chunk', 2),
];
const kinds = { hessian, gaussNewton, fisher };

/** Bytes of buffers outside the JavaScript heap, and resident ones. */
function memory() {
  globalThis.gc();
  const { external, arrayBuffers, rss } = process.memoryUsage();
  return { buffers: Math.max(external, arrayBuffers), rss };
}

function measure(kind) {
  const network = gpt(64, 2, 2, { vocabulary, positions });
  const loss = tokenCrossEntropy({ positions });
  const tokens = stream({ seed: 1, purpose: 'tokens' });
  const draw = () => Float32Array.from({ length: count * positions }, () => tokens.integer(vocabulary));
  const examples = { inputs: draw(), targets: draw(), count, features: positions, outputs: positions };
  const params = network.init(1);
  const options = { loss, chunkSize };
  // what compiles and plans once in a process is not the operator's
  const small = {
    ...examples,
    inputs: examples.inputs.subarray(0, positions),
    targets: examples.targets.subarray(0, positions),
    count: 1,
  };
  const warm = kinds[kind](network, params, small, { ...options, ...(kind === 'fisher' && { kind: 'empirical' }) });
  const x = Float32Array.from(params);
  const out = new Float32Array(network.size);
  warm.apply(x, out);
  const cost = curvatureCost(kind, network, count, options);
  const before = memory();
  const operator = kinds[kind](network, params, examples, {
    ...options,
    ...(kind === 'fisher' && { kind: 'empirical' }),
  });
  for (let i = 0; i < 3; i++) operator.apply(x, out);
  const after = memory();
  const logits = 4 * chunkSize * positions * vocabulary;
  const told = cost.bytes + cost.sumBytes;
  return {
    kind,
    told,
    buffers: after.buffers - before.buffers,
    rss: after.rss - before.rss,
    ratio: (after.buffers - before.buffers) / told,
    logitsBuffers: told / logits,
    weightsBuffers: (4 * 4 * network.size + cost.sumBytes) / logits,
    residuals: cost.residualBytes / (logits * Math.ceil(count / chunkSize)),
    warm: warm.info.bytes,
  };
}

const kind = process.argv[process.argv.indexOf('--kind') + 1];
if (process.argv.includes('--kind')) console.log(JSON.stringify(measure(kind)));
else {
  const rows = Object.keys(kinds).map((name) => {
    const run = spawnSync(
      process.execPath,
      ['--expose-gc', fileURLToPath(import.meta.url), ...process.argv.slice(2), '--kind', name],
      { encoding: 'utf8' },
    );
    if (run.status !== 0) throw new Error(run.stderr);
    return JSON.parse(run.stdout);
  });
  for (const { kind: name, told, buffers, rss, ratio, logitsBuffers, weightsBuffers, residuals } of rows)
    console.log(
      `${name.padEnd(12)} told ${(told / 1e6).toFixed(1)} MB, took ${(buffers / 1e6).toFixed(1)} MB of buffers (${ratio.toFixed(3)}), ${(rss / 1e6).toFixed(1)} MB resident; ` +
        `${logitsBuffers.toFixed(1)} buffers of a chunk's logits, ${weightsBuffers.toFixed(1)} of them vectors of weights; kept of a chunk ${residuals.toFixed(2)}`,
    );
  const node = process.version;
  writeFileSync(
    new URL('results/tokenMemory.json', import.meta.url),
    `${JSON.stringify({ node, cpu: cpus()[0].model, positions, vocabulary, count, chunkSize, rows }, null, 2)}\n`,
  );
  if (rows.some(({ ratio }) => Math.abs(ratio - 1) > 0.2)) process.exitCode = 1;
}
