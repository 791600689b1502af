import { analyticBoundView } from './analyticBound/view.js';
import { curvatureView } from './curvature/view.js';
import { edgeView } from './edge/view.js';
import { effectiveDimensionView } from './effectiveDimension/view.js';
import { ensembleView } from './ensemble/view.js';
import { inputSpectrumView } from './inputSpectrum/view.js';
import { jacobianView } from './jacobian/view.js';
import { kernelView } from './kernel/view.js';
import { linearRegressionView } from './linearRegression/view.js';
import { lossPlaneView } from './lossPlane/view.js';
import { minimumView } from './minimum/view.js';
import { networkBoundView } from './networkBound/view.js';
import { collapseView } from './collapse/view.js';
import { complexityMeasuresView } from './complexityMeasures/view.js';
import { layerRanksView } from './layerRanks/view.js';
import { marginsView } from './margins/view.js';
import { normBoundsView } from './normBounds/view.js';
import { predictionsView } from './predictions/view.js';
import type { SectionView } from './section.js';
import type { SectionName, Sections } from './shapes.js';
import { trainingView } from './training/view.js';
import { weightSpectraView } from './weightSpectra/view.js';

type Views = { readonly [K in SectionName]: SectionView<NonNullable<Sections[K]>> };

/** How each section is shown, in the order of the page. */
const views: Views = {
  edge: edgeView,
  ensemble: ensembleView,
  predictions: predictionsView,
  analyticBound: analyticBoundView,
  networkBound: networkBoundView,
  normBounds: normBoundsView,
  margins: marginsView,
  complexityMeasures: complexityMeasuresView,
  effectiveDimension: effectiveDimensionView,
  lossPlane: lossPlaneView,
  jacobian: jacobianView,
  kernel: kernelView,
  minimum: minimumView,
  training: trainingView,
  linearRegression: linearRegressionView,
  inputSpectrum: inputSpectrumView,
  curvature: curvatureView,
  layerRanks: layerRanksView,
  collapse: collapseView,
  weightSpectra: weightSpectraView,
};

/** What one part of the views says about each section that is there and not empty, in the order of the page. */
export function fromSections<T>(sections: Sections, part: <S>(view: SectionView<S>, section: S) => T): readonly T[] {
  return (Object.keys(views) as SectionName[]).flatMap((name) => {
    const section = sections[name];
    // a view meets the section of its own name alone, which the compiler cannot follow through a loop
    const view = views[name] as SectionView<typeof section>;
    return section === undefined || (Array.isArray(section) && section.length === 0) ? [] : [part(view, section)];
  });
}
