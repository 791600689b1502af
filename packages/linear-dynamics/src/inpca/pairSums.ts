import type { KernelInfo } from '@hyperribbon/kernels';
import { createDivergenceWorkspace, type DivergenceWorkspace } from '@hyperribbon/kernels/divergences';
import type { Measure, Part } from './measure.js';

/** a panel of 4 or 8 models over a chunk of samples: two of them stay in a first-level cache of 32 KiB */
const PANEL_BYTES = 16384;
/** rows that meet one panel of columns after another: they stay in a second-level cache */
const ROW_BYTES = 524288;
/** samples after which the kernel of logarithms has finished its groups and put exponents aside */
const GROUP = 16;

/** Engine and precision of a computation of divergences. */
export interface PairOptions {
  /** of the sums over classes; sums over samples are float64 */
  readonly dtype: 'float32' | 'float64';
  readonly deterministic: boolean;
  readonly engine: 'wasm' | 'typescript' | undefined;
  /** hears the share done in [0, 1]; may throw to stop */
  readonly onChunk: (fraction: number) => void;
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
  { dtype, deterministic, engine, onChunk }: PairOptions,
): PairSums {
  const { samples, classes } = columns;
  const lanes = dtype === 'float32' ? 8 : 4;
  const elementBytes = 32 / lanes;
  const tilesPerPanel = lanes / 4;
  const numbersPerSample = lanes * measure.width * classes;
  const chunk = chunkLength(numbersPerSample * elementBytes, samples);
  const panelBytes = chunk * numbersPerSample * elementBytes;
  const [rowCount, columnCount] = [rows.to - rows.from, columns.to - columns.from];
  const [rowPanels, columnPanels] = [Math.ceil(rowCount / lanes), Math.ceil(columnCount / lanes)];
  const ld = columnPanels * lanes;
  const sumBytes = 8 * rowPanels * lanes * ld;
  const selfBytes = 8 * lanes * lanes;
  const packed = (triangle ? 0 : rowPanels) + columnPanels;
  const space = createDivergenceWorkspace({
    bytes: packed * (panelBytes + selfBytes) + sumBytes + 512,
    deterministic,
    ...(engine === undefined ? {} : { engine }),
  });
  const columnSide = side(space, columnPanels, panelBytes, selfBytes);
  const rowSide = triangle ? columnSide : side(space, rowPanels, panelBytes, selfBytes);
  const out = space.allocate(sumBytes);
  const run = bindKernel(space, measure, dtype);
  const needsSelf = measure.normalized || triangle;
  const stripe = Math.max(1, Math.floor(ROW_BYTES / panelBytes));

  let raised = 0;
  for (let first = 0; first < samples; first += chunk) {
    const count = Math.min(chunk, samples - first);
    const bytes = count * numbersPerSample * elementBytes;
    for (const [part, { pointer }, panels] of triangle
      ? ([[columns, columnSide, columnPanels]] as const)
      : ([
          [columns, columnSide, columnPanels],
          [rows, rowSide, rowPanels],
        ] as const)) {
      const length = panels * count * numbersPerSample;
      const view = dtype === 'float32' ? space.float32View(pointer, length) : space.float64View(pointer, length);
      if ((part.to - part.from) % lanes > 0) view.fill(measure.padding, length - count * numbersPerSample);
      measure.pack(part, first, count, lanes, view);
    }
    if (needsSelf) {
      for (let q = 0; q < columnPanels; q++) {
        const panel = columnSide.pointer + q * bytes;
        const found = run(tilesPerPanel, count, classes, panel, panel, columnSide.self + q * selfBytes, lanes);
        // a pair within a panel is met both ways
        if (triangle && q < rowPanels) raised += found / 2;
      }
    }
    if (measure.normalized && !triangle) {
      for (let q = 0; q < rowPanels; q++) {
        const panel = rowSide.pointer + q * bytes;
        run(tilesPerPanel, count, classes, panel, panel, rowSide.self + q * selfBytes, lanes);
      }
    }
    for (let start = 0; start < rowPanels; start += stripe) {
      const end = Math.min(start + stripe, rowPanels);
      for (let q = triangle ? start + 1 : 0; q < columnPanels; q++) {
        const tiles = ((triangle ? Math.min(end, q) : end) - start) * tilesPerPanel;
        const to = out + 8 * (start * lanes * ld + q * lanes);
        raised += run(tiles, count, classes, rowSide.pointer + start * bytes, columnSide.pointer + q * bytes, to, ld);
      }
    }
    onChunk((first + count) / samples);
  }

  const sums = space.float64View(out, rowPanels * lanes * ld);
  if (triangle) {
    const own = space.float64View(columnSide.self, rowPanels * lanes * lanes);
    for (let i = 0; i < rowPanels * lanes; i++) {
      sums.set(own.subarray(i * lanes, (i + 1) * lanes), i * ld + Math.floor(i / lanes) * lanes);
    }
  }
  const diagonal = (pointer: number, panels: number): Float64Array => {
    if (!measure.normalized) return new Float64Array(0);
    const own = space.float64View(pointer, panels * lanes * lanes);
    return Float64Array.from({ length: panels * lanes }, (_, i) => own[i * lanes + (i % lanes)]!);
  };
  const columnSelf = diagonal(columnSide.self, columnPanels);
  const rowSelf = triangle ? columnSelf : diagonal(rowSide.self, rowPanels);
  return { sums, ld, rowSelf, columnSelf, raised, kernels: space.info };
}

/** Samples per chunk: whole groups while that fits. */
function chunkLength(bytesPerSample: number, samples: number): number {
  const fits = Math.max(1, Math.floor(PANEL_BYTES / bytesPerSample));
  return Math.min(samples, fits < GROUP ? fits : fits - (fits % GROUP));
}

interface Side {
  readonly pointer: number;
  readonly self: number;
}

function side(space: DivergenceWorkspace, panels: number, panelBytes: number, selfBytes: number): Side {
  return { pointer: space.allocate(panels * panelBytes), self: space.allocate(panels * selfBytes) };
}

type Run = (
  tiles: number,
  samples: number,
  classes: number,
  a: number,
  b: number,
  out: number,
  ldout: number,
) => number;

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
