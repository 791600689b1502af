// One contestant of gemm.mjs in its own process. Says {"version": ...}, then answers each line "n seconds" with the median
// processor seconds per call of C = A B over that long, driven by benchmark.js.
import { createInterface } from 'node:readline';
import Benchmark from 'benchmark';
import { createWorkspace } from '@hyperribbon/kernels';
import { stream } from '@hyperribbon/random';

const name = process.argv[2];
const peer = (path) => import(new URL(`./peers/node_modules/${path}`, import.meta.url).href);
const peerVersion = async (path) =>
  (await import(new URL(`./peers/node_modules/${path}/package.json`, import.meta.url).href, { with: { type: 'json' } }))
    .default.version;
const runtime = `node ${process.version}, v8 ${process.versions.v8}`;

function matrices(n, Type = Float32Array) {
  return [0, 1].map((index) => {
    const out = new Type(n * n);
    stream({ seed: 1, purpose: 'bench/gemm', index }).uniform(out);
    return out;
  });
}

// each: n → a function that multiplies once and returns something that depends on the product
const contestants = {
  ours: (options) => (n) => {
    const space = createWorkspace({ bytes: 3 * n * n * 4 + 192, ...options });
    const [a, b, c] = [0, 1, 2].map(() => space.allocate(n * n * 4));
    const [x, y] = matrices(n);
    space.float32View(a, n * n).set(x);
    space.float32View(b, n * n).set(y);
    const out = space.float32View(c, n * n);
    return () => {
      space.float32.gemm(0, 0, n, n, n, 1, a, n, b, n, 0, c, n, 0, 0);
      return out[n];
    };
  },
  'ml-matrix': async () => {
    const { Matrix } = await peer('ml-matrix/matrix.mjs').catch(() => peer('ml-matrix/matrix.js'));
    return (n) => {
      const [a, b] = matrices(n, Float64Array).map((values) => Matrix.from1DArray(n, n, values));
      return () => a.mmul(b).get(1, 0);
    };
  },
  'jax-js': async () => {
    const { numpy: np, init, defaultDevice, jit } = await peer('@jax-js/jax/dist/index.js');
    await init();
    defaultDevice('wasm');
    const multiply = jit((x, y) => np.matmul(x, y));
    return (n) => {
      const [a, b] = matrices(n).map((values) => np.array(values).reshape([n, n]));
      return async () => {
        const c = multiply(a.ref, b.ref);
        await c.blockUntilReady();
        c.dispose();
      };
    };
  },
};

let version;
let prepare;
if (name === 'ml-matrix' || name === 'jax-js') {
  version = `${await peerVersion(name === 'jax-js' ? '@jax-js/jax' : name)}, ${runtime}`;
  prepare = await contestants[name]();
} else {
  const options = { typescript: { engine: 'typescript' }, deterministic: { deterministic: true }, fast: {} }[name];
  const { info } = createWorkspace({ bytes: 0, ...options });
  if (name === 'fast' && info.flavour !== 'fast') throw new Error('relaxed SIMD is not available');
  version = `${info.engine} ${info.flavour}, ${runtime}`;
  prepare = contestants.ours(options);
}

const prepared = new Map();
let sink = 0;

async function secondsPerCall(n, seconds) {
  if (!prepared.has(n)) prepared.set(n, prepare(n));
  const call = prepared.get(n);
  const deferred = call() instanceof Promise;
  // Processor time, not the clock's: on a shared machine a call longer than a time slice is almost always interrupted, which
  // would halve the numbers of whoever takes longer per call.
  const times = [];
  const spent = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) * 1e-6;
  };
  const benchmark = new Benchmark({
    defer: deferred,
    initCount: 1,
    minTime: 1e-6,
    maxTime: seconds,
    minSamples: 3,
    fn: (done) => {
      const start = spent();
      const result = call();
      if (deferred) {
        result.then(() => {
          times.push(spent() - start);
          done.resolve();
        });
      } else {
        times.push(spent() - start);
        sink += result;
      }
    },
  });
  await new Promise((resolve) => {
    benchmark.on('complete', resolve);
    benchmark.run({ async: deferred });
  });
  if (benchmark.error) throw benchmark.error;
  times.sort((x, y) => x - y);
  return times[times.length >> 1];
}

console.log(JSON.stringify({ version }));
for await (const line of createInterface({ input: process.stdin })) {
  const [n, seconds] = line.split(' ').map(Number);
  console.log(JSON.stringify(await secondsPerCall(n, seconds)));
}
if (Number.isNaN(sink)) console.error('NaN in a product');
