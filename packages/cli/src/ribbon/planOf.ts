import { examplesIdentity } from '@hyperribbon/data';
import { loadSplit } from '../input/splitSource.js';
import { saidOf } from '../input/standardization.js';
import { head, join } from '../input/splits.js';
import { shareExamples } from '../input/shareExamples.js';
import { chosenOf, settle, type Given } from '../options/option.js';
import { ensemble } from './ensemble.js';
import { ribbonOptions, sizeOptions } from './ribbonOptions.js';
import type { RibbonPlan } from './ribbonPlan.js';
import { inputScale, requireStudiable, scaled } from './samples.js';

/** Loads what the options name. @param runsFolder where runs are kept */
export async function planOf(
  given: Given<typeof ribbonOptions>,
  runsFolder: string,
  commandLine: string,
): Promise<RibbonPlan> {
  const { quick, seed } = given;
  const sizes = chosenOf(sizeOptions, settle(ribbonOptions, given, { quick }));
  const split = await loadSplit(given, seed, { task: 'digits', rowsByDefault: 'independent' });
  const scale = inputScale(split.train);
  const train = head(split.train, sizes.trainExamples);
  requireStudiable(train);
  const half = Math.floor(sizes.samples / 2);
  const seen = head(train, half);
  const unseen = head(split.test, sizes.samples - half);
  return {
    ...sizes,
    dataset: split.dataset,
    task: split.task,
    notes: split.notes,
    ...saidOf(split),
    trainCount: split.train.count,
    testCount: split.test.count,
    train: shareExamples(scaled(train, scale)),
    trainIdentity: examplesIdentity(train),
    watched: shareExamples(scaled(join(seen, unseen), scale)),
    samplesIdentity: `${examplesIdentity(seen)} ${examplesIdentity(unseen)}`,
    trainSamples: seen.count,
    inputScale: scale,
    configurations: ensemble(train.features, train.classes, quick),
    relativeStep: 0.9,
    phasePoints: quick ? 20 : 40,
    runsFolder,
    commandLine,
  };
}
