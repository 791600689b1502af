import { ArgumentTypeError, refuse } from '@hyperribbon/contract';
import { type DataArray, dtypeOf, requireArray } from '../../dataArray.js';
import { checkInputs } from '../bind/instantiate.js';
import type { Step } from '../bind/bindSteps.js';
import type { Regions } from './chunkRegions.js';
import type { LinearizedParts } from './linearizedParts.js';

/** Whose data lie where: chunks before `resident` have memory of their own, the others pass through one region in turn. */
export interface ChunkData {
  /** see {@link LinearizedPlan.setData} */
  set(chunk: number, inputs: readonly (DataArray | undefined)[]): void;
  /** data in place, then the primal part: its residuals are there from now on */
  runPrimal(chunk: number): void;
  /** residuals in place, computed again if another chunk took their region, then the tangent part */
  runTangent(chunk: number): void;
}

/** @param chunks which of the parts each chunk runs */
export function chunkData(
  parts: readonly LinearizedParts[],
  { shared, regionOf }: Regions,
  chunks: readonly number[],
  resident: number,
): ChunkData {
  const given: (readonly (DataArray | undefined)[] | undefined)[] = chunks.map(() => undefined);
  const ready = chunks.map(() => false);
  /** the chunk whose residuals lie in the common region, −1 if none's do */
  let passing = -1;
  const requireChunk = (chunk: number): void => {
    if (!(chunk in chunks)) refuse('planLinearized', `chunk must be in [0, ${chunks.length}), got ${chunk}`);
  };
  const load = (chunk: number): void => {
    const data = given[chunk];
    if (data === undefined)
      throw new ArgumentTypeError(`planLinearized: chunk ${chunk} has no data; call setData first`);
    if (chunk < resident) return;
    const { inputs } = regionOf(chunk);
    for (let i = 0; i < inputs.length; i++) inputs[i]?.set(data[i]!);
    passing = -1;
  };
  return {
    set(chunk, inputs) {
      requireChunk(chunk);
      const { inputs: own, lists } = regionOf(chunk);
      own.forEach((view, i) => {
        const name = `input ${i} of chunk ${chunk}`;
        if (view !== undefined) requireArray('planLinearized', name, inputs[i], dtypeOf(view)!, view.length);
      });
      const all = shared.map((view, i) => view ?? inputs[i]);
      checkInputs(parts[chunks[chunk]!]!.primal, all);
      // resident chunks have copied: the caller's arrays may go
      given[chunk] = chunk < resident ? [] : inputs;
      ready[chunk] = false;
      if (chunk === passing) passing = -1;
      if (chunk < resident) own.forEach((view, i) => view?.set(inputs[i]!));
      lists?.make();
    },
    runPrimal(chunk) {
      requireChunk(chunk);
      load(chunk);
      const { primal, residuals } = regionOf(chunk);
      runSteps(primal);
      checkInputs(parts[chunks[chunk]!]!.tangent, residuals);
      ready[chunk] = true;
      if (chunk >= resident) passing = chunk;
    },
    runTangent(chunk) {
      requireChunk(chunk);
      if (!ready[chunk])
        throw new ArgumentTypeError(`planLinearized: primal.run(${chunk}) must come before tangent.run(${chunk})`);
      const { recompute, tangent } = regionOf(chunk);
      if (chunk >= resident && chunk !== passing) {
        load(chunk);
        runSteps(recompute);
        passing = chunk;
      }
      runSteps(tangent);
    },
  };
}

function runSteps(steps: readonly Step[]): void {
  for (let i = 0; i < steps.length; i++) steps[i]!();
}
