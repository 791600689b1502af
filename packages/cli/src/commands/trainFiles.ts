import { existsSync, readFileSync } from 'node:fs';
import { examplesIdentity, writeNpz, type WritableArray } from '@hyperribbon/data';
import {
  type Checkpoint,
  checkpointFromJson,
  checkpointToJson,
  type AnyExamples,
  type Network,
  unflatten,
} from '@hyperribbon/nn';
import type { FloatArray } from '@hyperribbon/kernels';
import { planText } from '@hyperribbon/study';
import { withArchitecture, withTraining } from '../input/storedArchitecture.js';
import { differencesText } from '../runs/differencesText.js';
import { UsageError } from '../usageError.js';

/** Weights and buffers by their names, what network they are of, and what it was trained on. */
export function weightsFile(
  network: Network,
  { params, buffers }: { readonly params: FloatArray; readonly buffers: Readonly<Record<string, FloatArray>> },
  examples: AnyExamples,
): Uint8Array {
  const arrays = { ...unflatten(network, params), ...buffers };
  const shaped = [...network.parameters, ...(network.buffers ?? [])].map(
    ({ name, shape }) => [name, { shape, data: arrays[name] }] as const,
  );
  return writeNpz(withTraining(withArchitecture(network, shaped), examplesIdentity(examples)));
}

/** Weights at some steps of a run, with their names and shapes in the order in which they lie. */
export function trajectoryFile(network: Network, steps: readonly number[], weights: readonly FloatArray[]): Uint8Array {
  const all = new Float32Array(weights.length * network.size);
  weights.forEach((row, i) => all.set(row, i * network.size));
  const arrays = new Map<string, WritableArray>([
    ['steps', { shape: [steps.length], data: Int32Array.from(steps) }],
    ['weights', { shape: [steps.length, network.size], data: all }],
  ]);
  return writeNpz(arrays, { compress: true });
}

/** A checkpoint as it is kept in a file: with what the run was asked for. */
export function checkpointFile(settings: unknown, checkpoint: Checkpoint): string {
  return JSON.stringify({ settings: planText(settings as never), checkpoint: checkpointToJson(checkpoint) });
}

/**
 * The checkpoint that an earlier call left in a file; undefined where there is none.
 *
 * @throws UsageError for a file of something else, or of a run that was asked for something else
 */
export function storedCheckpoint(file: string, settings: unknown): Checkpoint | undefined {
  if (!existsSync(file)) return undefined;
  let found: { readonly settings: string; readonly checkpoint: string };
  let checkpoint: Checkpoint;
  try {
    found = JSON.parse(readFileSync(file, 'utf8')) as typeof found;
    checkpoint = checkpointFromJson(found.checkpoint);
  } catch {
    throw new UsageError(`--checkpoint: ${file} is no checkpoint of a training. Name another file, or remove it.`);
  }
  const wanted = planText(settings as never);
  if (found.settings === wanted) return checkpoint;
  throw new UsageError(
    `--checkpoint: ${file} is of another run:${differencesText(found.settings, wanted)}\nName another file, or remove it.`,
  );
}
