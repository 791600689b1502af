import type { JobTable } from '@hyperribbon/study';
import { runCollapse } from './collapse.js';
import { runComplexityMeasures } from './complexityMeasures.js';
import { runDivergenceRows } from './divergenceRows.js';
import { runEvaluate } from './evaluate.js';
import { runGramSpectrum } from './gramSpectrum.js';
import { runInpcaMap } from './inpcaMap.js';
import { runInpcaMaps } from './inpcaMaps.js';
import { runInputSpectrum } from './inputSpectrum.js';
import { runCentralFlow } from './landscape/centralFlow.js';
import { runConstructedMinimum } from './landscape/constructedMinimum.js';
import { runGradientFlow } from './landscape/gradientFlow.js';
import { runJacobianNorms } from './landscape/jacobianNorms.js';
import { runPlaneRows, runPlanPlane, runWholePlane } from './landscape/lossPlane.js';
import { runSharpnessFactors } from './landscape/sharpnessFactors.js';
import { runKernelWidth, runTangentKernel } from './landscape/tangentKernel.js';
import { runWatchDescent } from './landscape/watchDescent.js';
import { runNormBounds } from './normBounds.js';
import { runPhaseRows } from './phaseRows.js';
import { runPosteriorErrors } from './posteriorErrors.js';
import { runRegressionPrediction } from './regressionPrediction.js';
import { runRegressionRuns } from './regressionRuns.js';
import { runRegressionSpectrum } from './regressionSpectrum.js';
import { runSpectrum } from './spectrum.js';
import { runTrain } from './train.js';
import { runTrainCollapse } from './trainCollapse.js';
import { runTrajectory } from './trajectory.js';

/** Every kind of job of the command line, by name. A new one is a file beside this one and a line here. */
export const jobs = {
  'central-flow': runCentralFlow,
  collapse: runCollapse,
  'complexity-measures': runComplexityMeasures,
  'constructed-minimum': runConstructedMinimum,
  'divergence-rows': runDivergenceRows,
  evaluate: runEvaluate,
  'gradient-flow': runGradientFlow,
  'gram-spectrum': runGramSpectrum,
  'inpca-map': runInpcaMap,
  'inpca-maps': runInpcaMaps,
  'input-spectrum': runInputSpectrum,
  'jacobian-norms': runJacobianNorms,
  'kernel-width': runKernelWidth,
  'norm-bounds': runNormBounds,
  'phase-rows': runPhaseRows,
  'plan-plane': runPlanPlane,
  'plane-rows': runPlaneRows,
  'posterior-errors': runPosteriorErrors,
  'regression-prediction': runRegressionPrediction,
  'regression-runs': runRegressionRuns,
  'regression-spectrum': runRegressionSpectrum,
  'sharpness-factors': runSharpnessFactors,
  spectrum: runSpectrum,
  train: runTrain,
  'tangent-kernel': runTangentKernel,
  'train-collapse': runTrainCollapse,
  trajectory: runTrajectory,
  'watch-descent': runWatchDescent,
  'whole-plane': runWholePlane,
} satisfies JobTable;

export type Jobs = typeof jobs;
