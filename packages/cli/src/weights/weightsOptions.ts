import { flag, option } from '../options/option.js';
import { pattern, text, whole } from '../options/parsers.js';
import { force, json, seed } from '../options/shared.js';

/** What the numbers of a layer depend on beside its weights. */
export const spectrumChoices = {
  draws: {
    ...option(
      '<count>',
      'simulated spectra behind the interval of each exponent and the p of its test',
      whole(20, 1e6),
      300,
    ),
    conflicts: 'fast',
  },
  fast: flag('no intervals, p-values, other laws, shuffled twins and exponents at one aspect ratio'),
  embeddings: flag('analyse tables of embeddings too, which have few rows that training ever moved far'),
  layers: option('<pattern>', 'only arrays whose names match a regular expression (default: all)', pattern),
  seed,
};

export const weightsOptions = {
  ...spectrumChoices,
  compare: option('<file>', 'another checkpoint of the same network: how far each array is from it', text),
  out: option(
    '<folder>',
    'a report with pictures: report.html, report.json and svg, in a folder of this run alone',
    text,
  ),
  force,
  json,
};
