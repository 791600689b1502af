import * as is from '@hyperribbon/contract/decode';
import { analyticBound } from './analyticBound/shape.js';
import { curvature } from './curvature/shape.js';
import { effectiveDimension } from './effectiveDimension/shape.js';
import { ensemble } from './ensemble/shape.js';
import { inputSpectrum } from './inputSpectrum/shape.js';
import { linearRegression } from './linearRegression/shape.js';
import { networkBound } from './networkBound/shape.js';
import { predictions } from './predictions/shape.js';
import { training } from './training/shape.js';

/** Every section that a study may have, by name. */
export const sections = is.object({
  ensemble: is.maybe(ensemble),
  predictions: is.maybe(predictions),
  analyticBound: is.maybe(analyticBound),
  networkBound: is.maybe(networkBound),
  effectiveDimension: is.maybe(effectiveDimension),
  training: is.maybe(training),
  linearRegression: is.maybe(linearRegression),
  inputSpectrum: is.maybe(inputSpectrum),
  curvature: is.maybe(curvature),
});
/** The sections of a study, by name. */
export type Sections = is.DecodedBy<typeof sections>;
/** Name of a section. */
export type SectionName = keyof Sections;
