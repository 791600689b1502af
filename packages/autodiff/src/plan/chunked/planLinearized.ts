import { ArgumentTypeError, MemoryLimitError, refuse } from '@hyperribbon/contract';
import { createWorkspace, type Workspace } from '@hyperribbon/kernels';
import { chunkData } from './chunkData.js';
import { bytesOf, divideMemory, type ChunkMemory } from './chunkMemory.js';
import { layRegions } from './chunkRegions.js';
import { listsBytes } from './inputLists.js';
import { largestMemory } from '../plan.js';
import { assertSameSpecs, linearizedParts, type LinearizedParts } from './linearizedParts.js';
import type { ChunkedRun, LinearizedPlan, LinearizedPlanOptions, LinearizedPrograms } from './linearizedPlan.js';

/**
 * Plans linearised programs for many chunks of data in one piece of memory; see {@link LinearizedPlan}.
 *
 * @param programs one linearised program per chunk size; inputs marked shared, sums and tangents have equal specs in all
 * @throws MemoryLimitError naming the bytes if not even one chunk at a time fits options.memoryLimit
 */
export function planLinearized(
  programs: readonly LinearizedPrograms[],
  options: LinearizedPlanOptions,
): LinearizedPlan {
  const { chunks, memoryLimit = 2 ** 31, deterministic, engine } = options;
  const room = Math.min(memoryLimit, options.workspace === undefined ? largestMemory : roomIn(options.workspace));
  const { parts, memory } = partsWithin(programs, options, room);
  const { resident } = memory;
  const { listed, bytes } = listsWithin(parts, memory, options, room);
  const workspace = options.workspace ?? createWorkspace({ bytes, deterministic, engine });
  const regions = layRegions(workspace, parts, memory, options, listed);
  const data = chunkData(parts, regions, chunks, resident);
  const total = (of: (part: LinearizedParts, chunk: number) => number): number =>
    chunks.reduce((sum, p, chunk) => sum + of(parts[p]!, chunk), 0);
  return {
    kernels: workspace.info,
    bytes,
    residentChunks: resident,
    residualBytes: total(({ stored }, chunk) => (chunk < resident ? bytesOf(stored) : 0)),
    shared: regions.shared,
    tangents: regions.tangents,
    setData: data.set,
    primal: chunkedRun({
      outputs: regions.sums,
      flops: total(({ primal }) => primal.flops),
      run: data.runPrimal,
    }),
    tangent: chunkedRun({
      outputs: regions.tangentOutputs,
      flops: total(({ tangent, recompute }, chunk) => tangent.flops + (chunk < resident ? 0 : recompute.flops)),
      run: data.runTangent,
    }),
  };
}

/** Adds `clear` to a run. */
function chunkedRun(run: Omit<ChunkedRun, 'clear'>): ChunkedRun {
  const { outputs } = run;
  return {
    ...run,
    clear() {
      for (let i = 0; i < outputs.length; i++) outputs[i]!.fill(0);
    },
  };
}

/** The resident chunks, from the first on, that have room for lists: by primal input how many entries they have, and all bytes. */
function listsWithin(
  parts: readonly LinearizedParts[],
  { resident, bytes: others }: ChunkMemory,
  { chunks, shared, entries }: LinearizedPlanOptions,
  room: number,
): { listed: readonly (readonly (number | undefined)[])[]; bytes: number } {
  const listed: (number | undefined)[][] = [];
  let bytes = others;
  if (entries === undefined) return { listed, bytes };
  for (const [chunk, p] of chunks.slice(0, resident).entries()) {
    const counts = shared.map((all, input) => (all ? undefined : entries(chunk, input)));
    const more = listsBytes(parts[p]!, counts);
    if (bytes + more > room) break;
    bytes += more;
    listed.push(counts);
  }
  return { listed, bytes };
}

function roomIn(workspace: Workspace): number {
  return workspace.capacity - workspace.used;
}

function partsWithin(
  programs: readonly LinearizedPrograms[],
  { chunks, shared, outputs }: LinearizedPlanOptions,
  room: number,
): { parts: readonly LinearizedParts[]; memory: ChunkMemory } {
  const parts = programs.map((program) => linearizedParts(program, { outputs }));
  checkParts(parts, chunks, shared);
  const memory = divideMemory(parts, chunks, shared, room);
  const { resident, bytes } = memory;
  if (resident < 0) {
    const message = `planLinearized: one chunk at a time needs ${bytes} bytes, but memoryLimit leaves ${room}`;
    throw new MemoryLimitError(message, bytes, room);
  }
  return { parts, memory };
}

function checkParts(parts: readonly LinearizedParts[], chunks: readonly number[], shared: readonly boolean[]): void {
  if (parts.length === 0) throw new ArgumentTypeError('planLinearized: needs at least one program');
  for (const p of chunks) {
    if (!(p in parts)) refuse('planLinearized', `chunks must name programs 0..${parts.length - 1}, got ${p}`);
  }
  const count = parts[0]!.primal.inputs.length;
  if (shared.length !== count)
    throw new ArgumentTypeError(`planLinearized: shared needs ${count} entries, got ${shared.length}`);
  assertSameSpecs('shared inputs', parts, ({ primal }) => primal.inputs.filter((_, i) => shared[i]));
  assertSameSpecs('sums', parts, ({ sums }) => sums);
  assertSameSpecs('tangents', parts, ({ tangents }) => tangents);
  assertSameSpecs('tangent outputs', parts, ({ tangent }) => tangent.outputs);
}
