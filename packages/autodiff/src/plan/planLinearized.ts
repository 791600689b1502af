import { createWorkspace, type Workspace } from '@hyperribbon/kernels';
import type { Spec } from '../program.js';
import { sizeOf } from '../specs.js';
import { aligned } from './bestFit.js';
import { bindSteps, type Step } from './bindSteps.js';
import { chunkedRun } from './chunkedRun.js';
import type { DataArray } from './dataArray.js';
import { checkInputs, placeConstants, viewSpec } from './instantiate.js';
import { elementBytes } from './instruction.js';
import { assertSameSpecs, linearizedParts, type LinearizedParts } from './linearizedParts.js';
import type { LinearizedPlan, LinearizedPlanOptions, LinearizedPrograms } from './linearizedPlan.js';
import { MemoryLimitError } from './memoryLimitError.js';
import type { Plan } from './plan.js';

/** Memory of one chunk: its data by primal input, and its residuals. */
interface Region {
  readonly inputs: readonly (DataArray | undefined)[];
  readonly primal: readonly Step[];
  readonly recompute: readonly Step[];
  readonly tangent: readonly Step[];
  /** residuals as inputs of the tangent program, for its index checks */
  readonly residuals: readonly DataArray[];
}

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
  const { chunks, shared, memoryBudget = 2 ** 31, deterministic = false, engine } = options;
  const parts = programs.map((program) => linearizedParts(program, options.outputs));
  checkChunks(chunks, parts);
  const sharedSpecs = ({ primal }: LinearizedParts): Spec[] => primal.inputs.filter((_, i) => shared[i]);
  const [first] = parts as [LinearizedParts, ...LinearizedParts[]];
  if (shared.length !== first.primal.inputs.length) {
    throw new TypeError(`planLinearized: shared needs ${first.primal.inputs.length} entries, got ${shared.length}`);
  }
  assertSameSpecs('shared inputs', parts.map(sharedSpecs));
  assertSameSpecs(
    'sums',
    parts.map(({ sums }) => sums),
  );
  assertSameSpecs(
    'tangents',
    parts.map(({ tangents }) => tangents),
  );
  assertSameSpecs(
    'tangent outputs',
    parts.map(({ tangent }) => tangent.outputs),
  );

  const dataSpecs = parts.map(({ primal }) => primal.inputs.filter((_, i) => !shared[i]));
  const dataBytes = dataSpecs.map(bytesOf);
  const residualBytes = parts.map(({ stored }) => bytesOf(stored));
  const chunkBytes = parts.map((_, p) => dataBytes[p]! + residualBytes[p]!);
  const common = bytesOf([...sharedSpecs(first), ...first.sums, ...first.tangents, ...first.tangent.outputs]);
  const plans = parts.flatMap(({ primal, recompute, tangent }) => [primal, recompute, tangent]);
  const constants = plans.reduce(
    (sum, { constants: list }) => sum + list.reduce((s, d) => s + aligned(d.byteLength), 0),
    0,
  );
  const arenaBytes = Math.max(...plans.map(({ layout }) => layout.total));
  const fixed = common + constants + arenaBytes;
  const room = options.workspace === undefined ? memoryBudget : Math.min(memoryBudget, roomIn(options.workspace));
  const { resident, bytes, transientBytes } = fit(chunks, chunkBytes, fixed, room);

  const workspace =
    options.workspace ?? createWorkspace({ bytes, deterministic, ...(engine === undefined ? {} : { engine }) });
  const allocate = (spec: Spec): number => workspace.allocate(sizeOf(spec.shape) * elementBytes(spec.dtype));
  const arena = workspace.allocate(arenaBytes);
  const sharedPointers = first.primal.inputs.map((spec, i) => (shared[i] ? allocate(spec) : -1));
  const sumPointers = first.sums.map(allocate);
  const tangentPointers = first.tangents.map(allocate);
  const outputPointers = first.tangent.outputs.map(allocate);
  const constantPointers = new Map<Plan, number[]>(plans.map((p) => [p, placeConstants(p, workspace)]));

  const region = (part: LinearizedParts, pointer: number): Region => {
    let next = pointer;
    const take = (spec: Spec): number => {
      const here = next;
      next += bytesOf([spec]);
      return here;
    };
    const inputPointers = part.primal.inputs.map((spec, i) => (shared[i] ? sharedPointers[i]! : take(spec)));
    const stored = part.stored.map(take);
    const residuals = part.residuals.map((r) => ('input' in r ? inputPointers[r.input]! : stored[r.stored]!));
    const bind = (p: Plan, inputs: readonly number[], outputs: readonly number[]): Step[] =>
      bindSteps(p, workspace, { arena, inputs, outputs, constants: constantPointers.get(p)! });
    return {
      inputs: part.primal.inputs.map((spec, i) =>
        shared[i] ? undefined : viewSpec(workspace, spec, inputPointers[i]!),
      ),
      primal: bind(part.primal, inputPointers, [...sumPointers, ...stored]),
      recompute: bind(part.recompute, inputPointers, stored),
      tangent: bind(part.tangent, [...residuals, ...tangentPointers], outputPointers),
      residuals: residuals.map((p, i) => viewSpec(workspace, part.tangent.inputs[i]!, p)),
    };
  };
  const residents = chunks.slice(0, resident).map((p) => region(parts[p]!, workspace.allocate(chunkBytes[p]!)));
  const transient = transientBytes > 0 ? workspace.allocate(transientBytes) : 0;
  const passing = parts.map((part) => (resident < chunks.length ? region(part, transient) : undefined));
  const regionOf = (chunk: number): Region => residents[chunk] ?? passing[chunks[chunk]!]!;

  const sharedViews = first.primal.inputs.map((spec, i) =>
    shared[i] ? viewSpec(workspace, spec, sharedPointers[i]!) : undefined,
  );
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
  const views = (specs: readonly Spec[], pointers: readonly number[]): DataArray[] =>
    specs.map((spec, i) => viewSpec(workspace, spec, pointers[i]!));

  return {
    kernels: workspace.info,
    bytes,
    residentChunks: resident,
    residualBytes: chunks.slice(0, resident).reduce((sum, p) => sum + residualBytes[p]!, 0),
    shared: first.primal.inputs.map((spec, i) =>
      shared[i] ? viewSpec(workspace, spec, sharedPointers[i]!) : undefined,
    ),
    tangents: views(first.tangents, tangentPointers),
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
      given[chunk] = inputs;
      ready[chunk] = false;
      if (chunk === passingChunk) passingChunk = -1;
      if (chunk < resident) own.forEach((view, i) => view?.set(inputs[i]!));
    },
    primal: chunkedRun({
      outputs: views(first.sums, sumPointers),
      flops: chunks.reduce((sum, p) => sum + parts[p]!.primal.flops, 0),
      run(chunk) {
        inRange(chunk);
        load(chunk);
        runSteps(regionOf(chunk).primal);
        finish(chunk);
      },
    }),
    tangent: chunkedRun({
      outputs: views(first.tangent.outputs, outputPointers),
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

function bytesOf(specs: readonly Spec[]): number {
  return specs.reduce((sum, { shape, dtype }) => sum + aligned(sizeOf(shape) * elementBytes(dtype)), 0);
}

function roomIn(workspace: Workspace): number {
  return workspace.capacity - workspace.used;
}

/** As many chunks as fit stay; if some do not, one region is set aside that they pass through. */
function fit(
  chunks: readonly number[],
  chunkBytes: readonly number[],
  fixed: number,
  room: number,
): { resident: number; bytes: number; transientBytes: number } {
  const everything = chunks.reduce((sum, p) => sum + chunkBytes[p]!, fixed);
  if (everything <= room) return { resident: chunks.length, bytes: everything, transientBytes: 0 };
  const transientBytes = Math.max(...chunkBytes);
  let bytes = fixed + transientBytes;
  if (bytes > room) {
    const message = `planLinearized: one chunk at a time needs ${bytes} bytes, but there are ${room}`;
    throw new MemoryLimitError(message, bytes, room);
  }
  let resident = 0;
  while (bytes + chunkBytes[chunks[resident]!]! <= room) bytes += chunkBytes[chunks[resident++]!]!;
  return { resident, bytes, transientBytes };
}

function checkChunks(chunks: readonly number[], parts: readonly LinearizedParts[]): void {
  if (parts.length === 0) throw new TypeError('planLinearized: needs at least one program');
  for (const p of chunks) {
    if (!(p in parts))
      throw new RangeError(`planLinearized: chunks must name programs 0..${parts.length - 1}, got ${p}`);
  }
}
