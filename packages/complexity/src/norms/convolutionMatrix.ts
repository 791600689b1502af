import { MemoryLimitError } from '@hyperribbon/contract';
import type { ConvolutionGeometry } from '@hyperribbon/autodiff/walk';
import type { RectangularOperator } from '@hyperribbon/linop';
import { type Convolution, requireConvolution } from './convolution.js';

/** most bytes of a matrix that is written out */
const MOST = 2 ** 31;

/**
 * The matrix of a convolution written out: (outputs, inputs) of a whole image, channels last, with its own zeros around, steps, gaps and groups.
 *
 * @returns (height · width · channels of the output, the same of the input) row-major
 * @throws ArgumentError where filters do not fit; MemoryLimitError for more than 2 GB
 * Cost: its size, 8 bytes a number
 * @example
 * const geometry = {
 *   transposed: false, kernel: [1, 2], stride: [1, 1], padding: [[0, 0], [0, 0]], dilation: [1, 1], input: [1, 3, 1], output: [1, 2, 1],
 * } as const;
 * convolutionMatrix({ filters: Float64Array.of(-1, 1), rows: 1, columns: 2, groups: 1, geometry }); // [-1, 1, 0, 0, -1, 1]
 */
export function convolutionMatrix(convolution: Convolution): Float64Array {
  requireConvolution('convolutionMatrix', convolution);
  const { rows, columns } = mapSize(convolution.geometry);
  if (8 * rows * columns > MOST)
    throw new MemoryLimitError(
      `convolutionMatrix: ${rows} × ${columns} numbers need ${8 * rows * columns} bytes, more than ${MOST}; take convolutionSpectrum or convolutionNorms`,
      8 * rows * columns,
      MOST,
    );
  const out = new Float64Array(rows * columns);
  const { filters } = convolution;
  eachRun(convolution, (to, from, weights, length) => {
    for (let c = 0; c < length; c++) out[to * columns + from + c] += filters[weights + c];
  });
  return out;
}

/** The same as an operator: nothing of its size is made. Cost of a product: two operations for each weight at each place. */
export function convolutionOperator(convolution: Convolution): RectangularOperator {
  requireConvolution('convolutionOperator', convolution);
  const { filters } = convolution;
  return {
    ...mapSize(convolution.geometry),
    dtype: 'float64',
    apply(x, out) {
      out.fill(0);
      eachRun(convolution, (to, from, weights, length) => {
        let sum = 0;
        for (let c = 0; c < length; c++) sum += filters[weights + c] * x[from + c];
        out[to] += sum;
      });
    },
    applyTranspose(y, out) {
      out.fill(0);
      eachRun(convolution, (to, from, weights, length) => {
        for (let c = 0; c < length; c++) out[from + c] += filters[weights + c] * y[to];
      });
    },
  };
}

function mapSize({ input, output }: ConvolutionGeometry): { readonly rows: number; readonly columns: number } {
  return { rows: output[0] * output[1] * output[2], columns: input[0] * input[1] * input[2] };
}

/**
 * Hands over the weights at each place that uses them, those of all channels of a group together: the number of the output, of the first input, of the first
 * weight, and how many there are. Channels come last.
 */
function eachRun(
  { rows, columns, groups, geometry }: Convolution,
  take: (to: number, from: number, weights: number, length: number) => void,
): void {
  const { kernel, input, output, transposed } = geometry;
  const channels = columns / (kernel[0] * kernel[1]);
  // windows move over the input, or of a transposed convolution over the output
  const [windows, image] = transposed ? [input, output] : [output, input];
  const [inChannels, outChannels] = [groups * channels, rows];
  for (let i = 0; i < windows[0]; i++)
    for (let a = 0; a < kernel[0]; a++) {
      const p = pixel(geometry, 0, i, a, image[0]);
      if (p < 0) continue;
      for (let j = 0; j < windows[1]; j++)
        for (let b = 0; b < kernel[1]; b++) {
          const q = pixel(geometry, 1, j, b, image[1]);
          if (q < 0) continue;
          const [w, x] = [i * windows[1] + j, p * image[1] + q];
          const [outPlace, inPlace] = transposed ? [x, w] : [w, x];
          for (let o = 0; o < rows; o++) {
            const group = Math.floor((o * groups) / rows);
            const weights = o * columns + (a * kernel[1] + b) * channels;
            const from = inPlace * inChannels + group * channels;
            take(outPlace * outChannels + o, from, weights, channels);
          }
        }
    }
}

/** Where entry a of window i lies along an axis; −1 outside the image. */
function pixel(
  { stride, padding, dilation }: ConvolutionGeometry,
  axis: 0 | 1,
  i: number,
  a: number,
  side: number,
): number {
  const at = i * stride[axis] + a * dilation[axis] - padding[axis][0];
  return at < side ? at : -1;
}
