import type { Operator } from '../values/call.js';
import * as control from './control/branches.js';
import * as constants from './control/constants.js';
import * as sequences from './control/sequences.js';
import * as activations from './elementwise/activations.js';
import * as arithmetic from './elementwise/arithmetic.js';
import * as casts from './elementwise/cast.js';
import * as clip from './elementwise/clip.js';
import * as functions from './elementwise/functions.js';
import * as logic from './elementwise/logic.js';
import * as conv from './images/conv.js';
import * as convTranspose from './images/convTranspose.js';
import * as globalPooling from './images/globalPooling.js';
import * as pooling from './images/pooling.js';
import * as resize from './images/resize.js';
import * as gather from './indexing/gather.js';
import * as oneHot from './indexing/oneHot.js';
import * as scatter from './indexing/scatter.js';
import * as trilu from './indexing/trilu.js';
import * as einsum from './linear/einsum.js';
import * as gemm from './linear/gemm.js';
import * as matMul from './linear/matMul.js';
import * as crossEntropy from './losses/crossEntropy.js';
import * as batchNormalization from './norms/batchNormalization.js';
import * as dropout from './norms/dropout.js';
import * as instanceNormalization from './norms/instanceNormalization.js';
import * as layerNormalization from './norms/layerNormalization.js';
import * as lrn from './norms/lrn.js';
import * as meanVarianceNormalization from './norms/meanVarianceNormalization.js';
import * as softmax from './norms/softmax.js';
import * as positions from './reductions/positions.js';
import * as reductions from './reductions/reductions.js';
import * as concat from './shaping/concat.js';
import * as depthToSpace from './shaping/depthToSpace.js';
import * as expand from './shaping/expand.js';
import * as pad from './shaping/pad.js';
import * as reshape from './shaping/reshape.js';
import * as slice from './shaping/slice.js';
import * as transpose from './shaping/transpose.js';

/** Every operator that is computed, by its name in ONNX: each is a function of that name. */
export const operators: ReadonlyMap<string, Operator> = new Map(
  [
    control,
    constants,
    sequences,
    activations,
    arithmetic,
    casts,
    clip,
    functions,
    logic,
    conv,
    convTranspose,
    globalPooling,
    pooling,
    resize,
    gather,
    oneHot,
    scatter,
    trilu,
    einsum,
    gemm,
    matMul,
    crossEntropy,
    batchNormalization,
    dropout,
    instanceNormalization,
    layerNormalization,
    lrn,
    meanVarianceNormalization,
    softmax,
    positions,
    reductions,
    concat,
    depthToSpace,
    expand,
    pad,
    reshape,
    slice,
    transpose,
  ].flatMap(
    (room) =>
      Object.entries(room as Record<string, unknown>).filter(([name]) => /^[A-Z]/.test(name)) as [string, Operator][],
  ),
);

/** Names of the operators that are computed. */
export const operatorNames: readonly string[] = /* @__PURE__ */ [...operators.keys()];
