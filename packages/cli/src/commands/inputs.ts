import { Command } from 'commander';
import { decayFit, inputWindow } from '../analysis/decayFit.js';
import { examplesOption, loadNamed, type DataOptions } from '../input/dataSource.js';
import { runJob } from '../jobs/runJob.js';
import { jsonNumbers } from '../output/jsonNumbers.js';
import { ProgressLines } from '../output/progressLines.js';
import { requireWritableFile, writeWhole } from '../output/writeFiles.js';
import { UsageError } from '../usageError.js';

interface InputsOptions extends DataOptions {
  readonly fit?: string;
  readonly json?: string;
}

export function inputsCommand(): Command {
  const command = new Command('inputs').description(
    'Spectrum of the uncentred correlation matrix XᵀX/n of a data set, with the slope of its decay.',
  );
  for (const option of examplesOption()) command.addOption(option);
  return command
    .option('--fit <from:to>', 'window of the slope, indices from 0 (default: 100:400 of 784, in proportion)')
    .option('--json <file>', 'write all eigenvalues, trace and fit')
    .addHelpText('after', '\nExample:\n  hyperribbon inputs --data mnist:train:0:10000 --json inputs.json')
    .action(async (options: InputsOptions) => {
      const json = options.json === undefined ? undefined : requireWritableFile(options.json, '--json');
      const progress = new ProgressLines();
      const { name, examples } = await loadNamed(options);
      const window =
        options.fit === undefined ? inputWindow(examples.features) : fitWindow(options.fit, examples.features);
      const step = progress.start(`input spectrum of ${name}, ${examples.count} examples`);
      const result = await runJob(
        { kind: 'input-spectrum', examples },
        {
          signal: new AbortController().signal,
          report: (fraction, detail) => step.update({ fraction, detail }),
        },
      );
      const fit = decayFit(result.eigenvalues, { ...window, floor: result.noiseFloor });
      step.done(`trace ${result.trace.toPrecision(6)}`);
      const rank = result.eigenvalues.filter((value) => value > 1e-10 * result.eigenvalues[0]).length;
      const lines = Array.from(
        result.eigenvalues.slice(0, 10),
        (value, i) => `${String(i).padStart(6)}  ${value.toPrecision(8)}`,
      );
      process.stdout.write(
        `\n index  eigenvalue\n${lines.join('\n')}\n\n  trace ${result.trace.toPrecision(8)}, numerical rank (1e-10 relative) ${rank}\n` +
          (fit === undefined
            ? '  too few eigenvalues above the noise floor in the window for a slope\n'
            : `  slope of ln λ over ${fit.from}..${fit.to}: ${fit.slope.toPrecision(4)} per index, R² = ${fit.rSquared.toFixed(4)}\n`),
      );
      if (json !== undefined) {
        const record = {
          schema: 'hyperribbon/inputs',
          version: 1,
          data: name,
          examples: examples.count,
          features: examples.features,
          eigenvalues: jsonNumbers(result.eigenvalues),
          trace: result.trace,
          noiseFloor: result.noiseFloor,
          rank,
          ...(fit ? { fit } : {}),
        };
        writeWhole(json, `${JSON.stringify(record, null, 1)}\n`);
      }
    });
}

function fitWindow(text: string, features: number): { from: number; to: number } {
  const [from, to, ...rest] = text.split(':').map(Number);
  if (
    rest.length > 0 ||
    !Number.isInteger(from) ||
    !Number.isInteger(to) ||
    from < 0 ||
    to >= features ||
    to - from < 2
  ) {
    throw new UsageError(`--fit: expected FROM:TO with 0 ≤ FROM, FROM + 2 ≤ TO < ${features}, got "${text}"`);
  }
  return { from, to };
}
