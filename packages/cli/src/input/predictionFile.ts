import { FormatError, openNpz, type NumericArray, type NpzFile } from '@hyperribbon/data';
import { sha256 } from '@hyperribbon/contract/digest';
import { exp } from '@hyperribbon/kernels';
import { UsageError } from '../usageError.js';
import { readInput } from './readInput.js';

/** What models predicted on one list of samples, from a file. */
export interface PredictionFile {
  readonly name: string;
  readonly identity: string;
  /** (models, samples, classes): each sample's classes sum to 1 */
  readonly probabilities: Float32Array | Float64Array;
  readonly models: number;
  readonly samples: number;
  readonly classes: number;
  /** (models,) which run each model is a checkpoint of, in the order of the file */
  readonly runs: readonly number[];
  /** (samples,) the right classes, if the file holds them */
  readonly labels?: readonly number[];
  /** arrays that are not used */
  readonly unused: readonly string[];
}

/** more make a matrix of divergences beyond 800 MB */
const mostModels = 10_000;

/**
 * Reads `probabilities` or `logits` of shape (models, samples, classes) or (runs, checkpoints, samples, classes), and beside them `labels` (samples,) and,
 * for the first shape, `runs` (models,).
 */
export async function predictionFile(file: string): Promise<PredictionFile> {
  const bytes = await readInput(file, 'predictions');
  const npz = opened(file, bytes);
  const kinds = ['probabilities', 'logits'].filter((name) => npz.names.includes(name));
  if (kinds.length !== 1) {
    const held = npz.names.length === 0 ? 'nothing' : npz.names.join(', ');
    const what =
      kinds.length === 0
        ? `holds no array named probabilities or logits but ${held}`
        : 'holds both probabilities and logits';
    throw new UsageError(`predictions: ${file} ${what}; save one of them, of shape (models, samples, classes)`);
  }
  const [kind] = kinds;
  const { shape, data } = npz.read(kind);
  if (shape.length !== 3 && shape.length !== 4) {
    throw new UsageError(
      `predictions: ${kind} of ${file} must have shape (models, samples, classes) or (runs, checkpoints, samples, classes), got (${shape.join(', ')})`,
    );
  }
  const [samples, classes] = shape.slice(-2);
  const models = shape.length === 3 ? shape[0] : shape[0] * shape[1];
  requireSize(file, kind, models, samples, classes);
  const numbers = floats(data);
  const probabilities =
    kind === 'logits' ? softmax(file, numbers, samples, classes) : checked(file, numbers, samples, classes);
  const grouped = npz.names.includes('runs');
  if (grouped && shape.length === 4)
    throw new UsageError(`predictions: runs of ${file} has no use: ${kind} has an axis of runs`);
  const runs = grouped
    ? integers(file, 'runs', npz.read('runs'), models)
    : Array.from({ length: models }, (_, i) => (shape.length === 3 ? i : Math.floor(i / shape[1])));
  const labels = npz.names.includes('labels') ? integers(file, 'labels', npz.read('labels'), samples) : undefined;
  const wrong = labels?.findIndex((label) => label >= classes) ?? -1;
  if (wrong >= 0)
    throw new UsageError(`predictions: labels of ${file} must be below ${classes}, got ${labels![wrong]} at ${wrong}`);
  const used = [kind, 'runs', 'labels'];
  return {
    name: file,
    identity: sha256(bytes),
    probabilities,
    models,
    samples,
    classes,
    runs,
    ...(labels === undefined ? {} : { labels }),
    unused: npz.names.filter((name) => !used.includes(name)),
  };
}

function opened(file: string, bytes: Uint8Array): NpzFile {
  try {
    return openNpz(bytes);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new UsageError(
      `predictions: ${file} is no npz file that can be read (${error.message}); write it by numpy.savez`,
    );
  }
}

function requireSize(file: string, kind: string, models: number, samples: number, classes: number): void {
  const fail = (what: string): never => {
    throw new UsageError(`predictions: ${kind} of ${file} ${what}`);
  };
  if (models < 3) fail(`holds ${models} model${models === 1 ? '' : 's'}; a map needs at least 3`);
  if (models > mostModels) fail(`holds ${models} models; leave checkpoints out until there are at most ${mostModels}`);
  if (samples < 1) fail('holds no samples');
  if (classes < 2) fail(`holds ${classes} class; give the probability of each class, of both for two`);
}

function floats(data: NumericArray['data']): Float32Array | Float64Array {
  return data instanceof Float32Array || data instanceof Float64Array
    ? data
    : Float64Array.from(data as ArrayLike<number | bigint>, Number);
}

/** Probabilities as they are. @throws UsageError at the first number or sum that is none */
function checked<T extends Float32Array | Float64Array>(file: string, p: T, samples: number, classes: number): T {
  const tol = p.BYTES_PER_ELEMENT === 4 ? 1e-5 : 1e-9;
  for (let row = 0; row < p.length / classes; row++) {
    let sum = 0;
    for (let c = row * classes; c < (row + 1) * classes; c++) sum += p[c] >= 0 ? p[c] : NaN;
    if (Math.abs(sum - 1) <= tol) continue;
    const where = `model ${Math.floor(row / samples)}, sample ${row % samples}`;
    const found = Number.isNaN(sum) ? 'hold a number that is negative or none' : `sum to ${sum}`;
    throw new UsageError(
      `predictions: probabilities of ${file} ${found} for ${where}; save what a softmax gives, or the numbers before it as an array named logits`,
    );
  }
  return p;
}

function softmax(file: string, logits: Float32Array | Float64Array, samples: number, classes: number): Float64Array {
  const out = new Float64Array(logits.length);
  for (let at = 0; at < logits.length; at += classes) {
    const row = logits.subarray(at, at + classes);
    const wrong = row.findIndex((x) => !Number.isFinite(x));
    if (wrong >= 0) {
      const where = `model ${Math.floor(at / classes / samples)}, sample ${(at / classes) % samples}`;
      throw new UsageError(
        `predictions: logits of ${file} must be finite, got ${row[wrong]} for ${where}; leave such models out`,
      );
    }
    const largest = Math.max(...row);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += out[at + c] = exp(row[c] - largest);
    for (let c = 0; c < classes; c++) out[at + c] /= sum;
  }
  return out;
}

function integers(file: string, name: string, { data, shape }: NumericArray, length: number): readonly number[] {
  const list = Array.from(data as ArrayLike<number | bigint>, Number);
  const wrong = list.find((value) => !Number.isSafeInteger(value) || value < 0);
  if (shape.length !== 1 || list.length !== length || wrong !== undefined) {
    const found = wrong === undefined ? `(${shape.join(', ')})` : String(wrong);
    throw new UsageError(`predictions: ${name} of ${file} must hold ${length} whole numbers from 0, got ${found}`);
  }
  return list;
}
