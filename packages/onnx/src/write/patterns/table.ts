import type { PrimitiveName } from '@hyperribbon/autodiff';
import { convolution, convolutionWithBias } from './convolutions.js';
import { embedding } from './embedding.js';
import { normalization, productWithBias } from './layers.js';
import { pooling } from './pooling.js';
import type { Pattern } from './reading.js';

/**
 * What several equations compute and ONNX has one operator for, by the primitive of the last of them. Convolutions, pooling and
 * embeddings come back as such, and not as patches and positions.
 */
export const patterns: Partial<Record<PrimitiveName, readonly Pattern[]>> = {
  reshape: [convolution],
  depthwise: [convolution],
  add: [convolutionWithBias, productWithBias, normalization],
  gatherFlat: [pooling, embedding],
};
