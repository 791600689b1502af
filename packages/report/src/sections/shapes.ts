import * as is from '@hyperribbon/contract/decode';
import { analyticBound } from './analyticBound/shape.js';
import { collapse } from './collapse/shape.js';
import { complexityMeasures } from './complexityMeasures/shape.js';
import { curvature } from './curvature/shape.js';
import { edge } from './edge/shape.js';
import { effectiveDimension } from './effectiveDimension/shape.js';
import { ensemble } from './ensemble/shape.js';
import { inputSpectrum } from './inputSpectrum/shape.js';
import { jacobian } from './jacobian/shape.js';
import { kernel } from './kernel/shape.js';
import { layerRanks } from './layerRanks/shape.js';
import { linearRegression } from './linearRegression/shape.js';
import { lossPlane } from './lossPlane/shape.js';
import { margins } from './margins/shape.js';
import { minimum } from './minimum/shape.js';
import { networkBound } from './networkBound/shape.js';
import { normBounds } from './normBounds/shape.js';
import { predictions } from './predictions/shape.js';
import { training } from './training/shape.js';
import { weightSpectra } from './weightSpectra/shape.js';

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
  normBounds: is.maybe(normBounds),
  margins: is.maybe(margins),
  complexityMeasures: is.maybe(complexityMeasures),
  layerRanks: is.maybe(layerRanks),
  collapse: is.maybe(collapse),
  weightSpectra: is.maybe(weightSpectra),
  edge: is.maybe(edge),
  lossPlane: is.maybe(lossPlane),
  jacobian: is.maybe(jacobian),
  kernel: is.maybe(kernel),
  minimum: is.maybe(minimum),
});
/** The sections of a study, by name. */
export type Sections = is.DecodedBy<typeof sections>;
/** Name of a section. */
export type SectionName = keyof Sections;
