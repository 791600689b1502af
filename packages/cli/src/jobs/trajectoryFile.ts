import { rmSync } from 'node:fs';
import { typedArrayName } from '@hyperribbon/contract';
import * as is from '@hyperribbon/contract/decode';
import type { NumericArray, WritableArray } from '@hyperribbon/data';
import { planDigest, planText } from '@hyperribbon/study';
import { differencesText } from '../runs/differencesText.js';
import { readKept, writeKept, type Kept } from '../runs/keptFile.js';
import { UsageError } from '../usageError.js';
import type { Configuration } from './configuration.js';

/** Everything that decides the bits of one run. */
export interface RunSettings extends Configuration {
  /** of the meaning of these settings: files of another version are not read */
  readonly version: 1;
  readonly seed: number;
  readonly epochs: number;
  /** inputs are multiplied by this before they reach the network */
  readonly inputScale: number;
  /** content of the training examples and of the samples on which probabilities are recorded */
  readonly trainIdentity: string;
  readonly samplesIdentity: string;
  readonly deterministic: boolean;
  /** which kernels: fast ones differ in bits from deterministic ones */
  readonly kernels: string;
}

/** One run as it is kept: what a network said about the samples at each checkpoint. */
export interface Recording {
  /** (checkpoints,) steps done */
  readonly steps: Int32Array;
  /** (checkpoints, samples, classes) square roots of probabilities times 65535, see amplitudes.ts */
  readonly amplitudes: Uint16Array;
  readonly samples: number;
  readonly classes: number;
  /** (checkpoints, 4): mean loss (nats) and error on the samples from training, then on those from testing */
  readonly losses: Float64Array;
}

/** Where an unfinished run stands: enough to go on with the same bits. */
export interface RunState {
  readonly step: number;
  readonly updates: number;
  readonly weights: Float32Array;
  readonly slots: readonly Float32Array[];
}

/** "relu-adam-s3-0f3a9c12.npz": settings that differ in anything have files of different names. */
export function runFileName(settings: RunSettings): string {
  const digest = planDigest(settings).slice('sha256:'.length).slice(0, 8);
  return `${settings.name}-s${settings.seed}-${digest}.npz`;
}

/** Writes a run, with its state if it is not finished; a reader never sees half a file. */
export function writeRun(file: string, settings: RunSettings, recording: Recording, state?: RunState): void {
  const { steps, amplitudes, samples, classes, losses } = recording;
  const arrays: Record<string, WritableArray> = {
    steps: { shape: [steps.length], data: steps },
    amplitudes: { shape: [steps.length, samples, classes], data: amplitudes },
    losses: { shape: [steps.length, 4], data: losses },
  };
  const record = { settings: planText(settings) };
  if (state === undefined) {
    writeKept(file, record, arrays, { compress: true });
    rmSync(partialFile(file), { force: true });
    return;
  }
  arrays['state'] = { shape: [2], data: Int32Array.of(state.step, state.updates) };
  arrays['weights'] = { shape: [state.weights.length], data: state.weights };
  state.slots.forEach((slot, i) => (arrays[`slot${i}`] = { shape: [slot.length], data: slot }));
  writeKept(partialFile(file), record, arrays);
}

/** The finished run in a file; undefined if there is none. @throws UsageError if it is damaged or of other settings */
export function readRun(file: string, settings: RunSettings): Recording | undefined {
  const kept = keptRun(file, settings);
  return kept && recordingOf(file, kept);
}

/** What is known of an unfinished run. @throws as {@link readRun} */
export function readPartialRun(
  file: string,
  settings: RunSettings,
): { readonly recording: Recording; readonly state: RunState } | undefined {
  const partial = partialFile(file);
  const kept = keptRun(partial, settings);
  if (kept === undefined) return undefined;
  const [step, updates] = array(partial, kept, 'state', 'Int32Array');
  const weights = array(partial, kept, 'weights', 'Float32Array');
  const slots: Float32Array[] = [];
  while (kept.arrays.has(`slot${slots.length}`))
    slots.push(array(partial, kept, `slot${slots.length}`, 'Float32Array'));
  return { recording: recordingOf(partial, kept), state: { step, updates, weights, slots } };
}

function partialFile(file: string): string {
  return file.replace(/\.npz$/, '.partial.npz');
}

type KeptRun = Kept<{ readonly settings: string }>;

const runRecord = is.object({ settings: is.text });

function keptRun(file: string, settings: RunSettings): KeptRun | undefined {
  const kept = readKept(file, '--runs', runRecord);
  const wanted = planText(settings);
  if (kept === undefined || kept.record.settings === wanted) return kept;
  const differences = differencesText(kept.record.settings, wanted);
  throw new UsageError(`--runs: ${file} holds another run than its name says:${differences}\nRemove it.`);
}

function recordingOf(file: string, kept: KeptRun): Recording {
  const steps = array(file, kept, 'steps', 'Int32Array');
  const losses = array(file, kept, 'losses', 'Float64Array');
  const [, samples, classes] = kept.arrays.get('amplitudes')?.shape ?? [];
  return { steps, amplitudes: array(file, kept, 'amplitudes', 'Uint16Array'), samples, classes, losses };
}

interface ArrayTypes {
  readonly Int32Array: Int32Array;
  readonly Uint16Array: Uint16Array;
  readonly Float32Array: Float32Array;
  readonly Float64Array: Float64Array;
}

function array<Type extends keyof ArrayTypes>(
  file: string,
  { arrays }: KeptRun,
  name: string,
  type: Type,
): ArrayTypes[Type] {
  const data: NumericArray['data'] | undefined = arrays.get(name)?.data;
  if (typedArrayName(data) !== type) throw new UsageError(`--runs: ${file} lacks the array ${name}. Remove it.`);
  return data as unknown as ArrayTypes[Type];
}
