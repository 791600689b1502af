// One contestant of resnet.mjs in its own process: FOLDER fast|deterministic|experimental. Says {"version", "loss", "norm", …}, then
// answers each line "seconds" with the median processor seconds per product over that long.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { enableExperimentalSimd } from '@hyperribbon/kernels';

const [folder, flavour] = process.argv.slice(2);
const simd = flavour === 'experimental' ? enableExperimentalSimd() : undefined;
const { hessian } = await import('@hyperribbon/curvature');
const { resnet } = await import('@hyperribbon/nn/models');

const { count } = JSON.parse(readFileSync(join(folder, 'problem.json'), 'utf8'));
const read = (file, Type) => new Type(Uint8Array.from(readFileSync(join(folder, file))).buffer);
const [inputs, weights, direction] = ['inputs', 'weights', 'direction'].map((file) => read(file, Float32Array));
const network = resnet(8, { image: [1, 28, 28] });
const examples = {
  inputs,
  labels: read('labels', Int32Array),
  count,
  features: network.inputs,
  classes: network.classes,
};
const H = hessian(network, weights, examples, { chunkSize: count, deterministic: flavour === 'deterministic' });
const { kernels, flops, bytes, residualBytes } = H.info;
const out = new Float32Array(H.size);
H.apply(direction, out);
const version = `${kernels.engine} ${kernels.flavour}${simd?.revectorized ? ' revectorized' : ''}, node ${process.version}`;
const norm = Math.sqrt(out.reduce((sum, x) => sum + x * x, 0));
console.log(JSON.stringify({ version, loss: H.loss, norm, flops, bytes, residualBytes }));

const processor = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
for await (const line of createInterface({ input: process.stdin })) {
  const sample = [];
  const end = performance.now() + 1000 * Number(line);
  while (performance.now() < end || sample.length < 3) {
    const start = processor();
    H.apply(direction, out);
    sample.push(processor() - start);
  }
  sample.sort((a, b) => a - b);
  console.log(JSON.stringify(sample[sample.length >> 1]));
}
