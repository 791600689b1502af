import { float64, type Tensor, trace } from '@hyperribbon/autodiff';
import { hash } from '@hyperribbon/autodiff/hash';
import { refuse, requireInteger, requireSeed } from '@hyperribbon/contract';
import { textDigest } from '@hyperribbon/contract/digest';
import type { Dtype } from '@hyperribbon/kernels';
import { type AnyExamples, requireAnyExamples } from '../examples.js';
import type { Loss } from '../losses.js';
import { withBuffers } from '../buffers.js';
import type { Network } from '../network.js';
import { sizeOf, weightsByName } from '../parameterLayout.js';
import { networkIdentity } from '../networkProgram.js';

/** What must be the same in a resumed run as in the run that stopped. */
export interface RunIdentity {
  /** its networkIdentity */
  readonly network: string;
  readonly dtype: Dtype;
  readonly seed: number;
  readonly count: number;
  /** at most `count` */
  readonly batchSize: number;
}

/** @throws RangeError for examples that do not fit the network, or a batch size or seed that is none */
export function runIdentity(
  caller: string,
  network: Network,
  examples: AnyExamples,
  { batchSize, seed, dtype }: Pick<RunIdentity, 'batchSize' | 'seed' | 'dtype'>,
  loss?: Loss,
): RunIdentity {
  requireAnyExamples(caller, network, examples, dtype, loss);
  requireInteger(caller, 'batchSize', batchSize, 1);
  requireSeed(caller, seed);
  const { count } = examples;
  return { network: networkIdentity(network), dtype, seed, count, batchSize: Math.min(batchSize, count) };
}

/**
 * A resumed run must be the run that stopped: anything else would give weights that no seed explains.
 *
 * @param now what this run is told apart by; every entry must be equal in the checkpoint
 * @param current version of checkpoints, default 2
 * @throws RangeError naming what differs
 */
export function requireSameRun<Identity extends RunIdentity>(
  caller: string,
  checkpoint: Identity & { readonly version: number },
  now: Identity,
  current: number = 2,
): void {
  const { version } = checkpoint;
  if (version !== current) refuse(caller, `resume must be a checkpoint of version ${current}, got ${String(version)}`);
  for (const key of Object.keys(now) as (keyof Identity)[]) {
    if (checkpoint[key] !== now[key]) {
      refuse(caller, `resume must have the ${String(key)} of this run, ${now[key]}, got ${checkpoint[key]}`);
    }
  }
}

/**
 * What tells networks apart that are trained: networkIdentity where training is what evaluation is; else a digest of both functions, whatever
 * statistics the first is evaluated with, since training replaces them.
 */
export function trainingIdentity(network: Network): string {
  const { buffers = [], draws = 0, applyTraining, parameters, inputs } = network;
  if (applyTraining === undefined) return networkIdentity(network);
  const ones = Object.fromEntries(buffers.map(({ name, shape }) => [name, new Float64Array(sizeOf(shape)).fill(1)]));
  const f = (
    weights: readonly Tensor[],
    x: Tensor,
    before: readonly Tensor[],
    uniforms: readonly Tensor[],
  ): Tensor[] => {
    const known = Object.fromEntries(buffers.map(({ name }, i) => [name, before[i]]));
    const mode = { buffers: known, ...(uniforms.length > 0 && { uniforms: uniforms[0] }) };
    const { logits, buffers: after } = applyTraining(weightsByName(network, weights), x, mode);
    return [logits, ...buffers.map(({ name }) => after[name])];
  };
  const specs = (list: readonly { readonly shape: readonly number[] }[]) => list.map(({ shape }) => float64(...shape));
  const drawn = draws > 0 ? [float64(2, draws)] : [];
  const { program } = trace(f as never, [specs(parameters), float64(2, inputs), specs(buffers), drawn]);
  return textDigest(JSON.stringify([networkIdentity(withBuffers(network, ones)), hash(program)]));
}
