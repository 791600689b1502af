// One contestant of convolutions.mjs in its own process: fast|deterministic|experimental BATCH. Says {"version", "cases"}, then answers
// each line "seconds" with the processor seconds of each case, the median of calls over that long.
import { createInterface } from 'node:readline';
import { enableExperimentalSimd } from '@hyperribbon/kernels';

const [flavour, batch] = process.argv.slice(2);
const simd = flavour === 'experimental' ? enableExperimentalSimd() : undefined;
const { compile, constant, conv2d, float32, full, matmul, reshape, transpose, vjp } = await import(
  '@hyperribbon/autodiff'
);

const cases = [];
let kernels;
/** A planned function of arrays of these shapes, which are constants of its program: a call copies nothing. */
function add(label, f, shapes, flops) {
  const length = (shape) => shape.reduce((a, b) => a * b, 1);
  const arrays = shapes.map((shape) => Float32Array.from({ length: length(shape) }, (_, i) => Math.sin(1.3 * i) + 0.1));
  const whole = () => f(...arrays.map((array, i) => reshape(constant(array), shapes[i])));
  const run = compile(whole, [float32()], { deterministic: flavour === 'deterministic' });
  kernels = run.kernels;
  cases.push({ label, flops, bytes: run.plan.bytes, run: () => run(0) });
}

add(
  'product 768',
  matmul,
  [
    [768, 768],
    [768, 768],
  ],
  2 * 768 ** 3,
);
const n = Number(batch);
for (const [side, channels, out, stride] of [
  [14, 64, 64, 1],
  [14, 32, 32, 1],
  [28, 16, 16, 1],
  [28, 16, 32, 2],
]) {
  const to = side / stride;
  const [x, w, g] = [
    [n, side, side, channels],
    [out, channels, 3, 3],
    [n, to, to, out],
  ];
  const flops = 2 * n * to * to * out * channels * 9;
  const convolve = (images, weights) => conv2d(images, weights, { padding: 1, stride });
  const zeros = (shape) => full(shape, 0, 'float32');
  const label = `${side} × ${side}, ${channels} → ${out}${stride === 1 ? '' : ', stride 2'}`;
  add(`${label}, forward`, convolve, [x, w], flops);
  const byInput = (weights, cotangent) => vjp((images) => convolve(images, weights))([zeros(x)], cotangent)[1][0];
  add(`${label}, by input`, byInput, [w, g], flops);
  const byWeights = (images, cotangent) => vjp((weights) => convolve(images, weights))([zeros(w)], cotangent)[1][0];
  add(`${label}, by weights`, byWeights, [x, g], flops);
}
const turned = (x) => transpose(x, [0, 2, 1]);
for (const [heads, length, width] of [
  [128, 64, 32],
  [128, 128, 64],
]) {
  const [q, p] = [
    [heads, length, width],
    [heads, length, length],
  ];
  const flops = 2 * heads * length * length * width;
  const label = `${heads} heads, ${length} × ${width}`;
  add(`${label}, q kᵀ`, (q, k) => matmul(q, turned(k)), [q, q], flops);
  add(`${label}, p v`, (p, v) => matmul(p, v), [p, q], flops);
  add(`${label}, pᵀ g`, (p, g) => matmul(turned(p), g), [p, q], flops);
}

const version = `${kernels.engine} ${kernels.flavour}${simd?.revectorized ? ' revectorized' : ''}, node ${process.version}`;
console.log(JSON.stringify({ version, cases: cases.map(({ label, flops, bytes }) => ({ label, flops, bytes })) }));

const processor = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
/** A sample is as many calls as take 4 ms: the processor's clock has a grain. */
function sample(run) {
  const start = processor();
  let calls = 0;
  let spent = 0;
  while (spent < 0.004) {
    run();
    calls++;
    spent = processor() - start;
  }
  return spent / calls;
}
for (const { run } of cases) sample(run);
for await (const line of createInterface({ input: process.stdin })) {
  const medians = cases.map(({ run }) => {
    const list = [];
    const end = performance.now() + 1000 * Number(line);
    while (performance.now() < end || list.length < 3) list.push(sample(run));
    return list.toSorted((a, b) => a - b)[list.length >> 1];
  });
  console.log(JSON.stringify(medians));
}
