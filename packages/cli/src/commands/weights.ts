import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename, join } from 'node:path';
import type { Study } from '@hyperribbon/report';
import { chosenOf, type Given } from '../options/option.js';
import { jsonOutput } from '../output/jsonOutput.js';
import { duration } from '../output/progressLines.js';
import { studyFiles } from '../output/studyFiles.js';
import { runSetting, studyRecord } from '../output/studyRecord.js';
import { requireFolderPlace } from '../output/writeFiles.js';
import { endOf, inRunFolder } from '../runs/runFolder.js';
import type { RunIdentity } from '../runs/runRecord.js';
import { runWeights, type WeightsResult } from '../weights/runWeights.js';
import { openTensorFile, type TensorFile } from '../weights/tensorFile.js';
import { spectrumChoices, weightsOptions } from '../weights/weightsOptions.js';
import { weightsPlan } from '../weights/weightsPlan.js';
import { weightSpectraSection, weightsRecord } from '../weights/weightsRecord.js';
import { weightsText } from '../weights/weightsText.js';
import { command, type Running } from './command.js';

type Options = Given<typeof weightsOptions>;

export const weightsCommand = command({
  name: 'weights',
  description:
    'What do the weights alone tell? The spectrum of every array: heavy tails with intervals and tests, norms, ranks, and what stands out of noise.',
  argument: ['model', '.onnx, .npz or .safetensors, or the .safetensors.index.json of a model in several files'],
  options: weightsOptions,
  after: `Every array is listed, analysed or with the reason why not. Ctrl-C shows what is done so far.

Examples:
  hyperribbon weights net.onnx
  hyperribbon weights model.safetensors --fast --layers 'mlp|attn'
  hyperribbon weights tuned.safetensors --compare base.safetensors
  hyperribbon weights net.npz --out spectra`,
  run: async (options, running, path) => {
    const record = jsonOutput(options.json);
    const { out, seed } = options;
    if (out !== undefined) requireFolderPlace(out, '--out');
    const about: About = { model: basename(path), seed, draws: options.fast ? 0 : options.draws };
    const file = await openTensorFile(path, 'weights');
    try {
      const show = (result: WeightsResult): void => {
        if (record?.alone !== true) running.print(weightsText(result));
        record?.write(weightsRecord(result, about));
      };
      if (out === undefined) show(await analyzed(file, path, options, running));
      else {
        const request = { out, byDefault: out, force: options.force };
        await inRunFolder(request, await identityOf(path, options), running.commandLine, async (folder) => {
          const result = await analyzed(file, path, options, running);
          const study = studyOf(result, about, options, running);
          const { files } = studyFiles(study);
          folder.finish(files, endOf(study.status));
          show(result);
          if (record?.alone !== true)
            running.print(
              `\n${join(folder.path, 'report.html')} and ${files.size - 1} more files, in ${duration(running.seconds())}\n`,
            );
        });
      }
      return 0;
    } finally {
      file.close();
    }
  },
});

interface About {
  readonly model: string;
  readonly seed: number;
  readonly draws: number;
}

/** What the report depends on. */
async function identityOf(path: string, options: Options): Promise<RunIdentity> {
  const { layers, compare } = options;
  return {
    command: 'weights',
    ...chosenOf(spectrumChoices, options),
    layers: layers?.source,
    weights: await digestOf(path),
    ...(compare === undefined ? {} : { compare: await digestOf(compare) }),
  };
}

/** Of a file of any size. */
async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path)) hash.update(part as Uint8Array);
  return hash.digest('hex');
}

async function analyzed(
  file: TensorFile,
  path: string,
  options: Options,
  { signal, lines }: Running,
): Promise<WeightsResult> {
  const plan = weightsPlan(file, options, path);
  const { names, left, largest, memory } = plan;
  const other = options.compare === undefined ? undefined : await openTensorFile(options.compare, '--compare');
  try {
    const held = memory + (other?.held ?? 0);
    lines.print(
      `${basename(path)}: ${names.length} ${names.length === 1 ? 'array' : 'arrays'}${left === 0 ? '' : ` of ${names.length + left}`}, the largest ${largest}; about ${size(held)} of memory beside the program`,
    );
    const line = lines.start(`spectra of ${basename(path)}`);
    const result = await runWeights(file, plan, options, { ...(other && { other }), signal, line });
    const found = result.reports.filter(({ analyzed: whole }) => whole).length;
    const summary = `${found} analysed, ${result.reports.length - found} not`;
    if (result.missing.length === 0) line.done(summary);
    else line.stopped(`${summary}, ${result.missing.length} not reached`);
    return result;
  } finally {
    other?.close();
  }
}

function studyOf(result: WeightsResult, about: About, { compare }: Options, { commandLine, seconds }: Running): Study {
  const { model, seed, draws } = about;
  const stopped = result.missing.length > 0;
  const other = compare === undefined ? {} : { other: basename(compare) };
  return studyRecord(
    {
      kind: 'weights',
      title: `Spectra of the weights of ${model}`,
      sections: { weightSpectra: weightSpectraSection(result, { model, draws, ...other }) },
      notes: [],
      setting: runSetting(
        { dataset: model, task: 'weights alone, no data', seed, commandLine },
        { options: { draws } },
      ),
    },
    {
      status: { complete: !stopped, missing: result.missing, ...(stopped ? { reason: 'interrupted' } : {}) },
      seconds: seconds(),
      timings: [],
    },
  );
}

function size(bytes: number): string {
  return bytes < 1e9 ? `${Math.max(1, Math.round(bytes / 1e6))} MB` : `${(bytes / 1e9).toPrecision(3)} GB`;
}
