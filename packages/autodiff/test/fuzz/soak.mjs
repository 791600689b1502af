// Random functions compiled and interpreted, with their derivatives:
//   node packages/autodiff/test/fuzz/soak.mjs [--count 20000] [--first 0]        after tsc -b
import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.mjs';

const { values } = parseArgs({
  options: { count: { type: 'string', default: '20000' }, first: { type: 'string', default: '0' } },
});
const [first, count] = [Number(values.first), Number(values.count)];
const tally = {};
let bad = 0;
for (let seed = first; seed < first + count; seed++) {
  for (const { kind, finding } of fuzz(seed)) {
    tally[kind] = (tally[kind] ?? 0) + 1;
    if (finding === undefined) continue;
    bad += 1;
    if (bad <= 40) console.log(`seed ${seed}, ${kind}: ${finding}`);
  }
  if ((seed + 1 - first) % 2000 === 0) console.log(`${seed + 1 - first} of ${count}, ${bad} findings`);
}
console.log(`${count} functions, programs by kind: ${JSON.stringify(tally)}; findings: ${bad}`);
process.exit(bad === 0 ? 0 : 1);
