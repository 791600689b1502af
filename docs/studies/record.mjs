// What every study shares: results are kept piece by piece, so that a study that was stopped goes on where it was.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

const folder = new URL('./results/', import.meta.url);

/**
 * @param name of the file under results/, with its folder: `landscape/flows`
 * @param settings everything that decides the numbers; other settings than those recorded begin anew
 * @returns piece(key, compute): the recorded value of that key, or the computed and now recorded one
 */
export function openRecord(name, settings) {
  const file = new URL(`${name}.json`, folder);
  const fresh = { study: name, settings, machine: machine(), pieces: {} };
  let record = fresh;
  try {
    const old = JSON.parse(readFileSync(file, 'utf8'));
    if (JSON.stringify(old.settings) === JSON.stringify(settings)) record = old;
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  return {
    async piece(key, compute) {
      if (!(key in record.pieces)) {
        const started = performance.now();
        const value = await compute();
        record.pieces[key] = { seconds: Number(((performance.now() - started) / 1000).toFixed(1)), value };
        const part = new URL(`${name}.json.part`, folder);
        mkdirSync(new URL('.', part), { recursive: true });
        writeFileSync(part, `${JSON.stringify(record, null, 1)}\n`);
        renameSync(part, file);
      }
      const { seconds, value } = record.pieces[key];
      process.stderr.write(`${key}: ${seconds} s\n`);
      return value;
    },
    seconds: () => Object.values(record.pieces).reduce((sum, { seconds }) => sum + seconds, 0),
    machine: () => record.machine,
  };
}

/** Replaces the part of a page between `<!-- name -->` and `<!-- /name -->`. */
export function writeTable(page, name, rows) {
  const file = new URL(page, import.meta.url);
  const [head, ...body] = rows;
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const table = [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
  const text = readFileSync(file, 'utf8');
  const pattern = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`);
  if (!pattern.test(text)) throw new Error(`${page} has no place for the table "${name}"`);
  writeFileSync(file, text.replace(pattern, `$1\n${table}\n\n$2`));
}

export function mean(values) {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

/** "0.213 ± 0.008": mean and standard deviation over seeds. */
export function spread(values, digits = 3) {
  const centre = mean(values);
  const variance = values.reduce((sum, x) => sum + (x - centre) ** 2, 0) / (values.length - 1);
  return `${centre.toFixed(digits)} ± ${Math.sqrt(variance).toFixed(digits)}`;
}

function machine() {
  const git = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  return { cpu: cpus()[0].model, cores: cpus().length, node: process.version, commit: git };
}
