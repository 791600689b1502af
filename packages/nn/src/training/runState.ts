import { floatArray, refuse } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { bufferValues, withBuffers } from '../buffers.js';
import { requireWeights } from '../examples.js';
import type { Network } from '../network.js';
import { sizeOf } from '../parameterLayout.js';
import type { Checkpoint, TrainIdentity } from './checkpoint.js';
import { pieces } from './gradientProgram.js';
import { createUpdate, restoreUpdates, type Update } from './optimizers/createUpdate.js';
import type { Optimizer } from './optimizers/optimizer.js';

/** What a run changes as it goes. */
export interface RunState {
  readonly weights: FloatArray;
  /** the weights at the start */
  readonly initial: FloatArray;
  readonly update: Update;
  /** of training mode, one after the other; empty for a network that has none */
  readonly buffers: FloatArray;
  /** all buffers of the network, by name; those of training mode are views of `buffers` */
  readonly named: Readonly<Record<string, FloatArray>>;
}

/** Weights, buffers and update rule at the start, or where a run stopped. */
export function startState(
  network: Network,
  {
    optimizer,
    given,
    resume,
    deterministic,
  }: {
    readonly optimizer: Optimizer;
    readonly given: FloatArray | undefined;
    readonly resume: Checkpoint | undefined;
    readonly deterministic: boolean;
  },
  { seed, dtype }: TrainIdentity,
): RunState {
  const initial = floatArray(dtype, resume?.initial ?? given ?? network.init(seed, dtype));
  requireWeights('train', 'initial', network, initial);
  const weights = floatArray(dtype, resume?.weights ?? initial);
  const update = createUpdate(optimizer, weights, { parameters: network.parameters, deterministic });
  if (resume !== undefined) restoreUpdates('train', [update], resume);
  const named = bufferValues(network, dtype);
  if (network.applyTraining === undefined) return { weights, initial, update, buffers: weights.subarray(0, 0), named };
  const specs = network.buffers ?? [];
  const total = specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const buffers = floatArray(dtype, total);
  const views = pieces(specs, buffers);
  specs.forEach(({ name }, i) => views[i].set(storedBuffer(resume, name, views[i].length) ?? named[name]));
  return { weights, initial, update, buffers, named: Object.fromEntries(specs.map(({ name }, i) => [name, views[i]])) };
}

function storedBuffer(resume: Checkpoint | undefined, name: string, length: number): FloatArray | undefined {
  if (resume === undefined) return undefined;
  const stored = resume.buffers[name];
  if (stored?.length !== length)
    return refuse('train', `resume must hold buffer ${name} of ${length} numbers, got ${stored?.length ?? 'none'}`);
  return stored;
}

/** Copies of arrays by name: what is changed later does not change them. */
export function copies(arrays: Readonly<Record<string, FloatArray>>): Record<string, FloatArray> {
  return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, array.slice()]));
}

/** What a checkpoint holds of a state, not copied. */
export function snapshot({
  weights,
  initial,
  named,
  update,
}: RunState): Pick<Checkpoint, 'weights' | 'initial' | 'buffers' | 'slots' | 'updates'> {
  return { weights, initial, buffers: copies(named), slots: update.slots, updates: update.updates };
}

/** The network as it is evaluated with the buffers of a state. */
export function evaluated(network: Network, { named }: RunState): Network {
  return network.buffers === undefined ? network : withBuffers(network, copies(named));
}
