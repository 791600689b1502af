import { maybe, object, type DecodedBy } from '@hyperribbon/contract/decode';
import { analyticBound } from './analyticBound/shape.js';
import { curvature } from './curvature/shape.js';
import { effectiveDimension } from './effectiveDimension/shape.js';
import { ensemble } from './ensemble/shape.js';
import { inputSpectrum } from './inputSpectrum/shape.js';
import { linearRegression } from './linearRegression/shape.js';
import { networkBound } from './networkBound/shape.js';
import { training } from './training/shape.js';

/** Every section that a study may have, by name. */
export const sections = object({
  ensemble: maybe(ensemble),
  analyticBound: maybe(analyticBound),
  networkBound: maybe(networkBound),
  effectiveDimension: maybe(effectiveDimension),
  training: maybe(training),
  linearRegression: maybe(linearRegression),
  inputSpectrum: maybe(inputSpectrum),
  curvature: maybe(curvature),
});
/** The sections of a study, by name. */
export type Sections = DecodedBy<typeof sections>;
/** Name of a section. */
export type SectionName = keyof Sections;
