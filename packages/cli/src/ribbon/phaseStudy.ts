import { examplesIdentity } from '@hyperribbon/data';
import { flattestDecay } from '@hyperribbon/linear-dynamics';
import type { Note, Sections, Study } from '@hyperribbon/report';
import { StudyRun, type Executor, type StepLines } from '@hyperribbon/study';
import { loadNamed } from '../input/dataSource.js';
import { saidOf } from '../input/standardization.js';
import { shareExamples } from '../input/shareExamples.js';
import { head } from '../input/splits.js';
import type { Jobs } from '../jobs/table.js';
import { chosenOf, flagOf, type Given } from '../options/option.js';
import { dataOptions } from '../options/shared.js';
import { runSetting, studyRecord } from '../output/studyRecord.js';
import { tellFailures } from '../output/tellFailures.js';
import type { RunIdentity } from '../runs/runRecord.js';
import { UsageError } from '../usageError.js';
import { linearSpectrum, phasesOfData, predictLinear, regressionSteps } from './linearRegression.js';
import { inputSection } from './linearSections.js';
import type { phaseOptions } from './phaseOptions.js';
import { ribbonNotes } from './ribbonNotes.js';
import type { RegressionPlan } from './ribbonPlan.js';
import { inputScale, requireStudiable, scaled } from './samples.js';

/** What decides a phase diagram: its axes, and the data whose place in it is shown, if any. */
export interface PhasePlan extends Omit<RegressionPlan, 'train'> {
  readonly dataset: string;
  readonly task: string;
  /** what was made of a file that a person should know */
  readonly notes: readonly string[];
  /** what --standardize says became of the inputs */
  readonly standardize?: string;
  readonly data?: Pick<RegressionPlan, 'train'> & { readonly inputScale: number; readonly identity: string };
  readonly workers: number;
  readonly commandLine: string;
}

/** Reads the data, if there are any. @throws UsageError for options that go with data, without them */
export async function phasePlan(given: Given<typeof phaseOptions>, commandLine: string): Promise<PhasePlan> {
  const { steps, relativeStep, points, decays, ratios, initialScale, deterministic, workers } = given;
  if (relativeStep >= 2)
    throw new UsageError(`--relative-step: must be below 2, where descent diverges, got "${relativeStep}"`);
  const flattest = flattestDecay(relativeStep * steps);
  if (decays !== undefined && decays.from < flattest) {
    throw new UsageError(
      `--decays: ${decays.from} is too flat for ${steps} steps, take at least ${flattest.toPrecision(2)}`,
    );
  }
  const diagram = {
    regressionSteps: steps,
    relativeStep,
    phasePoints: points,
    decays,
    ratios,
    initialScale,
    deterministic,
  };
  const shared = { ...diagram, workers, commandLine };
  if (given.data === undefined && given.inputs === undefined) {
    const idle = Object.keys({
      ...chosenOf(dataOptions, given),
      ...chosenOf({ initialScale: 0, trainExamples: 0 } as never, given),
    });
    if (idle.length > 0)
      throw new UsageError(`${flagOf(idle[0])}: goes with data; name them by --data, or leave it off`);
    return { ...shared, dataset: 'spectra e^(−c i)', task: 'linear regression', notes: [] };
  }
  const { name, task, notes, examples } = await loadNamed(chosenOf(dataOptions, given));
  const train = head(examples, given.trainExamples ?? 5000);
  requireStudiable(train);
  const scale = inputScale(train);
  const data = { train: shareExamples(scaled(train, scale)), inputScale: scale, identity: examplesIdentity(train) };
  return { ...shared, dataset: name, task, notes, ...saidOf(given), data };
}

/** What makes a diagram the one it is. */
export function phaseIdentity({ data, ...plan }: PhasePlan): RunIdentity {
  const { regressionSteps: steps, relativeStep, phasePoints, decays, ratios, initialScale, deterministic } = plan;
  const axes = { decays: rangeText(decays), ratios: rangeText(ratios) };
  return {
    command: 'phase',
    steps,
    relativeStep,
    phasePoints,
    ...axes,
    initialScale,
    deterministic,
    data: data?.identity,
  };
}

function rangeText(range: RegressionPlan['decays']): string | undefined {
  return range && `${range.from}:${range.to}`;
}

/** The diagram, and the place of the data. Once `signal` is aborted it returns soon, with what is done. */
export async function runPhase(
  plan: PhasePlan,
  executor: Executor<Jobs>,
  options: { readonly signal: AbortSignal; readonly lines: StepLines },
): Promise<Study> {
  const run = new StudyRun(executor, options);
  const { spectrum, prediction, phase } = regressionSteps;
  run.plan(...(plan.data === undefined ? [] : [spectrum, prediction]), phase);
  const sections = await sectionsOf(plan, run);
  tellFailures(run, sections);
  const { status, seconds, timings } = run;
  const { train } = plan.data ?? {};
  const setting = runSetting(plan, {
    ...(train && { trainCount: train.count, features: train.features, classes: train.classes }),
    numbers: 'float64',
    options: { steps: plan.regressionSteps, 'relative step': plan.relativeStep, points: plan.phasePoints },
  });
  const title = plan.data === undefined ? 'Phase diagram of linear regression' : `${plan.dataset}: phase diagram`;
  return studyRecord(
    { kind: 'phase diagram', title, setting, sections, notes: reconstruction },
    { status, seconds, timings },
  );
}

async function sectionsOf(plan: PhasePlan, run: StudyRun<Jobs>): Promise<Sections> {
  if (plan.data === undefined) {
    const phase = await run.part(regressionSteps.phase, () => phasesOfData(plan, run));
    return phase === undefined ? {} : { linearRegression: { phase } };
  }
  const regression = { ...plan, ...plan.data };
  const spectrum = await run.part(regressionSteps.spectrum, () => linearSpectrum(regression, run));
  if (spectrum === undefined) return {};
  const inputSpectrum = inputSection(regression, spectrum);
  const prediction = await run.part(regressionSteps.prediction, () => predictLinear(regression, run, spectrum));
  const phase = prediction && (await run.part(regressionSteps.phase, () => phasesOfData(regression, run, prediction)));
  return { ...(phase ? { linearRegression: { phase } } : {}), inputSpectrum };
}

/** What the numbers are and what they are not. */
const reconstruction: readonly Note[] = ribbonNotes.filter(({ kind }) => kind === 'reconstruction');
