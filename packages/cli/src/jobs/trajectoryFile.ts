import { readFileSync, rmSync } from 'node:fs';
import { FormatError, parseNpz, writeNpz, type NumericArray, type WritableArray } from '@hyperribbon/data';
import { planDigest, planText } from '@hyperribbon/study';
import { writeWhole } from '../output/writeFiles.js';
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
  const text = new TextEncoder().encode(planText(settings));
  const arrays: Record<string, WritableArray> = {
    settings: { shape: [text.length], data: text },
    steps: { shape: [steps.length], data: steps },
    amplitudes: { shape: [steps.length, samples, classes], data: amplitudes },
    losses: { shape: [steps.length, 4], data: losses },
  };
  if (state === undefined) writeWhole(file, writeNpz(arrays));
  else {
    arrays['state'] = { shape: [2], data: Int32Array.of(state.step, state.updates) };
    arrays['weights'] = { shape: [state.weights.length], data: state.weights };
    state.slots.forEach((slot, i) => (arrays[`slot${i}`] = { shape: [slot.length], data: slot }));
    writeWhole(partialFile(file), writeNpz(arrays, { compress: false }));
  }
  if (state === undefined) rmSync(partialFile(file), { force: true });
}

/** The finished run in a file; undefined if there is none, it is damaged, or it is of other settings: it is then run again. */
export function readRun(file: string, settings: RunSettings): Recording | undefined {
  const arrays = arraysOf(file, settings);
  return arrays && recordingOf(arrays);
}

/** What is known of an unfinished run. */
export function readPartialRun(
  file: string,
  settings: RunSettings,
): { readonly recording: Recording; readonly state: RunState } | undefined {
  const arrays = arraysOf(partialFile(file), settings);
  const recording = arrays && recordingOf(arrays);
  const state = arrays?.get('state');
  const weights = arrays?.get('weights');
  if (arrays === undefined || recording === undefined || !(state?.data instanceof Int32Array)) return undefined;
  if (state.data.length !== 2 || !(weights?.data instanceof Float32Array)) return undefined;
  const slots: Float32Array[] = [];
  for (let i = 0; arrays.has(`slot${i}`); i++) {
    const { data } = arrays.get(`slot${i}`)!;
    if (!(data instanceof Float32Array) || data.length !== weights.data.length) return undefined;
    slots.push(data);
  }
  return { recording, state: { step: state.data[0], updates: state.data[1], weights: weights.data, slots } };
}

function partialFile(file: string): string {
  return file.replace(/\.npz$/, '.partial.npz');
}

function arraysOf(file: string, settings: RunSettings): ReadonlyMap<string, NumericArray> | undefined {
  let arrays: ReadonlyMap<string, NumericArray>;
  try {
    arrays = parseNpz(readFileSync(file));
  } catch (error) {
    if (error instanceof FormatError || (error instanceof Error && 'code' in error)) return undefined;
    throw error;
  }
  const text = arrays.get('settings')?.data;
  return text instanceof Uint8Array && new TextDecoder().decode(text) === planText(settings) ? arrays : undefined;
}

function recordingOf(arrays: ReadonlyMap<string, NumericArray>): Recording | undefined {
  const [steps, amplitudes, losses] = ['steps', 'amplitudes', 'losses'].map((name) => arrays.get(name));
  if (!(steps?.data instanceof Int32Array) || !(losses?.data instanceof Float64Array)) return undefined;
  if (!(amplitudes?.data instanceof Uint16Array) || amplitudes.shape.length !== 3) return undefined;
  const [count, samples, classes] = amplitudes.shape;
  if (steps.data.length !== count || losses.data.length !== 4 * count) return undefined;
  return { steps: steps.data, amplitudes: amplitudes.data, samples, classes, losses: losses.data };
}
