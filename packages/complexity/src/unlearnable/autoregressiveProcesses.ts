import {
  refuse,
  requireCounts,
  requireInteger,
  requireNonNegative,
  requireNoOthers,
  requirePositive,
  requireSeed,
} from '@hyperribbon/contract';
import { type RandomStream, stream } from '@hyperribbon/random';

/** An autoregressive process of images: every pixel is a sum of the eight before it in a window of three by three, channel by channel. */
export interface AutoregressiveProcess {
  readonly channels: number;
  /** (channels, 3, 3): the last number of each window, the pixel's own place, is 0; the others sum to 1 */
  readonly coefficients: Float64Array;
}

export interface ProcessSearchOptions {
  readonly classes: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** integer ≥ 0, default 0 */
  readonly seed?: number;
  /** largest ℓ2 norm of a signal before it is scaled: others diverge. Default 15; the source asks for 5, which leaves too few on images of one channel */
  readonly largestNorm?: number;
  /** least response of the filters found before to a signal of norm 1: ≥ 0, default 3; the source asks for 10 on CIFAR-10, 3 on CIFAR-100 */
  readonly response?: number;
  /** processes that are drawn before the search gives up; default 10,000 */
  readonly attempts?: number;
}

/** rows and columns of the random start that are cut off */
const MARGIN = 4;

/**
 * One autoregressive process for each class, drawn until their signals stay bounded and respond to each other's filters.
 *
 * Coefficients are normal and divided by their sum. The filter of a process is its window with −1 at the pixel's own place: its response to a signal of its own is 0
 * everywhere, and the sum of the rectified responses of other filters tells classes apart.
 *
 * @throws ArgumentError for options out of range, and where too few processes were found: the sentence says how many
 * Cost: 3 signals of 16 flops per number for every process drawn, and a response for every one kept
 * @example
 * const [first] = autoregressiveProcesses({ classes: 2, channels: 1, height: 8, width: 8, response: 1 });
 * first.coefficients.reduce((sum, b) => sum + b, 0); // 1.000
 * Source: [sandovalsegura2022], released code.
 */
export function autoregressiveProcesses(options: ProcessSearchOptions): AutoregressiveProcess[] {
  const caller = 'autoregressiveProcesses';
  const { classes, channels, height, width, ...rest } = options;
  const { seed = 0, largestNorm = 15, response = 3, attempts = 10_000, ...others } = rest;
  requireNoOthers(caller, others, 'ProcessSearchOptions');
  requireCounts(caller, { classes, channels, attempts });
  requireInteger(caller, 'height', height, 3);
  requireInteger(caller, 'width', width, 3);
  requireSeed(caller, seed);
  requirePositive(caller, 'largestNorm', largestNorm);
  requireNonNegative(caller, 'response', response);
  const draws = stream({ seed, purpose: 'complexity.poison.processes' });
  const found: AutoregressiveProcess[] = [];
  const signal = new Float64Array(channels * height * width);
  for (let tried = 0; found.length < classes; tried++) {
    if (tried === attempts)
      return refuse(
        caller,
        `found ${found.length} of ${classes} processes in ${attempts} attempts; lower response=${response} or raise largestNorm=${largestNorm}`,
      );
    const process = drawProcess(channels, draws);
    // three starts: a process that diverges from some start would show
    let norm = 0;
    for (let start = 0; start < 3; start++) {
      writeSignal(process, height, width, draws, signal);
      norm = lengthOf(signal);
      if (!(norm <= largestNorm && norm > 0)) break;
    }
    if (!(norm <= largestNorm && norm > 0)) continue;
    const least = Math.min(...found.map((other) => responseOf(other, signal, height, width) / norm));
    if (least >= response) found.push(process);
  }
  return found;
}

function drawProcess(channels: number, draws: RandomStream): AutoregressiveProcess {
  const coefficients = draws.normal(new Float64Array(9 * channels));
  for (let c = 0; c < channels; c++) {
    const window = coefficients.subarray(9 * c, 9 * c + 9);
    window[8] = 0;
    const sum = window.reduce((total, b) => total + b, 0);
    for (let k = 0; k < 8; k++) window[k] /= sum;
  }
  return { channels, coefficients };
}

/**
 * A signal of a process: normal numbers, each but the first two rows and columns replaced in turn by the sum that the process makes of those before it.
 * What depends most on the start is cut off.
 *
 * @param out (channels, height, width)
 */
export function writeSignal(
  { channels, coefficients }: AutoregressiveProcess,
  height: number,
  width: number,
  draws: RandomStream,
  out: Float64Array,
): void {
  const [rows, columns] = [height + MARGIN, width + MARGIN];
  const field = draws.normal(new Float64Array(channels * rows * columns));
  for (let c = 0; c < channels; c++) {
    const plane = field.subarray(c * rows * columns, (c + 1) * rows * columns);
    const window = coefficients.subarray(9 * c, 9 * c + 9);
    for (let y = 2; y < rows; y++)
      for (let x = 2; x < columns; x++) plane[y * columns + x] = windowSum(window, plane, columns, y, x);
    for (let y = 0; y < height; y++) {
      const from = (y + MARGIN) * columns + MARGIN;
      out.set(plane.subarray(from, from + width), (c * height + y) * width);
    }
  }
}

/** Σ of the window that ends at (y, x), its last place included. */
function windowSum(window: Float64Array, plane: Float64Array, columns: number, y: number, x: number): number {
  let sum = 0;
  for (let i = 0; i < 3; i++)
    for (let j = 0; j < 3; j++) {
      const b = window[3 * i + j];
      // 0 × the number that stands there yet, which may have overflowed
      if (b !== 0) sum += b * plane[(y - 2 + i) * columns + x - 2 + j];
    }
  return sum;
}

/** Σ over places of the rectified response of the filter of a process to a signal, channels added. */
export function responseOf(
  { channels, coefficients }: AutoregressiveProcess,
  signal: Float64Array,
  height: number,
  width: number,
): number {
  let total = 0;
  for (let y = 2; y < height; y++)
    for (let x = 2; x < width; x++) {
      let sum = 0;
      for (let c = 0; c < channels; c++) {
        const plane = signal.subarray(c * height * width, (c + 1) * height * width);
        sum += windowSum(coefficients.subarray(9 * c, 9 * c + 9), plane, width, y, x) - plane[y * width + x];
      }
      total += Math.max(0, sum);
    }
  return total;
}

function lengthOf(signal: Float64Array): number {
  return Math.sqrt(signal.reduce((sum, x) => sum + x * x, 0));
}
