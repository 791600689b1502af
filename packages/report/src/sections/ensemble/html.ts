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
      [
        'checkpoints',
        `${integer(checkpointEpochs.length)} per run: at the start, four times per epoch to epoch 5, then ever more sparsely`,
      ],
      ['probabilities recorded on', `${integer(samples.train)} training and ${integer(samples.test)} test samples`],
      ['inputs scaled by', number(inputScale)],
    ]),
    table(['configuration', 'network', 'training', ...numeric('runs', 'train error', 'test error')], rows, {
      dense: true,
    }),
  );
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
