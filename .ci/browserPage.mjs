// What the browsers run: the digests, and the faults of a worker. The answer goes to the server that runtimes.mjs keeps.
import { examplesFromArrays, parseNpy, parseNpz } from '../packages/data/dist/index.js';
import { hessian } from '../packages/curvature/dist/index.js';
import { networkFromArrays } from '../packages/nn/dist/models.js';
import { shardedDigest } from './shardedDigest.mjs';
import { spectrumDigest } from './spectrumDigest.mjs';

const timeout = 1500;

function canCompile() {
  try {
    void new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
    return true;
  } catch {
    return false;
  }
}

/** A product with a worker that fails as planted: the reason, the time it took, and whether the next product is right. */
async function withFault(fault, { weights, inputs, labels }) {
  const { network, params } = networkFromArrays('mlp:tanh', parseNpz(weights));
  const examples = examplesFromArrays(parseNpy(inputs), parseNpy(labels), { classes: network.classes });
  const options = { chunkSize: 130, deterministic: true };
  const [expected, out] = [new Float32Array(network.size), new Float32Array(network.size)];
  const v = new Float32Array(network.size).fill(1);
  hessian(network, params, examples, options).apply(v, expected);
  const workerUrl = new URL(`/faults/${fault}.js`, location.href);
  const H = hessian(network, params, examples, { ...options, workers: 2, workerTimeout: timeout, workerUrl });
  const start = performance.now();
  const error = await H.apply(v, out).then(
    () => undefined,
    (reason) => reason,
  );
  const milliseconds = performance.now() - start;
  // a worker that hangs is known by its silence, which is counted in quarters of the timeout
  const inTime = milliseconds < 1000 + (error?.reason === 'hang' ? 1.25 * timeout : 0);
  // the server plants each fault once: the replacement is sound
  await H.apply(v, out);
  const recovered = out.every((x, i) => Object.is(x, expected[i]));
  await H.close();
  return `${error?.name} ${error?.reason}${inTime ? '' : ` after ${milliseconds.toFixed(0)} ms`}${recovered ? '' : ', then wrong'}`;
}

/** Why no worker starts on a page whose policy forbids workers. */
async function whenForbidden({ weights, inputs, labels }) {
  const { network, params } = networkFromArrays('mlp:tanh', parseNpz(weights));
  const examples = examplesFromArrays(parseNpy(inputs), parseNpy(labels), { classes: network.classes });
  const H = hessian(network, params, examples, { chunkSize: 130, workers: 2, workerTimeout: timeout });
  return H.ready.then(
    () => 'started',
    ({ name, reason }) => `${name} ${reason}`,
  );
}

async function run() {
  const unhandled = [];
  globalThis.addEventListener('unhandledrejection', ({ reason }) => unhandled.push(String(reason)));
  const files = {};
  for (const name of ['weights', 'inputs', 'labels']) {
    files[name] = new Uint8Array(await (await fetch(`/files/${name}`)).arrayBuffer());
  }
  // what of it all: the page says
  const { task } = document.body.dataset;
  if (task === 'forbidden') return { forbidden: await whenForbidden(files) };
  if (task === 'strict') return { wasm: canCompile(), sharded: await shardedDigest(files) };
  const faults = {};
  for (const fault of ['throw', 'trap', 'exit', 'hang', 'syntax', 'missing'])
    faults[fault] = await withFault(fault, files);
  faults.unhandled = unhandled;
  const workerUrl = new URL('/dist/shardWorker.js', location.href);
  return {
    spectrum: await spectrumDigest(files),
    // once as bundlers leave it, once as the option names it
    sharded: await shardedDigest(files),
    shardedByUrl: await shardedDigest(files, workerUrl),
    faults,
  };
}

const result = await run().catch((error) => ({ error: `${error}\n${error.stack}` }));
await fetch('/result', { method: 'POST', body: JSON.stringify(result) });
