import { examplesIdentity, writeNpz } from '@hyperribbon/data';
import { cosineSchedule, networkToData, unflatten } from '@hyperribbon/nn';
import { here } from '@hyperribbon/study';
import { loadAnySplit } from '../input/splitSource.js';
import { networkFor } from '../input/networkFor.js';
import { withArchitecture, withTraining } from '../input/storedArchitecture.js';
import { jobs } from '../jobs/table.js';
import { flag, option } from '../options/option.js';
import { positive, text, whole } from '../options/parsers.js';
import {
  answerOptions,
  architecture,
  arithmetic,
  dataOptions,
  repeatedRows,
  seed,
  testOptions,
} from '../options/shared.js';
import { errorSummary } from '../output/errorSummary.js';
import { placeOf } from '../output/placeOf.js';
import { writeWhole } from '../output/writeFiles.js';
import { outputFile } from '../runs/outputFile.js';
import { command } from './command.js';

export const trainOptions = {
  ...dataOptions,
  ...answerOptions,
  ...testOptions,
  repeatedRows,
  architecture: architecture('mlp:tanh:128'),
  out: option(
    '<file>',
    'where to write the weights, a new file (default: weights.npz, or weights-2.npz, … where that is there)',
    text,
  ),
  force: flag('replace the file'),
  epochs: option('<count>', 'passes over the training examples', whole(1), 10),
  batchSize: option('<count>', 'examples per step', whole(1), 500),
  learningRate: option('<rate>', 'of Adam at the start', positive, 2e-3),
  finalRate: option('<rate>', 'of Adam at the end (default: a quarter of the first)', positive),
  seed,
  ...arithmetic,
};

export const trainCommand = command({
  name: 'train',
  description: 'Trains a network (Adam, cosine schedule, seeded) and writes its weights as npz.',
  options: trainOptions,
  after:
    'Example:\n  hyperribbon train --data mnist --task digits --architecture mlp:relu:128 --epochs 5 --out net.npz',
  run: async (options, { signal, lines, print }) => {
    const { learningRate: from, finalRate: to = from / 4, epochs, batchSize, seed, dtype, deterministic } = options;
    const out = outputFile(options.out, 'weights.npz', options.force);
    const split = await loadAnySplit(options, seed, { rows: options.repeatedRows });
    const { dataset, train, test, loss, notes, repeated } = split;
    for (const note of notes) lines.print(note);
    if (repeated !== undefined) lines.print(repeated);
    const network = networkFor(options.architecture, train, loss);
    const line = lines.start(`training ${network.name} on ${dataset}, ${train.count} examples`);
    const setting = { epochs, batchSize, schedule: cosineSchedule(from, to), seed, dtype, deterministic };
    const { params, final, finished, reason } = await here(jobs).run(
      { kind: 'train', network: networkToData(network), train, test, loss, ...setting },
      { signal, onProgress: line.update },
    );
    const found = errorSummary([{ final }]);
    if (finished) line.done(found);
    else line.stopped(`${reason}; ${found}`);
    const arrays = unflatten(network, params);
    const shaped = network.parameters.map(({ name, shape }) => [name, { shape, data: arrays[name] }] as const);
    writeWhole(out, writeNpz(withTraining(withArchitecture(network, shaped), examplesIdentity(train))));
    if (placeOf(out).kind !== 'stream') print(`${out}\n`);
    return finished ? 0 : 1;
  },
});
