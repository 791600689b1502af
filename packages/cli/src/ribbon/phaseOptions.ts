import { option } from '../options/option.js';
import { positive, rangeOf, whole } from '../options/parsers.js';
import { arithmetic, dataOptions, folder, force, workers } from '../options/shared.js';

/** Where the report goes unless told. */
export const phaseFolder = 'hyperribbon-phase';

/** What decides the diagram, beside data. */
export const diagramOptions = {
  steps: option('<count>', 'gradient steps T over which trajectories are pooled', whole(2, 100_000_000), 200),
  relativeStep: option('<number>', 'learning rate times the largest eigenvalue, below 2', positive, 0.9),
  decays: option('<from:to>', 'range of the decay c of the inputs (default: 0.1:4, or around the data)', rangeOf),
  ratios: option(
    '<from:to>',
    'range of ρ, scale of the target over that of the start (default: 0.1:1000, or around the data)',
    rangeOf,
  ),
  points: option('<count>', 'points along each axis', whole(2, 400), 40),
};

export const phaseOptions = {
  ...dataOptions,
  trainExamples: option('<count>', 'with data: how many of the examples are used (default: 5000)', whole(2)),
  initialScale: option(
    '<number>',
    'with data: standard deviation of the initial weights (default: 1/√(3 features))',
    positive,
  ),
  ...diagramOptions,
  deterministic: arithmetic.deterministic,
  workers,
  out: folder(phaseFolder),
  force,
};
