// The stiff directions of a network that people use: node docs/studies/detypify.mjs [--count 64] [--k 5] [--dtype float32] [--tol 1e-5]
// The symbol classifier of npm's detypify-service 0.3.0 (MIT), 1.1 million weights, as its ONNX file: (cd bench/peers && npm ci).
// Top k of its Gauss-Newton matrix on random drawings, with residuals, enclosures and the check that none is missing; kept in results/detypify.json.
// Beside it a product against differences of logits: wᵀGw along the weights w themselves. The logits are compared with onnxruntime-web's by onnx/runtime.mjs.
import { gaussNewton } from '@hyperribbon/curvature';
import { eigsh } from '@hyperribbon/lanczos';
import { logits } from '@hyperribbon/nn';
import { onnxNetwork } from '@hyperribbon/onnx';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { drawings } from './onnx/drawings.mjs';
import { openRecord } from './record.mjs';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '64' },
    k: { type: 'string', default: '5' },
    dtype: { type: 'string', default: 'float32' },
    tol: { type: 'string', default: '1e-5' },
  },
});
const settings = {
  model: 'detypify-service 0.3.0, train/model.onnx',
  count: Number(values.count),
  k: Number(values.k),
  dtype: values.dtype,
  tol: Number(values.tol),
  seed: 7,
};

const file = fileURLToPath(
  new URL('../../bench/peers/node_modules/detypify-service/train/model.onnx', import.meta.url),
);
const { network, params, notes } = onnxNetwork(new Uint8Array(readFileSync(file)));
console.log(
  `${network.size} weights in ${network.parameters.length} arrays, ${network.classes} classes; ${notes.join('; ')}`,
);

const { count, k, dtype, tol, seed } = settings;
const Floats = dtype === 'float64' ? Float64Array : Float32Array;
const inputs = Floats.from(drawings(seed, count));
// the Gauss-Newton matrix of a cross-entropy does not depend on labels
const examples = { inputs, count, features: network.inputs, classes: network.classes, labels: new Int32Array(count) };
// filters of the anti-aliasing are fixed in training, and no weights
const weights = (name) => !name.endsWith('.aa.filt');

const record = openRecord('detypify', settings);
const found = await record.piece('top of the Gauss-Newton matrix', async () => {
  const operator = gaussNewton(network, Floats.from(params), examples, { dtype, chunkSize: 4, parameters: weights });
  let last = performance.now();
  const report = await eigsh(operator, {
    k,
    which: 'LA',
    tol,
    seed,
    onProgress({ done, of }) {
      if (performance.now() - last > 20_000) process.stderr.write(`${done} of ${of}\n`);
      if (performance.now() - last > 20_000) last = performance.now();
    },
  });
  const { values: eigenvalues, residualNorms, enclosures, completeness, ...rest } = report;
  return {
    weights: operator.size,
    values: [...eigenvalues],
    residualNorms: [...residualNorms],
    enclosures: JSON.parse(JSON.stringify(enclosures, (_, value) => (ArrayBuffer.isView(value) ? [...value] : value))),
    completeness,
    converged: rest.converged,
    reason: rest.reason,
    matvecs: rest.matvecs,
    orthogonality: rest.orthogonality,
    norm: rest.norm,
    kernels: rest.kernels,
  };
});
console.log(JSON.stringify(found, null, 1));

const few = 4;
const along = await record.piece('along the weights, four drawings', () => {
  const some = { inputs: Float64Array.from(inputs.subarray(0, few * network.inputs)), labels: new Int32Array(few) };
  const rows = { ...examples, ...some, count: few };
  const w = Float64Array.from(params);
  const operator = gaussNewton(network, w, rows, { dtype: 'float64', chunkSize: 2 });
  const out = new Float64Array(network.size);
  operator.apply(w, out);
  const at = (factor) =>
    logits(
      network,
      w.map((x) => x * factor),
      rows,
      { dtype: 'float64' },
    );
  // relus have kinks: a step that crosses one of their millions is too long
  const t = 1e-8;
  return {
    product: w.reduce((sum, x, i) => sum + x * out[i], 0),
    differences: quadratic(at(1 + t), at(1 - t), at(1), t),
  };
});
const apart = Math.abs(along.product / along.differences - 1);
console.log(
  `wᵀGw along the weights: ${along.product}, by differences ${along.differences}: ${apart.toExponential(1)} apart`,
);

/** Mean over drawings of żᵀ(diag p − ppᵀ)ż with ż = (z₊ − z₋)/2t and p the softmax of z. */
function quadratic(up, down, at, t) {
  const { classes } = network;
  let total = 0;
  for (let i = 0; i < few; i++) {
    const [a, b, z] = [up, down, at].map((all) => Array.from(all.subarray(i * classes, (i + 1) * classes)));
    const largest = Math.max(...z);
    const weighed = z.map((x) => Math.exp(x - largest));
    const sum = weighed.reduce((all, x) => all + x, 0);
    const moved = a.map((x, c) => (x - b[c]) / (2 * t));
    const mean = moved.reduce((all, x, c) => all + (weighed[c] / sum) * x, 0);
    total += moved.reduce((all, x, c) => all + (weighed[c] / sum) * (x - mean) ** 2, 0);
  }
  return total / few;
}
