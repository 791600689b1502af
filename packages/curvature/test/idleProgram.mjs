// Never closes its operators: keeps one, loses the other, says how many of their workers ended, and should end by itself.
import { parseArchitecture } from '@hyperribbon/nn/models';
import { hessian } from '../dist/index.js';

const network = parseArchitecture('mlp:tanh:4,3,2');
const inputs = Float32Array.from({ length: 40 }, (_, i) => Math.sin(i * i));
const examples = { inputs, labels: new Int32Array(10).fill(1), count: 10, features: 4, classes: 2 };
const ended = [];
process.on('worker', (worker) => worker.on('exit', () => ended.push(worker)));

async function product() {
  const operator = hessian(network, network.init(1), examples, { chunkSize: 2, workers: 2 });
  const out = new Float32Array(network.size);
  await operator.apply(new Float32Array(network.size).fill(1), out);
  return operator;
}

globalThis.kept = await product();
await product();
for (let i = 0; i < 100 && ended.length === 0; i++) {
  globalThis.gc();
  await new Promise((resolve) => setTimeout(resolve, 20));
}
console.log(`ended ${ended.length}`);
