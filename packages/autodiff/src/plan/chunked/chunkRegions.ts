import type { Workspace } from '@hyperribbon/kernels';
import type { DataArray } from '../../dataArray.js';
import type { Spec } from '../../program.js';
import { bindSteps, type Step } from '../bind/bindSteps.js';
import { bytesOf, type ChunkMemory } from './chunkMemory.js';
import { placeConstant, viewSpec } from '../bind/instantiate.js';
import { type InputLists, layLists } from './inputLists.js';
import type { LinearizedParts } from './linearizedParts.js';
import type { LinearizedPlanOptions } from './linearizedPlan.js';
import type { Instruction } from '../instruction.js';
import type { Plan } from '../plan.js';

/** Memory of one chunk, and the steps bound to it. */
export interface ChunkRegion {
  /** data by primal input; undefined where shared */
  readonly inputs: readonly (DataArray | undefined)[];
  readonly primal: readonly Step[];
  readonly recompute: readonly Step[];
  readonly tangent: readonly Step[];
  /** lists of inputs that are mostly zero, where they are kept */
  readonly lists: InputLists | undefined;
  /** the first inputs of the tangent program, for its index checks */
  readonly residuals: readonly DataArray[];
}

export interface Regions {
  readonly shared: readonly (DataArray | undefined)[];
  readonly sums: readonly DataArray[];
  readonly tangents: readonly DataArray[];
  readonly tangentOutputs: readonly DataArray[];
  /** of a chunk's own, or the one that all chunks without their own pass through */
  regionOf(chunk: number): ChunkRegion;
}

/**
 * Takes memory.bytes from the workspace and binds every program to them, once per resident chunk.
 *
 * @param listed by chunk that keeps lists, by primal input: how many entries are not zero; these lists are taken besides
 */
export function layRegions(
  workspace: Workspace,
  parts: readonly LinearizedParts[],
  { resident, transientBytes, arenaBytes, chunkBytes }: ChunkMemory,
  { chunks, shared }: Pick<LinearizedPlanOptions, 'chunks' | 'shared'>,
  listed: readonly (readonly (number | undefined)[])[],
): Regions {
  const [first] = parts as readonly [LinearizedParts];
  const allocate = (spec: Spec): number => workspace.allocate(bytesOf([spec]));
  const views = (specs: readonly Spec[], pointers: readonly number[]): DataArray[] =>
    specs.map((spec, i) => viewSpec(workspace, spec, pointers[i]!));
  const arena = workspace.allocate(arenaBytes);
  const sharedPointers = first.primal.inputs.map((spec, i) => (shared[i] ? allocate(spec) : -1));
  const sums = first.sums.map(allocate);
  const tangents = first.tangents.map(allocate);
  const tangentOutputs = first.tangent.outputs.map(allocate);
  const constants = placeConstants(workspace, parts);
  const region = (part: LinearizedParts, pointer: number, entries?: readonly (number | undefined)[]): ChunkRegion => {
    let next = pointer;
    const take = (spec: Spec): number => {
      const here = next;
      next += bytesOf([spec]);
      return here;
    };
    const data = part.primal.inputs.map((spec, i) => (shared[i] ? sharedPointers[i]! : take(spec)));
    const stored = part.stored.map(take);
    const residuals = part.residuals.map((r) => ('input' in r ? data[r.input]! : stored[r.stored]!));
    const values = views(part.primal.inputs, data);
    const inputViews = data.map((at, i) => ({ pointer: at, values: values[i]! }));
    const lists = entries && layLists(workspace, part, entries, inputViews);
    const bind = (plan: Plan, inputs: readonly number[], outputs: readonly number[]): Step[] => {
      const places = plan.constants.map((constant) => constants.get(constant)!);
      const listOf = lists && ((instruction: Instruction) => lists.of(plan, instruction));
      return bindSteps(plan, workspace, { arena, inputs, outputs, constants: places, listOf });
    };
    return {
      inputs: values.map((view, i) => (shared[i] ? undefined : view)),
      primal: bind(part.primal, data, [...sums, ...stored]),
      recompute: bind(part.recompute, data, stored),
      tangent: bind(part.tangent, [...residuals, ...tangents], tangentOutputs),
      lists,
      residuals: views(part.tangent.inputs.slice(0, residuals.length), residuals),
    };
  };
  const own = chunks
    .slice(0, resident)
    .map((p, chunk) => region(parts[p]!, workspace.allocate(chunkBytes[p]!), listed[chunk]));
  const transient = resident < chunks.length ? workspace.allocate(transientBytes) : 0;
  const passing = resident < chunks.length ? parts.map((part) => region(part, transient)) : [];
  return {
    shared: first.primal.inputs.map((spec, i) =>
      shared[i] ? viewSpec(workspace, spec, sharedPointers[i]!) : undefined,
    ),
    sums: views(first.sums, sums),
    tangents: views(first.tangents, tangents),
    tangentOutputs: views(first.tangent.outputs, tangentOutputs),
    regionOf: (chunk) => own[chunk] ?? passing[chunks[chunk]!]!,
  };
}

/** Every constant of every program once, with its address. */
function placeConstants(workspace: Workspace, parts: readonly LinearizedParts[]): ReadonlyMap<DataArray, number> {
  const constants = new Map<DataArray, number>();
  for (const { primal, recompute, tangent } of parts) {
    for (const data of [primal, recompute, tangent].flatMap((plan) => plan.constants)) {
      if (!constants.has(data)) constants.set(data, placeConstant(data, workspace));
    }
  }
  return constants;
}
