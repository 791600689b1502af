import { createWorkspace, type Dtype, type FloatArray, type KernelTable, type Workspace } from '@hyperribbon/kernels';

/** Directions (k, p) that kernels read, in a workspace with room for what is computed from them. */
export interface DirectionsInMemory {
  readonly workspace: Workspace;
  /** kernels of the dtype */
  readonly table: KernelTable;
  /** where the directions lie */
  readonly basis: number;
  /** bytes of a number of the dtype */
  readonly width: number;
  /** Numbers of the dtype. */
  view(pointer: number, length: number): FloatArray;
}

/** @param room what else will be allocated, in a few pieces: numbers of the dtype, and float64 numbers */
export function directionsInMemory(
  directions: FloatArray,
  dtype: Dtype,
  deterministic: boolean,
  room: { readonly numbers: number; readonly doubles?: number },
): DirectionsInMemory {
  const double = dtype === 'float64';
  const width = double ? 8 : 4;
  // every piece is aligned to 64 bytes
  const bytes = (directions.length + room.numbers) * width + (room.doubles ?? 0) * 8 + 1024;
  const workspace = createWorkspace({ bytes, deterministic });
  const view = (pointer: number, length: number): FloatArray =>
    double ? workspace.float64View(pointer, length) : workspace.float32View(pointer, length);
  const basis = workspace.allocate(directions.length * width);
  view(basis, directions.length).set(directions);
  return { workspace, table: workspace[dtype], basis, width, view };
}
