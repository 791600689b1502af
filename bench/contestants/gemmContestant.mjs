// One contestant of gemm.mjs in its own process. Says {"version": ...}, then answers each line "n seconds" with the median
// processor seconds per call of C = A B over that long, driven by benchmark.js. Ours also takes "images", "imagesTransposed", "noise"
// and "noiseTransposed" for n: products of MNIST images, or of random numbers in their place, with a matrix of 256 columns.
import { createInterface } from 'node:readline';
import Benchmark from 'benchmark';
import { mnist } from '@hyperribbon/data';
import { createWorkspace } from '@hyperribbon/kernels';
import { stream } from '@hyperribbon/random';

const name = process.argv[2];
const peer = (path) => import(new URL(`../peers/node_modules/${path}`, import.meta.url).href);
const peerVersion = async (path) =>
  (
    await import(new URL(`../peers/node_modules/${path}/package.json`, import.meta.url).href, {
      with: { type: 'json' },
    })
  ).default.version;
const runtime = `node ${process.version}, v8 ${process.versions.v8}`;

function matrices(n, Type = Float32Array) {
  return [0, 1].map((index) => {
    const out = new Type(n * n);
    stream({ seed: 1, purpose: 'bench/gemm', index }).uniform(out);
    return out;
  });
}

const COUNT = 1024;
const PIXELS = 784;
const peers = { 'jax-js': '@jax-js/jax', 'ml-matrix': 'ml-matrix', 'numpy-ts': 'numpy-ts' };
const images = name in peers ? undefined : (await mnist({ limit: COUNT })).train.inputs;

/** x V or xᵀ D with x (1024, 784): what a Hessian-vector product of a network on images mostly is. */
function oursOnImages(options, kind) {
  const transposed = kind.endsWith('Transposed') ? 1 : 0;
  const [m, k, n] = transposed ? [PIXELS, COUNT, 256] : [COUNT, PIXELS, 256];
  const space = createWorkspace({ bytes: 4 * (m * k + k * n + m * n) + 192, ...options });
  const [a, b, c] = [m * k, k * n, m * n].map((length) => space.allocate(4 * length));
  const draw = (index, out) => stream({ seed: 1, purpose: 'bench/gemm', index }).uniform(out);
  if (kind.startsWith('images')) space.float32View(a, m * k).set(images);
  else draw(0, space.float32View(a, m * k));
  draw(1, space.float32View(b, k * n));
  const out = space.float32View(c, m * n);
  return () => {
    space.float32.gemm(transposed, 0, m, n, k, 1, a, PIXELS, b, n, 0, c, n, 0, 0);
    return out[n];
  };
}

// each: n as text → a function that multiplies once and returns something that depends on the product
const contestants = {
  ours: (options) => (size) => {
    const n = Number(size);
    if (Number.isNaN(n)) return oursOnImages(options, size);
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
    return (size) => {
      const n = Number(size);
      const [a, b] = matrices(n, Float64Array).map((values) => Matrix.from1DArray(n, n, values));
      return () => a.mmul(b).get(1, 0);
    };
  },
  'numpy-ts': async () => {
    const np = await peer('numpy-ts/dist/esm/index.js');
    return (size) => {
      const n = Number(size);
      const [a, b] = matrices(n).map((values) => np.array(values).reshape(n, n));
      return () => {
        const c = np.matmul(a, b);
        if (c.dtype !== 'float32') throw new Error(`numpy-ts multiplied in ${c.dtype}`);
        const entry = Number(c.get([1, 0]));
        c.dispose?.();
        return entry;
      };
    };
  },
  'jax-js': async () => {
    const { numpy: np, init, defaultDevice, jit } = await peer('@jax-js/jax/dist/index.js');
    await init();
    defaultDevice('wasm');
    const multiply = jit((x, y) => np.matmul(x, y));
    return (size) => {
      const n = Number(size);
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
if (name in peers) {
  version = `${await peerVersion(peers[name])}, ${runtime}`;
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
  const [n, seconds] = line.split(' ');
  console.log(JSON.stringify(await secondsPerCall(n, Number(seconds))));
}
if (Number.isNaN(sink)) console.error('NaN in a product');
