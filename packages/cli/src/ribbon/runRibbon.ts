import type { SampleMaps, Sections, Setting, Study } from '@hyperribbon/report';
import type { TrajectoryJob } from '../jobs/trajectory.js';
import type { WorkerPool } from '../jobs/workerPool.js';
import type { ProgressLines } from '../output/progressLines.js';
import { runSetting, studyRecord } from '../output/studyRecord.js';
import { ensembleSection, finishedRun, inOrder, trajectoryJobs, type FinishedRun } from './ensembleRuns.js';
import { JobGroups, together, unlessStopped } from './jobGroups.js';
import { linearSpectrum, phasesOfData, predictLinear, regressionSteps, simulateLinear } from './linearRegression.js';
import { inputSection } from './linearSections.js';
import { manifold, manifoldSteps } from './manifold.js';
import { ribbonNotes } from './ribbonNotes.js';
import type { RibbonPlan } from './ribbonPlan.js';

const trainingStep = 'training the ensemble';

/**
 * The study: predicted and simulated linear regression beside the ensemble of networks, then the maps. After `pool.stop()` it returns
 * soon, with what is done; unfinished runs are kept in their folder and go on when the study is run again.
 */
export async function runRibbon(
  plan: RibbonPlan,
  pool: WorkerPool,
  progress: ProgressLines,
  stopped: () => boolean,
): Promise<Study> {
  const began = performance.now();
  const groups = new JobGroups(pool, progress, stopped);
  const sets: readonly SampleMaps['samples'][] = ['train', 'test'];
  groups.plan(
    ...Object.values(regressionSteps),
    trainingStep,
    ...sets.flatMap((set) => [manifoldSteps[set].divergences, manifoldSteps[set].maps]),
  );
  const sections = await runSteps(plan, groups, sets);
  const { missing, timings } = groups;
  return studyRecord(
    {
      kind: 'trajectories',
      title: `${plan.dataset}: training trajectories`,
      setting: setting(plan),
      sections,
      notes: ribbonNotes,
    },
    {
      status: { complete: missing.length === 0, missing, ...reasonOf(stopped(), missing.length > 0) },
      seconds: (performance.now() - began) / 1000,
      timings,
    },
  );
}

/** Without an interruption a step is missing only where too many runs diverged for a map. */
function reasonOf(stopped: boolean, incomplete: boolean): { readonly reason?: string } {
  if (stopped) return { reason: 'interrupted' };
  return incomplete ? { reason: 'too few runs stayed finite for a map' } : {};
}

/** All steps; each section that was finished when the user stopped the study. */
async function runSteps(
  plan: RibbonPlan,
  groups: JobGroups,
  sets: readonly SampleMaps['samples'][],
): Promise<Sections> {
  const spectrum = await unlessStopped(linearSpectrum(plan, groups));
  if (spectrum === undefined) return {};
  const inputSpectrum = inputSection(plan, spectrum);
  const prediction = await unlessStopped(predictLinear(plan, groups, spectrum));
  if (prediction === undefined) return { inputSpectrum };
  // queued in this order, so the ensemble begins once threads are free, and its own pace foretells its end
  const linear = together(
    unlessStopped(simulateLinear(plan, groups, spectrum, prediction)),
    unlessStopped(phasesOfData(plan, groups, prediction)),
  );
  const [[widths, phase], measured] = await together(linear, empirical(plan, groups, sets));
  const linearRegression = { ...(widths ? { widths } : {}), ...(phase ? { phase } : {}) };
  return { inputSpectrum, ...(widths || phase ? { linearRegression } : {}), ...measured };
}

/** Trains the ensemble and maps it; runs that ended before the user stopped the study are in it. */
async function empirical(
  plan: RibbonPlan,
  groups: JobGroups,
  sets: readonly SampleMaps['samples'][],
): Promise<Pick<Sections, 'ensemble'>> {
  const jobs = trajectoryJobs(plan);
  const runs: FinishedRun[] = [];
  const trained = await unlessStopped(
    groups.run<TrajectoryJob>(trainingStep, jobs, {
      onResult: (result, i) => {
        const run = finishedRun(jobs[i].job, result);
        if (run !== undefined) runs.push(run);
      },
      counted: (done, total) => `${done} of ${total} runs`,
      summary: () =>
        `${runs.length} runs, ${runs.reduce((sum, { recording }) => sum + recording.steps.length, 0)} checkpoints`,
    }),
  );
  if (runs.length === 0) return {};
  const ordered = inOrder(plan, runs);
  const ensemble = ensembleSection(plan, ordered);
  if (trained === undefined) return { ensemble };
  const found = await Promise.all(sets.map((set) => unlessStopped(manifold(plan, groups, ordered, set))));
  const maps = found.filter((section) => section !== undefined);
  return { ensemble: { ...ensemble, ...(maps.length > 0 ? { maps } : {}) } };
}

function setting(plan: RibbonPlan): Setting {
  return runSetting(plan, {
    trainCount: plan.trainCount,
    testCount: plan.testCount,
    features: plan.train.features,
    classes: plan.train.classes,
    numbers: 'float32 in training, float64 in maps',
    options: {
      'regression runs, steps': `${plan.regression.runs}, ${plan.regression.steps}`,
      runs: plan.runsFolder,
    },
  });
}
