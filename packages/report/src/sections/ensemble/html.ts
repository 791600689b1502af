import { integer, number, percent } from '../../page/format.js';
import { facts, numeric, section, table, type Cell } from '../../page/parts.js';
import { modelGroups } from './modelGroups.js';
import type { EnsembleRun, EnsembleSection } from './shape.js';

export function ensembleDetails(ensemble: EnsembleSection): string {
  const { runs, seeds, samples, epochs, trainExamples, checkpointEpochs, inputScale } = ensemble;
  const names = [...new Set(runs.map(({ configuration }) => configuration))];
  const rows = names.map((name) =>
    configurationRow(
      name,
      runs.filter(({ configuration }) => configuration === name),
    ),
  );
  return section(
    'ensemble',
    'The ensemble',
    facts([
      ['runs', `${integer(runs.length)}, ${modelGroups(runs).length} kinds of network`],
      ['seeds', seeds.join(', ')],
      ['trained on', `${integer(trainExamples)} examples, ${integer(epochs)} epochs`],
      ['checkpoints', `${integer(checkpointEpochs.length)} per run, ${epochsText(checkpointEpochs)}`],
      ['probabilities recorded on', `${integer(samples.train)} training and ${integer(samples.test)} test samples`],
      ['inputs scaled by', number(inputScale)],
    ]),
    table(['configuration', 'network', 'training', ...numeric('runs', 'train error', 'test error')], rows, {
      dense: true,
    }),
  );
}

/** "after 0, 0.25, 0.5, 0.75, …, 40 epochs" */
export function epochsText(epochs: readonly number[]): string {
  const texts = epochs.map((epoch) => String(Number(epoch.toPrecision(3))));
  const shown = texts.length <= 8 ? texts : [...texts.slice(0, 6), '…', texts[texts.length - 1]];
  return `after ${shown.join(', ')} epochs`;
}

function configurationRow(name: string, members: readonly EnsembleRun[]): readonly Cell[] {
  const { architecture, training } = members[0];
  const diverged = members.filter((run) => run.diverged).length;
  return [
    name + (diverged > 0 ? ` (${diverged} diverged)` : ''),
    architecture,
    training,
    String(members.length),
    range(members.map(({ final }) => final.trainError)),
    range(members.map(({ final }) => final.testError)),
  ];
}

function range(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? percent(low) : `${percent(low)} – ${percent(high)}`;
}
