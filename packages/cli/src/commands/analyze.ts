import { join } from 'node:path';
import { throwIfAborted } from '@hyperribbon/contract';
import { analyzeOptions, reportFolder } from '../analysis/analysisOptions.js';
import { analysisIdentity, analysisPlan, type AnalysisPlan } from '../analysis/plan.js';
import { runAnalysis } from '../analysis/runAnalysis.js';
import { isOnnx } from '../input/models/onnxModel.js';
import { betterText } from '../input/readingText.js';
import type { SourceOptions } from '../input/sourceOptions.js';
import { workers } from '../jobs/workers.js';
import type { Study } from '@hyperribbon/report';
import { boundedPlan } from '../analysis/bounded.js';
import { isLoose } from '../analysis/boundNotes.js';
import { guessing } from '../analysis/guessing.js';
import { chosenOf, flagOf } from '../options/option.js';
import { dataOptions } from '../options/shared.js';
import { colorsFor } from '../output/colors.js';
import { duration } from '../output/progressLines.js';
import { studyFiles } from '../output/studyFiles.js';
import { requireFolderPlace } from '../output/writeFiles.js';
import { endOf, inRunFolder } from '../runs/runFolder.js';
import { command } from './command.js';

export const analyzeCommand = command({
  name: 'analyze',
  description:
    'From a data set and a network to spectra, effective dimension and a certified generalisation bound.\n' +
    'Writes report.html, report.json, certificate.json, posterior.npz and the figures as svg; default: binary MNIST.',
  options: analyzeOptions,
  after: `Ctrl-C writes a report of what is done so far.

Examples:
  hyperribbon analyze
  hyperribbon analyze --task digits --architecture mlp:relu:256,128 --seed 3 --out digits
  hyperribbon analyze --data points.csv --architecture mlp:tanh:64 --epochs 50`,
  run: async (options, { signal, lines, commandLine, print, printWhole, seconds }) => {
    lines.print('hyperribbon analyze: reading the data');
    requireFolderPlace(options.out ?? reportFolder, '--out');
    const plan = await analysisPlan(options, commandLine);
    lines.print(
      `${plan.dataset} (${plan.task}): ${plan.train.count} ${countText(plan)}, ` +
        `${plan.network.name} with ${plan.network.size} weights, seed ${plan.seed}`,
    );
    for (const note of plan.notes) lines.print(note);
    if (plan.repeated !== undefined) lines.print(plan.repeated);
    if (plan.better !== undefined) lines.print(colorsFor(process.stderr).yellow(`warning: ${betterText(plan.better)}`));
    throwIfAborted('analyze', signal);
    const request = { ...options, byDefault: reportFolder };
    return inRunFolder(request, analysisIdentity(plan), commandLine, async (folder) => {
      const executor = workers(plan.workers);
      const attachments = new Map<string, string | Uint8Array>();
      const analysis = await runAnalysis(plan, executor, { signal, lines }, attachments).finally(() =>
        executor.close(),
      );
      const { table, files } = studyFiles(analysis, attachments);
      folder.finish(files, endOf(analysis.status));
      print(`\n${table}\n`);
      print(`${join(folder.path, 'report.html')} and ${files.size - 1} more files, in ${duration(seconds())}\n`);
      if (attachments.has('certificate.json')) {
        printWhole(`check the bound: hyperribbon verify ${verifyArguments(folder.path, options)}\n`);
      }
      for (const { title, text } of analysis.notes!.filter(({ kind }) => kind === 'warning'))
        print(`${title}: ${text}\n`);
      if (isLooseBound(analysis, plan))
        printWhole(`try: hyperribbon bound ${dataArguments(options)} ${networkArguments(options, plan)}\n`);
      return analysis.status.failed === undefined ? 0 : 1;
    });
  },
});

function countText({ test, unlabelled }: AnalysisPlan): string {
  if (unlabelled === true) return 'examples';
  if (test === undefined) return 'examples, none of which is known to be unseen';
  return `training and ${test.count} test examples`;
}

function isLooseBound({ sections }: Study, plan: AnalysisPlan): boolean {
  const value = sections.analyticBound?.best?.value;
  const bounded = boundedPlan(plan);
  return value !== undefined && bounded !== undefined && isLoose(value, guessing(bounded).error);
}

/** What draws from the posterior again: which digits are told apart is tried by verify itself. */
function verifyArguments(out: string, { task: _task, ...options }: SourceOptions): string {
  return [join(out, 'certificate.json'), '--model', join(out, 'posterior.npz'), dataArguments(options)].join(' ');
}

/** The network, as another command takes it. */
function networkArguments(
  { model, architecture }: { readonly model?: string; readonly architecture?: string },
  { network }: AnalysisPlan,
): string {
  if (model !== undefined && isOnnx(model)) return `--model ${model}`;
  return `--architecture ${network.architecture === undefined ? network.name : (architecture ?? network.name)}`;
}

/** The data of this command, as another command takes them. */
function dataArguments(options: SourceOptions): string {
  const named = { ...(options.inputs === undefined ? { data: 'mnist' } : {}), ...chosenOf(dataOptions, options) };
  return Object.entries(named)
    .flatMap(([name, value]) => [flagOf(name), value])
    .join(' ');
}
