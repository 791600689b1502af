// Tampers with certificates of every kind and counts what is not refused.
//   node packages/cli/test/tamper/tamper.mjs [--each 500] [--seed 1]      after tsc -b; 500 a kind, about 10 minutes
import { parseArgs } from 'node:util';
import { tamper } from './tampering.mjs';

const { values } = parseArgs({
  options: { each: { type: 'string', default: '500' }, seed: { type: 'string', default: '1' } },
});
const { tried, refused, unread, incomplete, left, survivors } = await tamper({
  each: Number(values.each),
  seed: Number(values.seed),
  tell: (line) => console.error(line),
});
console.log(
  `${tried} tamperings: ${refused} refused, ${unread} no certificates at all, ${incomplete} incomplete, ${survivors.length} verified`,
);
if (left.length > 0)
  console.log(
    `\nincomplete, which is no more than a record that nobody can check\n  ${left.slice(0, 20).join('\n  ')}`,
  );
const told = new Map();
for (const { kind, name, why } of survivors) told.set(why, [...(told.get(why) ?? []), `${kind}: ${name}`]);
for (const [why, list] of told) console.log(`\n${list.length} · ${why}\n  ${list.slice(0, 12).join('\n  ')}`);
process.exit(survivors.some(({ why }) => why === 'NOT JUSTIFIED') ? 1 : 0);
