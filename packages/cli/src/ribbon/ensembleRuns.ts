import { join } from 'node:path';
import type { StepJob } from '@hyperribbon/study';
import type { Jobs } from '../jobs/table.js';
import { kernelInfo } from '@hyperribbon/kernels';
import { checkpointSteps } from '@hyperribbon/linear-dynamics';
import { networkProgram, networkToData } from '@hyperribbon/nn';
import { parseArchitecture } from '@hyperribbon/nn/models';
import type { EnsembleSection } from '@hyperribbon/report';
import type { TrajectoryJob, TrajectoryResult } from '../jobs/trajectory.js';
import type { Configuration } from '../jobs/configuration.js';
import { seedsOf, type RibbonPlan } from './ribbonPlan.js';
import { readPartialRun, readRun, runFileName, type Recording, type RunSettings } from '../jobs/trajectoryFile.js';

/** One finished run with what it recorded. */
export interface FinishedRun {
  readonly settings: RunSettings;
  readonly reason: Exclude<TrajectoryResult['reason'], 'aborted'>;
  readonly recording: Recording;
}

/** Settings of every run: seed by seed, so that whatever is done when a study stops has both families in it. */
export function runSettings(plan: RibbonPlan): readonly RunSettings[] {
  const { flavour, engine } = kernelInfo({ deterministic: plan.deterministic });
  return seedsOf(plan).flatMap((seed) =>
    [...plan.configurations]
      .sort((a, b) => work(b, plan) - work(a, plan))
      .map((configuration) => ({
        ...configuration,
        version: 1 as const,
        seed,
        epochs: plan.epochs,
        inputScale: plan.inputScale,
        trainIdentity: plan.trainIdentity,
        samplesIdentity: plan.samplesIdentity,
        deterministic: plan.deterministic,
        kernels: `${flavour} ${engine}`,
      })),
  );
}

/** The runs as jobs, the longest of each seed first. */
export function trajectoryJobs(plan: RibbonPlan): readonly StepJob<Jobs, 'trajectory'>[] {
  return runSettings(plan).map((settings) => ({
    job: {
      kind: 'trajectory' as const,
      settings,
      network: networkToData(parseArchitecture(settings.architecture)),
      train: plan.train,
      samples: plan.watched,
      trainSamples: plan.trainSamples,
      file: runFile(plan, settings),
    },
    weight: work(settings, plan),
    label: `${settings.name} seed ${settings.seed}`,
  }));
}

/** Reads every run that is there, so that a damaged one is told before hours of work. @throws UsageError naming its file */
export function requireIntactRuns(plan: RibbonPlan): void {
  for (const settings of runSettings(plan)) {
    const file = runFile(plan, settings);
    if (readRun(file, settings) === undefined) readPartialRun(file, settings);
  }
}

/** What the file of a run holds once its job has ended. */
export function finishedRun(job: TrajectoryJob, { reason }: TrajectoryResult): FinishedRun | undefined {
  if (reason === 'aborted') return undefined;
  const recording = readRun(job.file, job.settings);
  return recording && { settings: job.settings, reason, recording };
}

export function runFile(plan: Pick<RibbonPlan, 'runsFolder'>, settings: RunSettings): string {
  return join(plan.runsFolder, runFileName(settings));
}

/**
 * Seconds of a run up to a factor: multiplications of its layers, those of convolutions counted seven times because their sums are
 * short, and what a step costs whatever the network.
 */
function work(configuration: Configuration, plan: RibbonPlan): number {
  const { architecture, batchSize } = configuration;
  const network = parseArchitecture(architecture);
  const convolved = networkProgram(network, 2).maps.reduce(
    (sum, { positions, inputs, outputs }) => (positions === 1 ? sum : sum + positions * inputs * outputs),
    0,
  );
  const perExample = network.size + 7 * convolved + 2 * network.inputs;
  const steps = plan.epochs * Math.ceil(plan.train.count / batchSize);
  return plan.epochs * plan.train.count * perExample + steps * (10 * network.size + 100_000);
}

/** The runs in the order of the report: linear first, then as configured, by seed. */
export function inOrder(plan: RibbonPlan, runs: readonly FinishedRun[]): readonly FinishedRun[] {
  const place = new Map(plan.configurations.map(({ name }, i) => [name, i]));
  const rank = ({ settings }: FinishedRun): number =>
    (settings.family === 'linear' ? 0 : 1000) + (place.get(settings.name) ?? 0);
  return [...runs].sort((a, b) => rank(a) - rank(b) || a.settings.seed - b.settings.seed);
}

export function ensembleSection(plan: RibbonPlan, runs: readonly FinishedRun[]): EnsembleSection {
  const { epochs, train, watched, trainSamples, inputScale } = plan;
  // checkpoints of runs with larger batches fall on the same epochs, to the rounding of a step
  const batches = Math.ceil(train.count / Math.min(100, train.count));
  return {
    trainExamples: train.count,
    epochs,
    seeds: seedsOf(plan),
    samples: { train: trainSamples, test: watched.count - trainSamples },
    inputScale,
    checkpointEpochs: Array.from(checkpointSteps(epochs, batches), (step) => step / batches),
    runs: runs.map(({ settings, reason, recording }) => {
      const [trainLoss, trainError, testLoss, testError] = recording.losses.slice(-4);
      return {
        configuration: settings.name,
        family: settings.family,
        architecture: settings.architecture,
        group: groupName(settings.architecture),
        training: trainingText(settings),
        seed: settings.seed,
        diverged: reason !== 'finished',
        checkpoints: recording.steps.length,
        final: { trainLoss, trainError, testLoss, testError },
      };
    }),
  };
}

/** "softmax regression", "linear, 32-32", "ReLU, 96-48", "LeNet" */
function groupName(architecture: string): string {
  const [family, activation, widths = ''] = architecture.split(':');
  if (family !== 'mlp') return 'LeNet';
  const hidden = widths.split(',').slice(1, -1).join('-');
  if (hidden === '') return 'softmax regression';
  return `${activation === 'relu' ? 'ReLU' : activation}, ${hidden}`;
}

function trainingText({ optimizer, schedule, batchSize, weightDecay, initialScale }: Configuration): string {
  const names = {
    sgd: 'SGD',
    momentum: 'Nesterov',
    adam: 'Adam',
    adamW: 'AdamW',
    rmsProp: 'RMSProp',
    muon: 'Muon',
    sign: 'sign descent',
  };
  const name = names[optimizer.kind];
  const rate =
    'from' in schedule
      ? `${schedule.from} → ${schedule.to}`
      : 'learningRate' in schedule
        ? schedule.learningRate
        : schedule.kind;
  return [
    `${name} ${rate}`,
    `batches of ${batchSize}`,
    ...(weightDecay > 0 ? [`decay ${weightDecay}`] : []),
    ...(initialScale === 1 ? [] : [`start × ${initialScale}`]),
  ].join(', ');
}
