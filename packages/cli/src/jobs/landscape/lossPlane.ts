import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import {
  type AxesChoice,
  type LossPlane,
  planeOf,
  planeRows,
  planPlane,
  type PlanePlan,
  type PlaneTrajectory,
} from '@hyperribbon/landscape/plane';
import { type Examples, type LossData, networkFromData } from '@hyperribbon/nn';
import type { JobContext } from '@hyperribbon/study';
import type { Model } from '../../input/model.js';

/** What every part of a plane is about. */
interface PlaneJob {
  readonly model: Model;
  readonly examples: Examples;
  readonly loss: LossData;
  readonly dtype: Dtype;
  readonly deterministic: boolean;
}

/** Directions and coordinates of a plane. */
export interface PlanPlaneJob extends Omit<PlaneJob, 'dtype' | 'deterministic'> {
  readonly axes: AxesChoice;
  readonly size: number;
  readonly seed: number;
  readonly trajectory?: PlaneTrajectory;
}

export async function runPlanPlane(job: PlanPlaneJob, { signal, report }: JobContext): Promise<PlanePlan> {
  const { model, examples, ...options } = job;
  return planPlane(networkFromData(model.network), model.params, examples, { ...options, signal, onProgress: report });
}

/** The losses of some rows: threads share a plane. */
export interface PlaneRowsJob extends PlaneJob {
  readonly plan: PlanePlan;
  readonly from: number;
  readonly to: number;
}

export async function runPlaneRows(job: PlaneRowsJob, { signal, report }: JobContext): Promise<Float64Array> {
  const { model, examples, plan, ...options } = job;
  const network = networkFromData(model.network);
  return planeRows(network, model.params, examples, plan, { ...options, signal, onProgress: report });
}

/** A plane of the losses of all its rows. */
export interface WholePlaneJob extends PlaneJob {
  readonly plan: PlanePlan;
  readonly losses: Float64Array;
  readonly trajectory?: PlaneTrajectory;
}

export async function runWholePlane(job: WholePlaneJob, { signal }: JobContext): Promise<LossPlane> {
  const { model, examples, plan, ...options } = job;
  return planeOf(networkFromData(model.network), model.params as FloatArray, examples, plan, { ...options, signal });
}
