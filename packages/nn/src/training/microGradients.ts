import { floatArray, pacer } from '@hyperribbon/contract';
import type { FloatArray, KernelInfo } from '@hyperribbon/kernels';
import type { AnyExamples } from '../examples.js';
import type { Network } from '../network.js';
import { type ShareRange, shareRanges } from '../shares/shareRanges.js';
import { createTreeSum, nodesOf } from '../shares/treeSum.js';
import { allFinite, type BatchGradients, type BatchGradientsOptions, sharedLoss } from './batchGradients.js';
import { batchSource } from './batchSource.js';
import { planBatches } from './batches.js';
import type { DescentSums } from './descend.js';
import { bufferSize, type GradientInputs, gradientInputs, gradientLayout } from './gradientProgram.js';
import { GradientWorker, type TrainWorkers } from './gradientWorkers.js';
import {
  bindTask,
  type GradientTask,
  gradientTask,
  type MicroRunner,
  microRows,
  type MicroShare,
  type MicroSums,
  rowsOf,
} from './microBatches.js';

/** milliseconds that this thread computes before it lets events in: errors of workers, a page's frames */
const slice = 100;

export interface MicroGradients extends BatchGradients<Promise<DescentSums | undefined>> {
  /** Ends the workers. */
  close(): Promise<void>;
}

/**
 * Gradients of batches that are cut into micro-batches of `microBatch` examples, the last of which holds the rest. Sums over the micro-batches
 * are float64 and added in a fixed tree, so that their bits depend on `microBatch` and not on how many threads share them.
 *
 * In training mode each micro-batch is normalised by its own statistics and sees the buffers from before the step; buffers after it are the
 * means of those of its micro-batches, weighted by their examples and added in the same tree: what one batch norm of this momentum makes of the
 * micro-batches' mean statistics [hoffer2017].
 */
export function microGradients(
  network: Network,
  examples: AnyExamples,
  options: BatchGradientsOptions & { readonly microBatch: number } & TrainWorkers,
): MicroGradients {
  const { batchSize, microBatch, loss, dtype, training = false, workers = 1 } = options;
  const source = batchSource(examples, options);
  const task = gradientTask(network, examples, source.like, options);
  const own = bindTask(task);
  const others = startWorkers(Math.min(workers, task.most) - 1, task, own.kernels, options);
  const wholes = planBatches(examples.count, batchSize, (rows) => {
    const layout = gradientLayout(network, rows, { dtype, training }, source.like);
    return { rows, inputs: gradientInputs(layout).own };
  });
  const { share } = sharedLoss(loss, examples);
  const statistics = bufferSize(task.programs[0].layout);
  const total = floatArray(dtype, network.size + statistics);
  const [gradient, buffersAfter] = [total.subarray(0, network.size), total.subarray(network.size)];
  const tree = createTreeSum(total.length, task.most);
  let ownSums: readonly Float64Array[] = [];
  let flops = 0;
  let whole = wholes.full;
  let counted: Int32Array | FloatArray;
  const measureAt = async (weights: FloatArray): Promise<DescentSums | undefined> => {
    const { rows, inputs } = whole;
    const sizes = microRows(rows, microBatch);
    const shares = shareRanges(sizes.length, others.length + 1).map((range) =>
      cutShare(range, sizes, weights, inputs, counted),
    );
    const replies = settling(shares.slice(1).map((part, i) => others[i].run(part)));
    const mine = await runHere(own, shares[0], ownSums, replies);
    const parts = [...(mine === undefined ? [] : [mine]), ...(await replies.all)];
    ownSums = parts[0].sums;
    addNodes(tree, shares, parts);
    tree.total(1 / rows, total);
    flops = parts.reduce((sum, part) => sum + part.flops, 0);
    const lossSum = inOrder(parts.map(({ losses }) => losses));
    const wrong = inOrder(parts.map((part) => part.wrong));
    return Number.isFinite(lossSum) && allFinite(total) ? { loss: lossSum, mistakes: share * wrong } : undefined;
  };
  return {
    batches: source.batches,
    kernels: own.kernels,
    like: source.like,
    enterEpoch: source.enterEpoch,
    async measure(at, weights, buffers) {
      whole = wholes.of(at.batch);
      counted = source.fill(at, whole.inputs);
      if (buffers !== undefined) whole.inputs.buffers.set(buffers);
      return measureAt(weights);
    },
    again: measureAt,
    last: () => ({ gradient, buffersAfter, flops }),
    close: async () => {
      await Promise.all(others.map((worker) => worker.close()));
    },
  };
}

function startWorkers(
  count: number,
  task: GradientTask,
  // the flavour this thread got, not the one it asked for: a page may not have what its workers have
  { flavour }: KernelInfo,
  options: TrainWorkers,
): GradientWorker[] {
  const told = { ...task, deterministic: flavour === 'deterministic' };
  return Array.from({ length: count }, (_, i) => new GradientWorker(`train: worker ${i + 1}`, told, flavour, options));
}

/** Puts the sums of all shares into a cleared tree, each at its node. */
function addNodes(
  tree: ReturnType<typeof createTreeSum>,
  shares: readonly MicroShare[],
  parts: readonly MicroSums[],
): void {
  tree.clear();
  parts.forEach(({ sums, losses }, i) => {
    const nodes = nodesOf(shares[i].first, shares[i].first + losses.length);
    sums.forEach((sum, node) => tree.addNode(sum, nodes[node]));
  });
}

function cutShare(
  { from, to }: ShareRange,
  sizes: readonly number[],
  weights: FloatArray,
  all: GradientInputs,
  counted: Int32Array | FloatArray,
): MicroShare {
  const rowsIn = (list: readonly number[]): number => list.reduce((sum, rows) => sum + rows, 0);
  const [before, total] = [rowsIn(sizes.slice(0, from)), rowsIn(sizes)];
  const rows = sizes.slice(from, to);
  const cut = <A extends FloatArray | Int32Array>(array: A): A => rowsOf(array, before, rowsIn(rows), total);
  const { labels, targets, uniforms } = all;
  const inputs: GradientInputs = {
    inputs: cut(all.inputs),
    ...(labels && { labels: cut(labels) }),
    ...(targets && { targets: cut(targets) }),
    ...(all.weights && { weights: cut(all.weights) }),
    ...(uniforms && { uniforms: cut(uniforms) }),
    buffers: all.buffers,
  };
  return { first: from, rows, weights, inputs, counted: cut(counted) };
}

/** This thread's share, in slices; undefined if it stopped because that of another has failed. */
async function runHere(
  runner: MicroRunner,
  share: MicroShare,
  memory: readonly Float64Array[],
  replies: { readonly failed: boolean },
): Promise<MicroSums | undefined> {
  const pause = pacer(slice);
  const run = runner.run(share, memory);
  let next = run.next();
  for (; next.done !== true; next = run.next()) if ((await pause()) && replies.failed) return undefined;
  return next.value;
}

/** All replies, with a word as soon as one has failed; a failure that nobody waits for yet is no unhandled rejection. */
function settling<T>(replies: readonly Promise<T>[]): { readonly all: Promise<T[]>; readonly failed: boolean } {
  const state = { all: Promise.all(replies), failed: false };
  state.all.catch(() => {
    state.failed = true;
  });
  return state;
}

/** Micro-batch after micro-batch, whichever thread had it. */
function inOrder(lists: readonly Float64Array[]): number {
  let total = 0;
  for (const list of lists) for (let i = 0; i < list.length; i++) total += list[i];
  return total;
}
