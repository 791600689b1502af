import type { StudyRun } from '@hyperribbon/study';
import type { Jobs } from '../jobs/table.js';
import type { AnalysisPlan } from './plan.js';
import type { Sections } from './sections.js';

/** What the steps of one analysis share. */
export interface AnalysisRun<Plan extends AnalysisPlan = AnalysisPlan> {
  readonly plan: Plan;
  readonly run: StudyRun<Jobs>;
  readonly sections: Sections;
  /** files to write beside the report, by name */
  readonly attachments: Map<string, string | Uint8Array>;
}

export const steps = {
  inputs: 'input spectrum',
  plain: 'training',
  decayed: 'training towards the start',
  fisherInit: 'Fisher matrix at initialisation',
  hessian: 'Hessian',
  ggn: 'Gauss-Newton matrix',
  fisher: 'Fisher matrix',
  gram: 'whole Fisher spectrum',
  stiff: 'stiff directions of the decayed network',
  bound: 'bound',
} as const;

/** What waits behind the start of a run goes first: the bound's draws, then what trains for them. */
export const priorities = { draws: 3, training: 2, stiff: 1 };
