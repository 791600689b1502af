import { isFloatArray, yieldToEventLoop } from '@hyperribbon/contract';
import {
  analyzeTensor,
  type AnalyzeOptions,
  loraDelta,
  tensorDistance,
  type TensorDistance,
  type TensorReport,
} from '@hyperribbon/complexity/weights';
import type { FloatArray } from '@hyperribbon/kernels';
import type { StepLine } from '@hyperribbon/study';
import type { Given } from '../options/option.js';
import { filtersFirst } from './filtersFirst.js';
import type { ReadTensor, TensorFile } from './tensorFile.js';
import type { spectrumChoices } from './weightsOptions.js';
import type { WeightsPlan } from './weightsPlan.js';

/** How far an array is from that of another checkpoint, or why that is not known. */
export type ComparedTensor = { readonly name: string } & (TensorDistance | { readonly reason: string });

/** What became of every array of a file. */
export interface WeightsResult {
  readonly reports: readonly TensorReport[];
  readonly compared?: readonly ComparedTensor[];
  /** arrays that were not reached before an interruption */
  readonly missing: readonly string[];
}

/** Looks at one array after the other; an interruption is heeded between two of them. */
export async function runWeights(
  file: TensorFile,
  { names, pairs }: WeightsPlan,
  options: Given<typeof spectrumChoices>,
  { other, signal, line }: { readonly other?: TensorFile; readonly signal: AbortSignal; readonly line: StepLine },
): Promise<WeightsResult> {
  const deltas = pairs.map(({ name }) => `${name} (low-rank addition)`);
  const steps = [...names, ...deltas];
  const reports: TensorReport[] = [];
  const compared: ComparedTensor[] = [];
  const others = new Set(other?.names);
  for (const [index, name] of steps.entries()) {
    line.update({ done: index, of: steps.length, detail: name });
    await yieldToEventLoop();
    if (signal.aborted) break;
    const tensor = index < names.length ? file.read(name) : added(file, pairs[index - names.length]);
    reports.push(reportOf(name, tensor, { ...analyzeOptions(options), index }));
    if (other !== undefined && index < names.length)
      compared.push({ name, ...comparison(tensor, others.has(name) ? other.read(name) : undefined) });
  }
  if (other !== undefined && reports.length === steps.length)
    for (const name of other.names)
      if (!file.names.includes(name)) compared.push({ name, reason: 'only the other checkpoint has it' });
  return { reports, ...(other && { compared }), missing: steps.slice(reports.length) };
}

function analyzeOptions({ fast, draws, seed, embeddings }: Given<typeof spectrumChoices>): AnalyzeOptions {
  return { seed, draws: fast ? 0 : draws, twins: !fast, embeddings: embeddings ? 'analyze' : 'refuse' };
}

function reportOf(name: string, tensor: ReadTensor, options: AnalyzeOptions): TensorReport {
  if ('unread' in tensor)
    return { name, shape: tensor.shape, analyzed: false, reason: 'not-numbers', sentence: tensor.unread };
  return analyzeTensor({ name, ...filtersFirst(name, tensor) }, options);
}

/** What a pair of low-rank arrays adds to its layer. */
function added(file: TensorFile, { up, down }: WeightsPlan['pairs'][number]): ReadTensor {
  const [a, b] = [file.read(up), file.read(down)].map(floats);
  if (a === undefined || b === undefined || a.shape.length !== 2 || b.shape.length !== 2 || a.shape[1] !== b.shape[0])
    return { shape: [], unread: `${up} and ${down} are no two matrices that can be multiplied` };
  return { dtype: 'float64', ...loraDelta(a, b) };
}

function floats(tensor: ReadTensor): { readonly shape: readonly number[]; readonly data: FloatArray } | undefined {
  return 'unread' in tensor || !isFloatArray(tensor.data) ? undefined : { shape: tensor.shape, data: tensor.data };
}

function comparison(here: ReadTensor, there: ReadTensor | undefined): TensorDistance | { readonly reason: string } {
  if (there === undefined) return { reason: 'the other checkpoint lacks it' };
  const [a, b] = [floats(here), floats(there)];
  if (a === undefined || b === undefined) return { reason: 'no floating-point numbers' };
  if (a.shape.join() !== b.shape.join())
    return { reason: `shapes differ: ${a.shape.join(' × ')}, ${b.shape.join(' × ')}` };
  if (!a.data.every(Number.isFinite) || !b.data.every(Number.isFinite)) return { reason: 'NaN or infinite entries' };
  return tensorDistance(a.shape, a.data, b.data);
}
