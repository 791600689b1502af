import type { Workspace } from '@hyperribbon/kernels';
import { type DataArray, requireDtype } from '../../dataArray.js';
import type { ElementType, Spec } from '../../program.js';
import { sizeOf } from '../../specs.js';
import { bindSteps, type Addresses, type Step } from './bindSteps.js';
import { checkIndices } from '../lower/indexCheck.js';
import { elementBytes } from '../instruction.js';
import type { Plan } from '../plan.js';

/** A plan with memory of its own: write `inputs`, call `run`, read `outputs`. */
export interface Instance {
  readonly plan: Plan;
  readonly inputs: readonly DataArray[];
  readonly outputs: readonly DataArray[];
  readonly steps: readonly Step[];
  /** Runs the steps. @throws ArgumentError if an int32 input that serves as an index is out of range */
  run(): void;
}

/** Takes plan.bytes from the workspace and binds the plan to them. */
export function instantiate(plan: Plan, workspace: Workspace): Instance {
  const allocate = ({ shape, dtype }: Spec): number => workspace.allocate(sizeOf(shape) * elementBytes(dtype));
  const addresses: Addresses = {
    inputs: plan.inputs.map(allocate),
    outputs: plan.outputs.map(allocate),
    constants: plan.constants.map((data) => placeConstant(data, workspace)),
    arena: workspace.allocate(plan.layout.total),
  };
  const inputs = plan.inputs.map((spec, i) => viewSpec(workspace, spec, addresses.inputs[i]!));
  const outputs = plan.outputs.map((spec, i) => viewSpec(workspace, spec, addresses.outputs[i]!));
  const steps = bindSteps(plan, workspace, addresses);
  const run = (): void => {
    checkInputs(plan, inputs);
    for (let i = 0; i < steps.length; i++) steps[i]!();
  };
  return { plan, inputs, outputs, steps, run };
}

/** Copies a constant into the workspace. */
export function placeConstant(data: DataArray, workspace: Workspace): number {
  const pointer = workspace.allocate(data.byteLength);
  viewOf(workspace, requireDtype('plan', 'a constant', data), pointer, data.length).set(data);
  return pointer;
}

/** @throws ArgumentError naming the first index out of range */
export function checkInputs(plan: Plan, inputs: readonly (DataArray | undefined)[]): void {
  const { checks } = plan;
  for (let i = 0; i < checks.length; i++) {
    const { op, input, length, limit, offset } = checks[i]!;
    checkIndices(op, inputs[input] as Int32Array, length, limit, offset);
  }
}

/** A typed array over memory of a workspace. */
export function viewSpec(workspace: Workspace, { shape, dtype }: Spec, pointer: number): DataArray {
  return viewOf(workspace, dtype, pointer, sizeOf(shape));
}

function viewOf(workspace: Workspace, dtype: ElementType, pointer: number, length: number): DataArray {
  if (dtype === 'float32') return workspace.float32View(pointer, length);
  return dtype === 'float64' ? workspace.float64View(pointer, length) : workspace.int32View(pointer, length);
}
