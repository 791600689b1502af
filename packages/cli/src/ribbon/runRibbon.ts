import type { SampleMaps, Sections, Setting, Study } from '@hyperribbon/report';
import { StudyRun, type Executor, type RunStatus, type StepLines } from '@hyperribbon/study';
import type { Jobs } from '../jobs/table.js';
import { runSetting, studyRecord } from '../output/studyRecord.js';
import { tellFailures } from '../output/tellFailures.js';
import { ensembleSection, finishedRun, inOrder, trajectoryJobs, type FinishedRun } from './ensembleRuns.js';
import { linearSpectrum, phasesOfData, predictLinear, regressionSteps, simulateLinear } from './linearRegression.js';
import { inputSection } from './linearSections.js';
import { manifold, manifoldSteps } from './manifold.js';
import { ribbonNotes } from './ribbonNotes.js';
import type { RibbonPlan } from './ribbonPlan.js';

const trainingStep = 'training the ensemble';

/**
 * The study: predicted and simulated linear regression beside the ensemble of networks, then the maps. Once `signal` is aborted it returns
 * soon, with what is done; unfinished runs are kept in their folder and go on when the study is run again.
 */
export async function runRibbon(
  plan: RibbonPlan,
  executor: Executor<Jobs>,
  options: { readonly signal: AbortSignal; readonly lines: StepLines },
): Promise<Study> {
  const run = new StudyRun(executor, options);
  const sets: readonly SampleMaps['samples'][] = ['train', 'test'];
  run.plan(
    ...Object.values(regressionSteps),
    trainingStep,
    ...sets.flatMap((set) => [manifoldSteps[set].divergences, manifoldSteps[set].maps]),
  );
  const sections = await runSteps(plan, run, sets);
  tellFailures(run, sections);
  const { status, seconds, timings } = run;
  return studyRecord(
    {
      kind: 'trajectories',
      title: `${plan.dataset}: training trajectories`,
      setting: setting(plan),
      sections,
      notes: ribbonNotes,
    },
    { status: { ...reasonOf(status), ...status }, seconds, timings },
  );
}

/** Without an interruption a step is missing only where too many runs diverged for a map. */
function reasonOf({ complete }: RunStatus): { readonly reason?: string } {
  return complete ? {} : { reason: 'too few runs stayed finite for a map' };
}

/** All steps; each section that was finished when the user stopped the study. */
async function runSteps(
  plan: RibbonPlan,
  run: StudyRun<Jobs>,
  sets: readonly SampleMaps['samples'][],
): Promise<Sections> {
  const spectrum = await run.part(regressionSteps.spectrum, () => linearSpectrum(plan, run));
  if (spectrum === undefined) return {};
  const inputSpectrum = inputSection(plan, spectrum);
  const prediction = await run.part(regressionSteps.prediction, () => predictLinear(plan, run, spectrum));
  // queued in this order, so the ensemble begins once threads are free, and its own pace foretells its end
  const [widths, phase, measured] = await Promise.all([
    prediction && run.part(regressionSteps.runs, () => simulateLinear(plan, run, spectrum, prediction)),
    prediction && run.part(regressionSteps.phase, () => phasesOfData(plan, run, prediction)),
    run.part(trainingStep, () => empirical(plan, run, sets)),
  ]);
  const linearRegression = { ...(widths ? { widths } : {}), ...(phase ? { phase } : {}) };
  return { inputSpectrum, ...(widths || phase ? { linearRegression } : {}), ...measured };
}

/** Trains the ensemble and maps it; runs that ended before the user stopped the study are in it. */
async function empirical(
  plan: RibbonPlan,
  run: StudyRun<Jobs>,
  sets: readonly SampleMaps['samples'][],
): Promise<Pick<Sections, 'ensemble'>> {
  const jobs = trajectoryJobs(plan);
  const runs: FinishedRun[] = [];
  const trained = await run.part(trainingStep, () =>
    run.jobs(trainingStep, jobs, {
      onResult: (result, i) => {
        const finished = finishedRun(jobs[i].job, result);
        if (finished !== undefined) runs.push(finished);
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
  const found = await Promise.all(
    sets.map((set) => run.part(manifoldSteps[set].maps, () => manifold(plan, run, ordered, set))),
  );
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
      'regression runs, steps': `${plan.regressionRuns}, ${plan.regressionSteps}`,
      runs: plan.runsFolder,
    },
  });
}
