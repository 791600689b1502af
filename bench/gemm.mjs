// GFLOPS of C = A B, n × n, one thread: our kernels, numpy (OpenBLAS), jax-js, numpy-ts and ml-matrix.
//
//   node bench/gemm.mjs [--rounds 15] [--sizes 384,768] [--node PATH]
//
// Every contestant lives in its own process, pinned to one core where taskset exists; the processes are asked in turn, round
// after round, so that all see the same weather. Times are processor
// times. A contestant's number is the median over rounds of its median call; a ratio is
// the median over rounds of the ratios within a round. Last, ours on 1,024 MNIST images (81 % zeros) against random numbers in
// their place: x V, (1024, 784) by (784, 256), and xᵀ D, (784, 1024) by (1024, 256). Peers are optional: (cd bench/peers && npm ci), python3 with numpy.
import { parseArgs } from 'node:util';
import { here, quiet, ratio, record, showSpread, spread, startAll } from './contest.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    sizes: { type: 'string', default: '384,768' },
    node: { type: 'string', default: process.execPath },
    seconds: { type: 'string', default: '0.15' },
  },
});
const sizes = values.sizes.split(',').map(Number);
const rounds = Number(values.rounds);

const REVECTORIZE = '--experimental-wasm-revectorize';
const js = (name, ...flags) => [values.node, ...flags, `${here}contestants/gemmContestant.mjs`, name];
const candidates = [
  { name: 'numpy', dtype: 'float32', command: ['python3', `${here}contestants/gemm_numpy.py`] },
  { name: 'fast', dtype: 'float32', command: js('fast') },
  { name: 'deterministic', dtype: 'float32', command: js('deterministic') },
  { name: 'fast + revectorize', dtype: 'float32', command: js('fast', REVECTORIZE) },
  { name: 'deterministic + revectorize', dtype: 'float32', command: js('deterministic', REVECTORIZE) },
  { name: 'typescript twin', dtype: 'float32', command: js('typescript'), slow: true },
  { name: 'jax-js', dtype: 'float32', command: js('jax-js') },
  { name: 'numpy-ts', dtype: 'float32', command: js('numpy-ts') },
  { name: 'ml-matrix', dtype: 'float64', command: js('ml-matrix'), slow: true },
];

const running = await startAll(candidates);
const versions = Object.fromEntries(running.map(({ name, hello }) => [name, hello.version]));

const tables = [];
for (const n of sizes) {
  // twin and ml-matrix take seconds per call at 768: fewer rounds, same interleaving
  const gflops = new Map(running.map(({ name }) => [name, []]));
  for (const { ask } of running) await ask(`${n} 0.4`);
  for (let round = 0; round < rounds; round++) {
    for (const { name, ask, slow } of running) {
      if (slow && round % 10 !== 0) continue;
      const seconds = await ask(`${n} ${values.seconds}`);
      if (seconds.missing !== undefined) throw new Error(`${name}: ${seconds.missing}`);
      gflops.get(name)[round] = (2 * n ** 3) / seconds / 1e9;
    }
  }
  const baseline = gflops.get('numpy') ?? [];
  const rows = running.map(({ name, dtype }) => {
    const own = gflops.get(name);
    const perNumpy = ratio(own, baseline);
    return {
      name,
      dtype,
      gflops: spread(own.filter((value) => value > 0)),
      ...(perNumpy !== undefined && { perNumpy }),
    };
  });
  tables.push({ n, rows });
  console.log(`\nn = ${n}`);
  for (const { name, dtype, gflops: g, perNumpy } of rows) {
    const share = perNumpy
      ? `  ${perNumpy.median.toFixed(2)} of numpy [${perNumpy.low.toFixed(2)}, ${perNumpy.high.toFixed(2)}]`
      : '';
    console.log(
      `${name.padEnd(28)} ${dtype} ${g.median.toFixed(2).padStart(7)} GFLOPS [${g.low.toFixed(2)}, ${g.high.toFixed(2)}]${share}`,
    );
  }
}
// images against noise: the zeros of images are left out of the sums, so their ratio is no GFLOPS of anything
const onImages = [];
for (const { name, ask } of running.filter((contestant) => /^(fast|deterministic)/.test(contestant.name))) {
  for (const [product, suffix] of [
    ['x V', ''],
    ['xᵀ D', 'Transposed'],
  ]) {
    const kinds = [`noise${suffix}`, `images${suffix}`];
    const [noise, images] = [[], []];
    for (const kind of kinds) await ask(`${kind} 0.2`);
    for (let round = 0; round < rounds; round++) {
      noise[round] = await ask(`${kinds[0]} ${values.seconds}`);
      images[round] = await ask(`${kinds[1]} ${values.seconds}`);
    }
    const row = {
      name,
      product,
      noiseSeconds: spread(noise),
      imagesSeconds: spread(images),
      ratio: ratio(images, noise),
    };
    onImages.push(row);
    console.log(
      `${name.padEnd(28)} ${product.padEnd(5)} of MNIST images: ${showSpread(row.ratio)} of its time on random numbers`,
    );
  }
}
for (const { stop } of running) stop();

if (!quiet) console.log('\nthe machine had other work: compare ratios only, and draw no conclusions from GFLOPS');
record('gemm', { versions, seed: 1, rounds, secondsPerRound: Number(values.seconds), tables, onImages });
