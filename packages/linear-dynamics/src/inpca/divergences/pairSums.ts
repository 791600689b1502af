import type { KernelInfo, KernelOptions } from '@hyperribbon/kernels';
import {
  createDivergenceWorkspace,
  type DivergenceKernels,
  type DivergenceWorkspace,
} from '@hyperribbon/kernels/divergences';
import type { Measure, Part } from './measure.js';

/** a panel of 4 or 8 models over a chunk of samples: two of them stay in a first-level cache of 32 KiB */
const PANEL_BYTES = 16384;
/** rows that meet one panel of columns after another: they stay in a second-level cache */
const ROW_BYTES = 524288;
/** samples after which the kernel of logarithms has finished its groups and put exponents aside */
const GROUP = 16;

/** Engine and precision of a computation of divergences. */
export interface PairOptions extends KernelOptions {
  /** of the sums over classes; sums over samples are float64 */
  readonly dtype: 'float32' | 'float64';
  /** hears how many samples are done; may throw to stop */
  readonly onSamples: (done: number) => void;
}

/** Sums over samples for pairs of models. */
export interface PairSums {
  /** (rows, ld): entry (i, j) at i · ld + j */
  readonly sums: Float64Array;
  readonly ld: number;
  /** sums of each row's model, and of each column's, with itself; empty unless the measure is normalized */
  readonly rowSelf: Float64Array;
  readonly columnSelf: Float64Array;
  /** pairs and samples whose coefficient was raised to `least`, each pair once */
  readonly raised: number;
  readonly kernels: KernelInfo;
}

/**
 * Sums of rows against columns. triangle: the rows are the first models of the columns, and what lies below the diagonal is
 * left out beyond the diagonal's own panels.
 */
export function pairSums(
  measure: Measure,
  rows: Part,
  columns: Part,
  triangle: boolean,
  { dtype, deterministic, engine, onSamples }: PairOptions,
): PairSums {
  const { samples, classes } = columns;
  const lanes = dtype === 'float32' ? 8 : 4;
  const elementBytes = 32 / lanes;
  const tilesPerPanel = lanes / 4;
  const numbersPerSample = lanes * measure.width * classes;
  const chunk = chunkLength(numbersPerSample * elementBytes, samples);
  const panelBytes = chunk * numbersPerSample * elementBytes;
  const panels = ({ from, to }: Part): number => Math.ceil((to - from) / lanes);
  const [rowPanels, columnPanels] = [panels(rows), panels(columns)];
  const ld = columnPanels * lanes;
  const sumBytes = 8 * rowPanels * lanes * ld;
  const packed = (triangle ? 0 : rowPanels) + columnPanels;
  const space = createDivergenceWorkspace({
    bytes: packed * (panelBytes + 8 * lanes * lanes) + sumBytes + 512,
    deterministic,
    engine,
  });
  const columnSide = sideOf(space, columns, lanes, panelBytes);
  const rowSide = triangle ? columnSide : sideOf(space, rows, lanes, panelBytes);
  const out = space.allocate(sumBytes);
  const run = bindKernel(space, measure, dtype);
  const stripe = Math.max(1, Math.floor(ROW_BYTES / panelBytes));

  let raised = 0;
  for (let first = 0; first < samples; first += chunk) {
    const count = Math.min(chunk, samples - first);
    const bytes = count * numbersPerSample * elementBytes;
    packSide(space, measure, dtype, columnSide, first, count);
    if (!triangle) packSide(space, measure, dtype, rowSide, first, count);
    if (measure.normalized || triangle) {
      const found = selfSums(run, columnSide, count, classes, bytes, rowPanels);
      // a pair within a panel is met both ways
      if (triangle) raised += found / 2;
    }
    if (measure.normalized && !triangle) selfSums(run, rowSide, count, classes, bytes, 0);
    for (let start = 0; start < rowPanels; start += stripe) {
      const end = Math.min(start + stripe, rowPanels);
      for (let q = triangle ? start + 1 : 0; q < columnPanels; q++) {
        const tiles = ((triangle ? Math.min(end, q) : end) - start) * tilesPerPanel;
        const to = out + 8 * (start * lanes * ld + q * lanes);
        raised += run(tiles, count, classes, rowSide.pointer + start * bytes, columnSide.pointer + q * bytes, to, ld);
      }
    }
    onSamples(first + count);
  }

  const sums = space.float64View(out, rowPanels * lanes * ld);
  if (triangle) placeDiagonalPanels(space, columnSide, rowPanels, sums, ld);
  const columnSelf = measure.normalized ? diagonalOf(space, columnSide) : new Float64Array(0);
  const rowSelf = triangle || !measure.normalized ? columnSelf : diagonalOf(space, rowSide);
  return { sums, ld, rowSelf, columnSelf, raised, kernels: space.info };
}

/** Samples per chunk: whole groups while that fits. */
function chunkLength(bytesPerSample: number, samples: number): number {
  const fits = Math.max(1, Math.floor(PANEL_BYTES / bytesPerSample));
  return Math.min(samples, fits < GROUP ? fits : fits - (fits % GROUP));
}

/** One side of the pairs in kernel memory: panels of `lanes` models for a chunk of samples, and each panel's sums with itself. */
interface Side {
  readonly part: Part;
  readonly lanes: number;
  readonly panels: number;
  readonly pointer: number;
  /** (panels, lanes, lanes) */
  readonly self: number;
}

function sideOf(space: DivergenceWorkspace, part: Part, lanes: number, panelBytes: number): Side {
  const panels = Math.ceil((part.to - part.from) / lanes);
  return {
    part,
    lanes,
    panels,
    pointer: space.allocate(panels * panelBytes),
    self: space.allocate(8 * panels * lanes * lanes),
  };
}

/** Writes samples [first, first + count) of a side into its panels. */
function packSide(
  space: DivergenceWorkspace,
  measure: Measure,
  dtype: 'float32' | 'float64',
  { part, lanes, panels, pointer }: Side,
  first: number,
  count: number,
): void {
  const panel = count * lanes * measure.width * part.classes;
  const view =
    dtype === 'float32' ? space.float32View(pointer, panels * panel) : space.float64View(pointer, panels * panel);
  if ((part.to - part.from) % lanes > 0) view.fill(measure.padding, (panels - 1) * panel);
  measure.pack(part, first, count, lanes, view);
}

/** Adds every panel's sums with itself; how many coefficients of the first `counted` panels were raised. */
function selfSums(
  run: Run,
  { lanes, panels, pointer, self }: Side,
  count: number,
  classes: number,
  bytes: number,
  counted: number,
): number {
  let raised = 0;
  for (let q = 0; q < panels; q++) {
    const panel = pointer + q * bytes;
    const found = run(lanes / 4, count, classes, panel, panel, self + 8 * q * lanes * lanes, lanes);
    if (q < counted) raised += found;
  }
  return raised;
}

/** The panels on the diagonal, which were summed apart, to their places. */
function placeDiagonalPanels(
  space: DivergenceWorkspace,
  { lanes, self }: Side,
  rowPanels: number,
  sums: Float64Array,
  ld: number,
): void {
  const own = space.float64View(self, rowPanels * lanes * lanes);
  for (let i = 0; i < rowPanels * lanes; i++) {
    sums.set(own.subarray(i * lanes, (i + 1) * lanes), i * ld + Math.floor(i / lanes) * lanes);
  }
}

/** (panels · lanes,) the sum of each model with itself */
function diagonalOf(space: DivergenceWorkspace, { lanes, panels, self }: Side): Float64Array {
  const own = space.float64View(self, panels * lanes * lanes);
  return Float64Array.from({ length: panels * lanes }, (_, i) => own[i * lanes + (i % lanes)]!);
}

/** Tiles, samples, classes, panels of rows and of columns, sums, ld; how many coefficients were raised. */
type Run = (...sizesAndPointers: Parameters<DivergenceKernels['squares']>) => number;

function bindKernel(space: DivergenceWorkspace, { kernel, least }: Measure, dtype: 'float32' | 'float64'): Run {
  const table = space[dtype];
  if (kernel === 'logOverlaps') {
    return (tiles, samples, classes, a, b, out, ldout) =>
      table.logOverlaps(tiles, samples, classes, a, b, least, out, ldout);
  }
  const sum = table[kernel];
  return (tiles, samples, classes, a, b, out, ldout) => {
    sum(tiles, samples, classes, a, b, out, ldout);
    return 0;
  };
}
