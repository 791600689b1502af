// Logits of networks read and written here against onnxruntime-web: node docs/studies/onnx/runtime.mjs [FOLDER of exportModels.py]
// Needs the peers: (cd bench/peers && npm ci). Three questions: does the runtime compute of PyTorch's files what PyTorch did, do we; does it
// compute of our files what we do, of networks that were read and written again too; and the same for a network that people use, detypify-service's.
import { parseNpz } from '@hyperribbon/data';
import { logits } from '@hyperribbon/nn';
import { parseArchitecture } from '@hyperribbon/nn/models';
import { onnxNetwork, onnxOf, parseOnnx } from '@hyperribbon/onnx';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drawings } from './drawings.mjs';

const peers = new URL('../../../bench/peers/', import.meta.url);
const require = createRequire(new URL('package.json', peers));
const ort = require('onnxruntime-web');
ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

const folder = process.argv[2] ?? fileURLToPath(new URL('../../../packages/onnx/test/golden/torch', import.meta.url));
const tolerance = 1e-5;

/** ‖x − y‖ / ‖y‖ */
function distance(x, y) {
  if (x.length !== y.length) return Infinity;
  let [apart, size] = [0, 0];
  for (let i = 0; i < y.length; i++) [apart, size] = [apart + (x[i] - y[i]) ** 2, size + y[i] ** 2];
  return Math.sqrt(apart / size);
}

/** What the runtime makes of rows of numbers. */
async function computed(bytes, inputs, count, each = count) {
  const session = await ort.InferenceSession.create(bytes);
  const [{ name, type, shape }] = parseOnnx(bytes).graph.inputs;
  const lengths = shape.slice(1);
  const size = inputs.length / count;
  const parts = [];
  for (let first = 0; first < count; first += each) {
    const rows = inputs.subarray(first * size, (first + each) * size);
    const data = type === 'int64' ? BigInt64Array.from(Array.from(rows, BigInt)) : rows.slice();
    const results = await session.run({ [name]: new ort.Tensor(type, data, [each, ...lengths]) });
    parts.push(...Object.values(results)[0].data);
  }
  await session.release();
  return Float64Array.from(parts);
}

function ours(network, params, inputs, count, dtype) {
  const Floats = dtype === 'float64' ? Float64Array : Float32Array;
  const { inputs: features, classes } = network;
  const examples = { inputs: Floats.from(inputs), count, features, classes, labels: new Int32Array(count) };
  return logits(network, Floats.from(params), examples, { dtype });
}

/** What the runtime makes of a network that we write. */
function computedOfOurs(network, params, inputs, count) {
  return computed(onnxOf(network, Float32Array.from(params)), inputs, count);
}

let failures = 0;
function row(name, entries) {
  const cells = Object.entries(entries).map(([what, found]) => {
    if (typeof found === 'number' && !(found < tolerance)) failures++;
    return `${what} ${typeof found === 'number' ? found.toExponential(1) : found}`;
  });
  console.log(`${name.padEnd(28)} ${cells.join('   ')}`);
}

console.log(`files of PyTorch in ${folder}`);
for (const { name } of JSON.parse(readFileSync(join(folder, 'models.json'), 'utf8')).models) {
  const file = join(folder, `${name}.onnx`);
  if (!existsSync(file)) {
    row(name, { skipped: 'only in float64' });
    continue;
  }
  const bytes = new Uint8Array(readFileSync(file));
  const arrays = parseNpz(readFileSync(join(folder, `${name}.npz`)));
  const [x, golden] = ['x', 'logits'].map((key) => arrays.get(key));
  const inputs = Float32Array.from(x.data, Number);
  const { network, params } = onnxNetwork(bytes);
  const found = ours(network, params, inputs, x.shape[0], 'float32');
  const again = await computedOfOurs(network, params, inputs, x.shape[0]);
  const cells = {
    'ours to PyTorch': distance(found, golden.data),
    'written again, runtime to PyTorch': distance(again, golden.data),
  };
  // a graph in training mode has the runtime use statistics of the batch, and PyTorch's logits are those of evaluation
  if (name.endsWith('Training')) row(name, { ...cells, runtime: 'uses statistics of the batch' });
  else {
    const other = await computed(bytes, inputs, x.shape[0]);
    row(name, {
      ...cells,
      'runtime to PyTorch': distance(other, golden.data),
      'ours to runtime': distance(found, other),
    });
  }
}

console.log('files of ours');
for (const text of [
  'mlp:tanh:784,256,10',
  'mlp:gelu:784,256,10',
  'lenet',
  'allcnn:16,32:10:28,28,1',
  'resnet:8:10:1,28,28',
  'resnet:20:10:3,32,32:norm=none',
  'resnet:20:10:3,32,32:norm=fixup',
  'resnet:18:10:3,64,64:width=0.25',
  'wrn:16-1:10:1,28,28',
  'vgg:11:10:3,32,32',
  'vit:64,4,4:10:3,32,32',
  'gpt:64,4,4:256:64',
  'attention:linear:5:20',
  'attention:softmax:5:20',
]) {
  const network = parseArchitecture(text);
  const params = network.init(7, 'float64');
  for (let i = 0; i < params.length; i++) params[i] += 0.01 * ((i % 7) - 3);
  const count = 3;
  const inputs = Float32Array.from({ length: count * network.inputs }, (_, i) =>
    network.vocabulary === undefined ? ((i * 37) % 101) / 50 - 1 : (i * 7) % network.vocabulary,
  );
  const bytes = onnxOf(network, params, { dtype: 'float32' });
  const other = await computed(bytes, inputs, count);
  row(text, { 'runtime to ours in float64': distance(other, ours(network, params, inputs, count, 'float64')) });
}

const model = fileURLToPath(new URL('node_modules/detypify-service/train/model.onnx', peers));
if (existsSync(model)) {
  console.log('a network that people use: detypify-service 0.3.0, eight drawings');
  const bytes = new Uint8Array(readFileSync(model));
  const inputs = drawings(7, 8);
  const { network, params } = onnxNetwork(bytes);
  const other = await computed(bytes, inputs, 8, 1);
  const found = ours(network, params, inputs, 8, 'float32');
  const again = await computedOfOurs(network, params, inputs, 8);
  row('train/model.onnx', { 'ours to runtime': distance(found, other), 'written again': distance(again, other) });
}
console.log(failures === 0 ? `all within ${tolerance}` : `${failures} beyond ${tolerance}`);
process.exitCode = failures === 0 ? 0 : 1;
