import { here } from '@hyperribbon/study';
import { loadAny } from '../input/dataSource.js';
import { decayFit, inputWindow } from '../jobs/decayFit.js';
import { jobs } from '../jobs/table.js';
import { option } from '../options/option.js';
import { oneOf, type Window, windowOf } from '../options/parsers.js';
import { answerOptions, dataOptions, json } from '../options/shared.js';
import { jsonNumbers } from '../output/jsonNumbers.js';
import { jsonOutput } from '../output/jsonOutput.js';
import { UsageError } from '../usageError.js';
import { command } from './command.js';

// which digits are told apart is nothing to their pixels
const { task: _task, ...sources } = dataOptions;

export const inputsCommand = command({
  name: 'inputs',
  description: 'Spectrum of the uncentred correlation matrix XᵀX/n of a data set, with the slope of its decay.',
  options: {
    ...sources,
    ...answerOptions,
    dtype: option(
      '<type>',
      'what bytes become: the correlation is formed in float64',
      oneOf('float32', 'float64'),
      'float32',
    ),
    fit: option('<from:to>', 'window of the slope, indices from 0 (default: 100:400 of 784, in proportion)', windowOf),
    json,
  },
  after: 'Example:\n  hyperribbon inputs --data mnist:train:0:10000 --json inputs.json',
  run: async ({ fit: window, json: asked, ...source }, { signal, lines, print }) => {
    const record = jsonOutput(asked);
    const { name, examples, notes } = await loadAny(source, { unlabelled: true });
    for (const note of notes) lines.print(note);
    if (window !== undefined) requireWithin(window, examples.features);
    const line = lines.start(`input spectrum of ${name}, ${examples.count} examples`);
    const job = { kind: 'input-spectrum' as const, examples };
    const { eigenvalues, trace, noiseFloor } = await here(jobs).run(job, { signal, onProgress: line.update });
    const fit = decayFit(eigenvalues, { ...(window ?? inputWindow(examples.features)), floor: noiseFloor });
    line.done(`trace ${trace.toPrecision(6)}`);
    const rank = eigenvalues.filter((value) => value > 1e-10 * eigenvalues[0]).length;
    const rows = Array.from(
      eigenvalues.slice(0, 10),
      (value, i) => `${String(i).padStart(6)}  ${value.toPrecision(8)}`,
    );
    const slope =
      fit === undefined
        ? 'too few eigenvalues above the noise floor in the window for a slope'
        : `slope of ln λ over ${fit.from}..${fit.to}: ${fit.slope.toPrecision(4)} per index, R² = ${fit.rSquared.toFixed(4)}`;
    if (record?.alone !== true) {
      print(`\n index  eigenvalue\n${rows.join('\n')}\n\n`);
      print(`  trace ${trace.toPrecision(8)}, numerical rank (1e-10 relative) ${rank}\n  ${slope}\n`);
    }
    record?.write({
      schema: 'hyperribbon/inputs',
      version: 1,
      data: name,
      examples: examples.count,
      features: examples.features,
      dtype: `float${8 * examples.inputs.BYTES_PER_ELEMENT}`,
      eigenvalues: jsonNumbers(eigenvalues),
      trace,
      noiseFloor,
      rank,
      ...(fit ? { fit } : {}),
    });
    return 0;
  },
});

function requireWithin({ from, to }: Window, features: number): void {
  if (to < features) return;
  throw new UsageError(`--fit: expected FROM:TO with 0 ≤ FROM, FROM + 2 ≤ TO < ${features}, got "${from}:${to}"`);
}
