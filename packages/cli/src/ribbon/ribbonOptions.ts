import { flag, option } from '../options/option.js';
import { text, whole } from '../options/parsers.js';
import { arithmetic, dataOptions, folder, force, quickCount, workers } from '../options/shared.js';

/** A whole number in a range that `--quick` makes smaller. */
function size(help: string, from: number, most: number, usual: number, quick: number) {
  return quickCount(help, from, usual, quick, most);
}

const many = Number.MAX_SAFE_INTEGER;

/** How large a study is: its plan has them all. */
export const sizeOptions = {
  seeds: size('seeds of each configuration', 1, 1000, 4, 2),
  epochs: size('passes over the training examples', 1, 100_000, 26, 10),
  trainExamples: size('examples that everything is trained on', 2, many, 5000, 1500),
  samples: size('samples on which predictions are recorded, half of them test examples', 2, many, 1000, 400),
  regressionRuns: size('simulated runs of linear regression', 2, many, 200, 80),
  regressionSteps: size('their gradient steps', 2, many, 200, 100),
  // seeds of the ensemble are this and the next ones, as 32-bit integers
  seed: option('<integer>', 'seed of every random stream', whole(0, 2 ** 31 - 1000), 0),
  deterministic: arithmetic.deterministic,
  workers,
};

/** Where the report goes unless told. */
export const ribbonFolder = 'hyperribbon-ribbon';

export const ribbonOptions = {
  ...dataOptions,
  out: folder(ribbonFolder),
  force,
  runs: option('<folder>', 'where the runs of the ensemble are kept (default: OUT/runs)', text),
  quick: flag('a first look in half a minute: fewer and shorter runs'),
  ...sizeOptions,
};
