import type { Note } from '@hyperribbon/report';
import type { StudyRun } from '@hyperribbon/study';
import type { WatchDescentResult } from '../jobs/landscape/watchDescent.js';
import type { Jobs } from '../jobs/table.js';
import type { LandscapePlan } from './plan.js';

/** Weights that the rest is about, and the run that led there. */
export interface Centre {
  readonly params: WatchDescentResult['params'];
  readonly trajectory?: WatchDescentResult['trajectory'];
}

/** What a run works with. */
export interface LandscapeRun {
  readonly plan: LandscapePlan;
  readonly run: StudyRun<Jobs>;
  /** where the descent is kept */
  readonly folder: string;
  readonly notes: Note[];
}
