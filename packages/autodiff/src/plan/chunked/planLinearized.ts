import { createWorkspace, type Workspace } from '@hyperribbon/kernels';
import type { Step } from '../bind/bindSteps.js';
import { chunkedRun } from './chunkedRun.js';
import { bytesOf, divideMemory, type ChunkMemory } from './chunkMemory.js';
import { layRegions } from './chunkRegions.js';
import type { DataArray } from '../dataArray.js';
import { checkInputs } from '../bind/instantiate.js';
import { assertSameSpecs, linearizedParts, type LinearizedParts } from './linearizedParts.js';
import type { LinearizedPlan, LinearizedPlanOptions, LinearizedPrograms } from './linearizedPlan.js';
import { MemoryLimitError } from '../memoryLimitError.js';

/**
 * Plans linearised programs for many chunks of data in one piece of memory; see {@link LinearizedPlan}.
 *
 * @param programs one linearised program per chunk size; inputs marked shared, sums and tangents have equal specs in all
 * @throws MemoryLimitError naming the bytes if not even one chunk at a time fits options.memoryBudget
 */
export function planLinearized(
  programs: readonly LinearizedPrograms[],
  options: LinearizedPlanOptions,
): LinearizedPlan {
  const { chunks, memoryBudget = 2 ** 31, deterministic = false, engine } = options;
  const room = options.workspace === undefined ? memoryBudget : Math.min(memoryBudget, roomIn(options.workspace));
  const { parts, memory } = bestParts(programs, options, room);
  const { resident, bytes } = memory;
  const workspace =
    options.workspace ?? createWorkspace({ bytes, deterministic, ...(engine === undefined ? {} : { engine }) });
  const {
    shared: sharedViews,
    sums,
    tangents,
    tangentOutputs,
    regionOf,
  } = layRegions(workspace, parts, memory, options);
  const given: (readonly (DataArray | undefined)[] | undefined)[] = chunks.map(() => undefined);
  const ready = chunks.map(() => false);
  let passingChunk = -1;
  const load = (chunk: number): void => {
    const data = given[chunk];
    if (data === undefined) throw new TypeError(`planLinearized: chunk ${chunk} has no data; call setData first`);
    if (chunk < resident) return;
    const { inputs } = regionOf(chunk);
    for (let i = 0; i < inputs.length; i++) inputs[i]?.set(data[i]!);
    passingChunk = -1;
  };
  const finish = (chunk: number): void => {
    checkInputs(parts[chunks[chunk]!]!.tangent, regionOf(chunk).residuals);
    ready[chunk] = true;
    if (chunk >= resident) passingChunk = chunk;
  };
  const inRange = (chunk: number): void => {
    if (!(chunk in chunks))
      throw new RangeError(`planLinearized: chunk must be in [0, ${chunks.length}), got ${chunk}`);
  };

  return {
    kernels: workspace.info,
    bytes,
    residentChunks: resident,
    residualBytes: chunks.slice(0, resident).reduce((sum, p) => sum + bytesOf(parts[p]!.stored), 0),
    shared: sharedViews,
    tangents,
    setData(chunk, inputs) {
      inRange(chunk);
      const part = parts[chunks[chunk]!]!;
      const { inputs: own } = regionOf(chunk);
      own.forEach((view, i) => {
        const data = inputs[i];
        if (view !== undefined && (data?.constructor !== view.constructor || data.length !== view.length)) {
          const got = data === undefined ? 'undefined' : `${data.constructor.name} of ${data.length}`;
          const want = `${view.constructor.name} of ${view.length}`;
          throw new TypeError(`planLinearized: input ${i} of chunk ${chunk} must be ${want}, got ${got}`);
        }
      });
      checkInputs(
        part.primal,
        sharedViews.map((view, i) => view ?? inputs[i]),
      );
      // resident chunks have copied: the caller's arrays may go
      given[chunk] = chunk < resident ? [] : inputs;
      ready[chunk] = false;
      if (chunk === passingChunk) passingChunk = -1;
      if (chunk < resident) own.forEach((view, i) => view?.set(inputs[i]!));
    },
    primal: chunkedRun({
      outputs: sums,
      flops: chunks.reduce((sum, p) => sum + parts[p]!.primal.flops, 0),
      run(chunk) {
        inRange(chunk);
        load(chunk);
        runSteps(regionOf(chunk).primal);
        finish(chunk);
      },
    }),
    tangent: chunkedRun({
      outputs: tangentOutputs,
      flops: chunks.reduce((sum, p, chunk) => {
        const again = chunk < resident ? 0 : parts[p]!.recompute.flops;
        return sum + parts[p]!.tangent.flops + again;
      }, 0),
      run(chunk) {
        inRange(chunk);
        if (!ready[chunk])
          throw new TypeError(`planLinearized: primal.run(${chunk}) must come before tangent.run(${chunk})`);
        if (chunk >= resident && chunk !== passingChunk) {
          load(chunk);
          runSteps(regionOf(chunk).recompute);
          passingChunk = chunk;
        }
        runSteps(regionOf(chunk).tangent);
      },
    }),
  };
}

function runSteps(steps: readonly Step[]): void {
  for (let i = 0; i < steps.length; i++) steps[i]!();
}

function roomIn(workspace: Workspace): number {
  return workspace.capacity - workspace.used;
}

/** Plans that store all residuals, or the frugal ones where they let more chunks stay. */
function bestParts(
  programs: readonly LinearizedPrograms[],
  { chunks, shared, outputs }: LinearizedPlanOptions,
  room: number,
): { parts: readonly LinearizedParts[]; memory: ChunkMemory } {
  const build = (frugal: boolean): { parts: readonly LinearizedParts[]; memory: ChunkMemory } => {
    const parts = programs.map((program) => linearizedParts(program, { outputs, frugal }));
    checkParts(parts, chunks, shared);
    return { parts, memory: divideMemory(parts, chunks, shared, room) };
  };
  const usual = build(false);
  if (usual.memory.resident === chunks.length) return usual;
  const frugal = build(true);
  const best = frugal.memory.resident > usual.memory.resident ? frugal : usual;
  const { resident, bytes } = best.memory;
  if (resident < 0) {
    const message = `planLinearized: one chunk at a time needs ${bytes} bytes, but memoryBudget leaves ${room}`;
    throw new MemoryLimitError(message, bytes, room);
  }
  return best;
}

function checkParts(parts: readonly LinearizedParts[], chunks: readonly number[], shared: readonly boolean[]): void {
  if (parts.length === 0) throw new TypeError('planLinearized: needs at least one program');
  for (const p of chunks) {
    if (!(p in parts))
      throw new RangeError(`planLinearized: chunks must name programs 0..${parts.length - 1}, got ${p}`);
  }
  const count = parts[0]!.primal.inputs.length;
  if (shared.length !== count)
    throw new TypeError(`planLinearized: shared needs ${count} entries, got ${shared.length}`);
  const sharedSpecs = parts.map(({ primal }) => primal.inputs.filter((_, i) => shared[i]));
  assertSameSpecs('shared inputs', sharedSpecs);
  for (const what of ['sums', 'tangents'] as const)
    assertSameSpecs(
      what,
      parts.map((part) => part[what]),
    );
  assertSameSpecs(
    'tangent outputs',
    parts.map(({ tangent }) => tangent.outputs),
  );
}
