// One contestant of hvp.mjs in its own process: `ours FOLDER fast|deterministic|experimental` or `jax-js FOLDER`. Says {"version", "loss",
// "norm"}, then answers each line "seconds" with the median seconds per product over that long.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const [name, folder, flavour] = process.argv.slice(2);
const { widths, count } = JSON.parse(readFileSync(join(folder, 'problem.json'), 'utf8'));
const read = (file, Type) => new Type(Uint8Array.from(readFileSync(join(folder, file))).buffer);
const [inputs, weights, direction] = ['inputs', 'weights', 'direction'].map((file) => read(file, Float32Array));
const labels = read('labels', Int32Array);
const runtime = `node ${process.version}, v8 ${process.versions.v8}`;
const norm = (v) => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));

async function ours() {
  const { enableExperimentalSimd } = await import('@hyperribbon/kernels');
  const simd = flavour === 'experimental' ? enableExperimentalSimd() : undefined;
  const { hessian } = await import('@hyperribbon/curvature');
  const { mlp } = await import('@hyperribbon/nn');
  const examples = { inputs, labels, count, features: widths[0], classes: widths.at(-1) };
  const H = hessian(mlp(widths, { activation: 'tanh' }), weights, examples, {
    chunkSize: count,
    deterministic: flavour === 'deterministic',
  });
  const { kernels, flops, bytes } = H.info;
  if (flavour !== 'deterministic' && kernels.flavour !== 'fast') throw new Error('relaxed SIMD is not available');
  const out = new Float32Array(H.size);
  H.apply(direction, out);
  return {
    hello: {
      version: `${kernels.engine} ${kernels.flavour}${simd?.revectorized ? ' revectorized' : ''}, ${runtime}`,
      loss: H.loss,
      norm: norm(out),
      flops,
      bytes,
    },
    product: () => H.apply(direction, out),
  };
}

async function jax() {
  const at = (path) => new URL(`../peers/node_modules/@jax-js/jax/${path}`, import.meta.url).href;
  const { default: manifest } = await import(at('package.json'), { with: { type: 'json' } });
  const { numpy: np, nn, init, defaultDevice, jit, jvp, grad } = await import(at('dist/index.js'));
  await init();
  defaultDevice('wasm');
  const split = (flat) => {
    let offset = 0;
    return widths.slice(1).flatMap((fanOut, i) =>
      [[widths[i], fanOut], [fanOut]].map((shape) => {
        const size = shape.reduce((a, b) => a * b);
        const part = np.array(flat.slice(offset, offset + size)).reshape(shape);
        offset += size;
        return part;
      }),
    );
  };
  const x = np.array(inputs).reshape([count, widths[0]]);
  const target = new Float32Array(count * widths.at(-1));
  labels.forEach((label, i) => (target[i * widths.at(-1) + label] = 1));
  const y = np.array(target).reshape([count, widths.at(-1)]);
  const loss = (params, x, y) => {
    let h = x;
    for (let l = 0; l < params.length; l += 2) {
      h = np.matmul(h, params[l]).add(params[l + 1]);
      if (l + 2 < params.length) h = np.tanh(h);
    }
    return np.sum(nn.logSoftmax(h).mul(y)).mul(-1 / count);
  };
  const hvp = jit(
    (params, tangents, x, y) => jvp((p) => grad((q) => loss(q, x.ref, y.ref))(p), [params], [tangents])[1],
  );
  const [params, tangents] = [split(weights), split(direction)];
  const references = (list) => list.map((array) => array.ref);
  const run = () => hvp(references(params), references(tangents), x.ref, y.ref);
  const first = run();
  let squares = 0;
  for (const part of first) for (const entry of await part.data()) squares += entry * entry;
  const value = await loss(references(params), x.ref, y.ref).data();
  return {
    hello: { version: `${manifest.version}, ${runtime}`, loss: value[0], norm: Math.sqrt(squares) },
    product: async () => {
      const result = run();
      // waits for the results without copying them out
      for (const part of result) await part.blockUntilReady();
      for (const part of result) part.dispose();
    },
  };
}

const { hello, product } = await (name === 'ours' ? ours() : jax());
console.log(JSON.stringify(hello));
for await (const line of createInterface({ input: process.stdin })) {
  const sample = [];
  const end = performance.now() + 1000 * Number(line);
  while (performance.now() < end || sample.length < 3) {
    const start = performance.now();
    const pending = product();
    if (pending !== undefined) await pending;
    sample.push((performance.now() - start) / 1000);
  }
  sample.sort((a, b) => a - b);
  console.log(JSON.stringify(sample[sample.length >> 1]));
}
