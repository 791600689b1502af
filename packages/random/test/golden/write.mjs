import { writeFileSync } from 'node:fs';
import { stream } from '../../dist/index.js';

const names = [
  { seed: 0, purpose: '', index: 0 },
  { seed: 7, purpose: 'probe', index: 3 },
  { seed: Number.MAX_SAFE_INTEGER, purpose: 'λ', index: Number.MAX_SAFE_INTEGER },
];
const rows = names.map((name) => {
  const open = () => stream(name);
  const words = open();
  const integers = open();
  return {
    ...name,
    words: Array.from({ length: 6 }, () => words.nextUint32()),
    uniform64: [...open().uniform(new Float64Array(3))],
    uniform32: [...open().uniform(new Float32Array(3))],
    normal64: [...open().normal(new Float64Array(5))],
    rademacher: [...open().rademacher(new Float32Array(40))],
    sphere: [...open().sphere(new Float64Array(3))],
    integers: [10, 2 ** 32, 2 ** 40 + 1].map((below) => integers.integer(below)),
    permutation: [...open().permutation(12)],
  };
});
writeFileSync(new URL('./stream.json', import.meta.url), `${JSON.stringify(rows, null, 1)}\n`);
