import { compile, float32, float64, programCost, type Tensor, trace } from '@hyperribbon/autodiff';
import { floatArray, MemoryLimitError } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { createLinearWorkspace } from '@hyperribbon/kernels/linear';
import {
  type AnyExamples,
  answersOf,
  type Network,
  networkProgram,
  parameterSpecs,
  type ParameterTensors,
  planBatches,
  unflatten,
} from '@hyperribbon/nn';
import { addBlock, type GramMemory, type KeptTerm, scratchSize } from './gramBlocks.js';
import { type ExampleNumbers, gramFactors } from './gramFactors.js';
import { type GramCounts, gramPasses, type GramTerm, gramTerms } from './gramTerms.js';

/** A network at weights, examples, and the numbers of each whose gradients are multiplied; all were checked. */
export interface GramProblem {
  /** first word of errors */
  readonly caller: string;
  readonly network: Network;
  readonly params: FloatArray;
  readonly examples: AnyExamples;
  readonly numbers: ExampleNumbers;
  /** k: how many numbers an example has */
  readonly count: number;
  /** 'each': a row for each number of an example; 'sum': one row an example, products are summed over the numbers */
  readonly rows: 'each' | 'sum';
  readonly dtype: Dtype;
  readonly deterministic: boolean;
  readonly memoryLimit: number;
}

/** Units of work done, of all: batches that went through the network and pairs of blocks of examples that were multiplied. */
export interface GramProgress {
  readonly done: number;
  readonly of: number;
}

/** rows of a block: products of blocks that are as fast as any, and 1 MB or two of results */
const BLOCK = 512;
/** most bytes of what is kept of all examples at a time where memoryLimit allows more */
const KEPT = 2 ** 29;
/** bytes of a batch's program beyond which it gets no faster */
const BATCH = 2 ** 28;

/**
 * The products of all gradients of numbers of examples by the weights, in steps between which the caller may pause, report or stop.
 *
 * Parameters are taken in groups whose numbers for all examples fit half the memory; every group is one pass of the examples through the network
 * and back. So no more of the Jacobian exists at a time than a group's columns, and of maps that are taken by products none at all.
 *
 * @returns (n · rows, n · rows) row-major, symmetric to the bit
 * @throws MemoryLimitError before anything runs
 */
export function* gramInSteps(problem: GramProblem): Generator<GramProgress, Float64Array, undefined> {
  const { network, params, examples, dtype, deterministic } = problem;
  const plan = planGram(problem);
  const { counts, passes, block, batch } = plan;
  const { count: n, features } = examples;
  const { program, space, kept, scratch } = openMemory(problem, plan);
  const memory: GramMemory = { space, dtype, counts, scratch };
  const K = new Float64Array((n * counts.rows) ** 2);
  const weights = unflatten(network, floatArray(dtype, params));
  const answers = answersOf(examples, dtype);
  const blocks = Math.ceil(n / block);
  const pairs = (blocks * (blocks + 1)) / 2;
  const of = passes.length * (Math.ceil(n / batch) + pairs);
  let done = 0;
  for (const terms of passes) {
    const keeping = placed(terms, program.maps, kept, { n, dtype });
    const plans = planBatches(n, batch, (rows) => compileFactors(problem, terms, rows, { deterministic }));
    for (let b = 0; b < plans.batches; b++) {
      const [from, to] = [b * batch, Math.min(n, (b + 1) * batch)];
      const x = floatArray(dtype, examples.inputs.subarray(from * features, to * features));
      keep(memory, keeping, from, plans.of(b)(weights as never, x as never, answers.of(from, to) as never));
      yield { done: ++done, of };
    }
    for (let i = 0; i < n; i += block)
      for (let j = i; j < n; j += block) {
        const pair = { i, iEnd: Math.min(n, i + block), j, jEnd: Math.min(n, j + block) };
        for (const term of keeping) addBlock(term, memory, pair, K);
        yield { done: ++done, of };
      }
  }
  mirror(K, n * counts.rows);
  return K;
}

/** {@link gramInSteps} without a pause. */
export function gramAtOnce(problem: GramProblem): Float64Array {
  const steps = gramInSteps(problem);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

interface GramPlan {
  readonly counts: GramCounts;
  readonly passes: readonly (readonly GramTerm[])[];
  /** most numbers that a pass keeps */
  readonly kept: number;
  /** examples of a block, and of a batch */
  readonly block: number;
  readonly batch: number;
}

function planGram(problem: GramProblem): GramPlan {
  const { caller, network, examples, count: k, rows, dtype, memoryLimit } = problem;
  const n = examples.count;
  const counts: GramCounts = { examples: n, numbers: k, rows: rows === 'each' ? k : 1 };
  const width = dtype === 'float64' ? 8 : 4;
  const side = n * counts.rows;
  const room = memoryLimit - 8 * side * side - width * 4 * BLOCK * BLOCK;
  if (room <= 0)
    throw new MemoryLimitError(
      `${caller}: a matrix of order ${side} takes ${8 * side * side} bytes, but memoryLimit is ${memoryLimit}; take fewer examples, or one number of each`,
      8 * side * side,
      memoryLimit,
    );
  const program = networkProgram(network, 2, dtype);
  const terms = gramTerms(caller, { network, program }, counts, Math.floor(Math.min(KEPT, room / 2) / width));
  const passes = gramPasses(terms, n, Math.floor(Math.min(KEPT, room / 2) / width));
  const sizes = passes.map((group) => group.reduce((sum, { stored }) => sum + stored.reduce((a, b) => a + b), 0));
  const kept = n * Math.max(0, ...sizes) + 16 * terms.length;
  const block = Math.max(1, Math.min(n, Math.floor(BLOCK / counts.rows)));
  const batch = Math.min(...passes.map((group) => batchWithin(problem, group, Math.min(BATCH, room - width * kept))));
  return { counts, passes, kept, block, batch };
}

/** Examples of a batch whose program fits; its bytes grow linearly. */
function batchWithin(problem: GramProblem, terms: readonly GramTerm[], room: number): number {
  const { caller, examples, memoryLimit } = problem;
  const bytesFor = (rows: number): number => {
    const { f, specs } = factorFunction(problem, terms, rows);
    return programCost(trace(f, specs as never).program).bytes;
  };
  const [one, two] = [bytesFor(1), bytesFor(2)];
  if (one > room)
    throw new MemoryLimitError(
      `${caller}: one example's gradients take ${one} bytes beside what is kept, but memoryLimit ${memoryLimit} leaves ${room}; raise it, or take fewer ` +
        'examples or parameters',
      one,
      room,
    );
  return Math.max(1, Math.min(examples.count, 1 + Math.floor((room - one) / Math.max(1, two - one))));
}

function factorFunction(
  { network, numbers, examples, dtype, count }: GramProblem,
  terms: readonly GramTerm[],
  rows: number,
) {
  const spec = dtype === 'float64' ? float64 : float32;
  const answers = answersOf(examples, dtype);
  return {
    f: gramFactors(network, numbers, count, terms, { batch: rows, dtype }) as (
      weights: ParameterTensors,
      x: Tensor,
      answers: Tensor,
    ) => readonly Tensor[],
    specs: [parameterSpecs(network, dtype), spec(rows, network.inputs), answers.spec(rows)] as const,
  };
}

function compileFactors(
  problem: GramProblem,
  terms: readonly GramTerm[],
  rows: number,
  { deterministic }: { readonly deterministic: boolean },
) {
  const { f, specs } = factorFunction(problem, terms, rows);
  return compile(f, specs as never, { deterministic });
}

function openMemory({ network, dtype, deterministic }: GramProblem, { counts, passes, kept, block }: GramPlan) {
  const program = networkProgram(network, 2, dtype);
  const scratchNumbers = Math.max(
    1,
    ...passes.flat().map((term) => scratchSize({ term, map: mapOf(term, program.maps) }, counts, block)),
  );
  const width = dtype === 'float64' ? 8 : 4;
  const space = createLinearWorkspace({ bytes: width * (kept + scratchNumbers) + 256, deterministic });
  return { program, space, scratch: space.allocate(width * scratchNumbers), kept: space.allocate(width * kept) };
}

function mapOf(term: GramTerm, maps: ReturnType<typeof networkProgram>['maps']): KeptTerm['map'] {
  return term.kind === 'others' ? undefined : maps[term.map];
}

/** Where a pass keeps what: one after the other. */
function placed(
  terms: readonly GramTerm[],
  maps: ReturnType<typeof networkProgram>['maps'],
  first: number,
  { n, dtype }: { readonly n: number; readonly dtype: Dtype },
): readonly KeptTerm[] {
  const width = dtype === 'float64' ? 8 : 4;
  let at = first;
  return terms.map((term) => ({
    term,
    map: mapOf(term, maps),
    pointers: term.stored.map((size) => {
      const pointer = at;
      at += width * n * size;
      return pointer;
    }),
  }));
}

/** Copies what a batch gave to its place. */
function keep(
  { space, dtype }: GramMemory,
  keeping: readonly KeptTerm[],
  first: number,
  found: readonly ArrayLike<number>[],
): void {
  const width = dtype === 'float64' ? 8 : 4;
  let next = 0;
  for (const { term, pointers } of keeping)
    term.stored.forEach((size, i) => {
      const values = found[next++];
      const pointer = pointers[i] + width * first * size;
      if (dtype === 'float64') space.float64View(pointer, values.length).set(values);
      else space.float32View(pointer, values.length).set(values);
    });
}

/** The lower triangle from the upper one. */
function mirror(K: Float64Array, side: number): void {
  for (let r = 0; r < side; r++) for (let s = 0; s < r; s++) K[r * side + s] = K[s * side + r];
}
