import type { ConvolutionGeometry } from '@hyperribbon/autodiff/walk';
import { refuse } from '@hyperribbon/contract';

/**
 * Filters that pass an image on as it is: channel t C + c of the result is channel c of the image at place t of the window. W (kh · kw · C, outputs).
 *
 * Places of the window are taken until every place of the image is read by one of them, each time the place that reads most of what none has read;
 * one is enough for windows that go over the image with stride 1 and zeros around it. A strided convolution needs stride² of them, and as many times
 * more channels; channels that are left over have filters of zeros.
 *
 * @returns also how many channels are used
 * @throws ArgumentError for fewer channels than enter
 */
export function diracFilters(
  caller: string,
  name: string,
  { kernel: [kh, kw], stride, padding, dilation, input, output, transposed }: ConvolutionGeometry,
): { readonly weights: Float64Array; readonly used: number } {
  const [height, width, channels] = input;
  const [oh, ow, outputs] = output;
  if (transposed) refuse(caller, `the convolution of ${name} must not be transposed: its windows overlap`);
  if (outputs < channels)
    refuse(
      caller,
      `the convolution of ${name} must have ${channels} channels or more, as many as enter it, got ${outputs}`,
    );
  const weights = new Float64Array(kh * kw * channels * outputs);
  const read = new Uint8Array(height * width);
  const placesOf = (tap: number): number[] => {
    const [top, left] = [Math.floor(tap / kw) * dilation[0] - padding[0][0], (tap % kw) * dilation[1] - padding[1][0]];
    const places: number[] = [];
    for (let y = 0; y < oh; y++) {
      for (let x = 0; x < ow; x++) {
        const [row, column] = [y * stride[0] + top, x * stride[1] + left];
        if (row >= 0 && row < height && column >= 0 && column < width) places.push(row * width + column);
      }
    }
    return places;
  };
  const taps = Array.from({ length: kh * kw }, (_, tap) => placesOf(tap));
  let used = 0;
  while (used + channels <= outputs) {
    const gains = taps.map((places) => places.reduce((gain, place) => gain + (read[place] === 0 ? 1 : 0), 0));
    const tap = gains.indexOf(Math.max(...gains));
    if (gains[tap] === 0) break;
    for (const place of taps[tap]) read[place] = 1;
    for (let c = 0; c < channels; c++) weights[(tap * channels + c) * outputs + used + c] = 1;
    used += channels;
  }
  return { weights, used };
}
