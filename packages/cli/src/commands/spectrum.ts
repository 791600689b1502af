import { availableParallelism } from 'node:os';
import { type CurvatureName, curvatureNames, type NetworkSpectrum } from '@hyperribbon/landscape';
import {
  type AnyExamples,
  evaluate,
  isTargeted,
  lossFromData,
  type Network,
  networkFromData,
  sizeOf,
} from '@hyperribbon/nn';
import { here } from '@hyperribbon/study';
import { loadExamples, type NamedExamples } from '../input/dataSource.js';
import { guessingOf } from '../input/guessing.js';
import { type LoadedModel, loadModel } from '../input/modelSource.js';
import { betterOrder } from '../input/models/otherOrders.js';
import { betterReading } from '../input/otherReadings.js';
import { performanceText, readingWarnings } from '../input/readingText.js';
import { jobs } from '../jobs/table.js';
import { chosenOf, flag, option, required, type Given } from '../options/option.js';
import { oneOf, pattern, positive, text, whole } from '../options/parsers.js';
import { answerOptions, arithmetic, dataOptions, json, seed } from '../options/shared.js';
import { jsonNumbers } from '../output/jsonNumbers.js';
import { jsonOutput } from '../output/jsonOutput.js';
import { colorsFor } from '../output/colors.js';
import { spectrumTable } from '../output/spectrumTable.js';
import { UsageError } from '../usageError.js';
import { command } from './command.js';

/** What the eigenvalues depend on beside network, examples and how many they are. */
const settingOptions = {
  operator: option('<name>', 'matrix', oneOf(...curvatureNames), 'hessian'),
  which: {
    ...option(
      '<end>',
      'largest (LA), smallest (SA), largest magnitude (LM), both ends (BE)',
      oneOf('LA', 'SA', 'LM', 'BE'),
      'LA',
    ),
    conflicts: 'full',
  },
  ...arithmetic,
  tol: {
    ...option(
      '<number>',
      'residual norm relative to the norm of the matrix (default: 1e-5 for float32, 1e-10 for float64)',
      positive,
    ),
    conflicts: 'full',
  },
  seed,
  workers: option(
    '<count>',
    'threads that share the examples, about 1,000 each at least; the result does not depend on it',
    whole(1, 64),
    Math.min(64, availableParallelism()),
  ),
  parameters: option(
    '<pattern>',
    "the weights that count, by a regular expression of their names (inspect lists them): the matrix's block of theirs (default: all)",
    pattern,
  ),
  maxMatvecs: { ...option('<count>', 'stop after so many products, with what is there', whole(1)), conflicts: 'full' },
};

export const spectrumOptions = {
  model: required(
    option(
      '<file>',
      'weights: .npz or .safetensors, under our names (W1, b1, ...) or those of PyTorch, Keras or Flax',
      text,
    ),
  ),
  architecture: option(
    '<kind>',
    'mlp:tanh | mlp:relu | mlp:sigmoid | lenet; widths come from the arrays (default: what the file says, as train writes it)',
    text,
  ),
  top: { ...option('<k>', 'how many eigenvalues (default: 10)', whole(1)), conflicts: 'full' },
  full: flag('all of them: forms the matrix, for networks of a few thousand weights'),
  ...settingOptions,
  ...dataOptions,
  ...answerOptions,
  json,
};

export const spectrumCommand = command({
  name: 'spectrum',
  description: 'Eigenvalues of the Hessian, Gauss-Newton or Fisher matrix of a trained network, without forming it.',
  options: spectrumOptions,
  after: `The loss is the mean softmax cross-entropy in nats; of real targets half the squared error. "fisher" draws one label per example from the model (seeded);
for softmax cross-entropy the exact Fisher matrix is the Gauss-Newton matrix, "ggn".

Example:
  hyperribbon spectrum --model net.npz --data mnist:train:0:2048 --top 12 --json out.json`,
  run: async (given, { signal, lines, print }) => {
    const { model: file, architecture, top = 10, full } = given;
    const record = jsonOutput(given.json);
    const { model, network, stored, notes: read } = await loadModel(file, architecture, given.dtype);
    const found = await loadExamples(given, network, { unlabelled: true });
    const { examples, notes, loss } = found;
    if (found.unlabelled === true) requireNoLabels(given.operator, found.name);
    for (const note of [...read, ...notes]) lines.print(note);
    const { size, names } = partOf(network, given.parameters);
    if (!full && top > size) {
      const whose = names === undefined ? 'the network has' : '--parameters leaves';
      throw new UsageError(`--top: ${whose} ${size} weights, so at most ${size} eigenvalues, got ${top}`);
    }
    const seen = found.unlabelled === true ? undefined : await performanceOf({ model, stored }, found, given);
    for (const warning of seen?.warnings ?? []) lines.print(colorsFor(process.stderr).yellow(`warning: ${warning}`));
    const scope =
      names === undefined ? '' : `${names.length === 1 ? '' : `${names.length} arrays, `}${size} weights of `;
    const line = lines.start(`${given.operator} of ${scope}${network.name}, ${examples.count} examples`);
    const result = await here(jobs).run(
      {
        kind: 'spectrum',
        model,
        examples,
        count: full ? 'all' : top,
        loss,
        ...chosenOf(settingOptions, given),
      },
      { signal, onProgress: line.update },
    );
    const summary = `${result.values.length} eigenvalues, ${result.matvecs} products, ${result.reason}`;
    if (result.converged) line.done(summary);
    else line.stopped(summary);
    if (record?.alone !== true) print(spectrumTable(result, seen?.text));
    record?.write({
      ...spectrumRecord(given, network.name, examples.count, result, seen !== undefined),
      lossKind: loss.kind,
      ...(names && { parameters: names }),
      ...seen?.record,
    });
    return 0;
  },
});

/** How many weights count, and where a pattern chose them what their arrays are called. */
function partOf(
  network: Network,
  parameters: RegExp | undefined,
): { readonly size: number; readonly names?: readonly string[] } {
  if (parameters === undefined) return { size: network.size };
  const chosen = network.parameters.filter(({ name }) => parameters.test(name));
  if (chosen.length === 0) {
    const all = network.parameters.map(({ name }) => name);
    const listed = all.length > 30 ? `${all.slice(0, 30).join(', ')} and ${all.length - 30} more` : all.join(', ');
    throw new UsageError(`--parameters: ${String(parameters)} matches none of ${listed}`);
  }
  return { size: chosen.reduce((sum, { shape }) => sum + sizeOf(shape), 0), names: chosen.map(({ name }) => name) };
}

/** Without labels only what does not depend on them can be computed. */
function requireNoLabels(operator: CurvatureName, source: string): void {
  if (operator === 'ggn' || operator === 'fisher') return;
  throw new UsageError(`--operator: ${operator} needs labels, and ${source} holds none; ggn and fisher do not`);
}

/** What a network does on its examples, beside guessing, and what is odd about that. */
async function performanceOf(
  { model, stored }: Pick<LoadedModel, 'model' | 'stored'>,
  { examples, loss: lossData, classNames }: NamedExamples<AnyExamples>,
  { dtype, deterministic }: Given<typeof arithmetic>,
): Promise<{ readonly text: string; readonly record: object; readonly warnings: readonly string[] }> {
  const network = networkFromData(model.network);
  const setting = { dtype, deterministic, loss: lossFromData(lossData) };
  const { error, loss } = await evaluate(network, model.params, examples, setting);
  const guess = guessingOf(examples, lossData);
  // a file that says what it is needs no guesses
  const better = isTargeted(examples)
    ? undefined
    : ((stored ? undefined : await betterReading(model, examples)) ?? betterOrder(model, examples, classNames));
  const warnings = readingWarnings({ error, loss }, guess, better);
  const errors = Number.isNaN(error) ? {} : { error };
  const guessing = { loss: guess.loss, ...(Number.isNaN(guess.error) ? {} : { error: guess.error }) };
  return { text: performanceText({ error, loss }, guess), record: { ...errors, guessing, warnings }, warnings };
}

function spectrumRecord(
  { operator, dtype, which, full }: Given<typeof spectrumOptions>,
  architecture: string,
  examples: number,
  {
    values,
    residualNorms,
    vectors: _vectors,
    density: _density,
    orthogonality: _orthogonality,
    loss,
    gradientNorm,
    ...result
  }: NetworkSpectrum,
  labelled: boolean,
): object {
  return {
    schema: 'hyperribbon/spectrum',
    version: 1,
    operator,
    architecture,
    examples,
    dtype,
    which: full ? 'all' : which,
    values: jsonNumbers(values),
    residualNorms: jsonNumbers(residualNorms),
    ...(labelled ? { loss, gradientNorm } : {}),
    ...result,
  };
}
