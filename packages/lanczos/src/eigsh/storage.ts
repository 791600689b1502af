import { afterProduct, OperatorError, scale, type LinearOperator } from '@hyperribbon/linop';
import { exponentOf, maxAbs, powerOfTwo, scaleByPower, timesPower } from '../dense/powerOfTwo.js';
import type { EigenReport } from './eigenReport.js';
import type { EigshOptions, EigshSettings } from './eigshOptions.js';

/** Products that float32 numbers cannot hold, around 2^exponent. */
class OutOfRange extends Error {
  readonly exponent: number;

  constructor(exponent: number) {
    super();
    this.exponent = exponent;
  }
}

/**
 * The float64 operator whose products are to be stored as float32: those that overflow there end the run, and a first one that is nothing but underflow.
 * @param tiny whether that one may be: it was the reason for a scale before
 */
export function withinFloat32(op: LinearOperator, tiny: boolean): LinearOperator {
  let first = !tiny;
  return afterProduct(op, (_, out) => {
    const e = exponentOf(maxAbs(out));
    if (e > 120 || (first && e < -100)) throw new OutOfRange(e);
    if (e !== 0) first = false;
  });
}

type Run = (op: LinearOperator, options: EigshOptions) => Promise<EigenReport>;

/** Four bytes before a state saved at another scale, and then its exponent: a run that goes on must have the same one. */
const MAGIC = 0x5a4c5253;

/**
 * A run, and where products are out of the range of float32 one of the operator times a power of two that brings them there; the report is that of the operator.
 *
 * @param run of an operator whose first product may be tiny, or not
 */
export async function runInRange(
  op: LinearOperator,
  options: EigshOptions,
  run: (tiny: boolean) => Run,
): Promise<EigenReport> {
  const { resume } = options;
  const saved = resume === undefined || resume.length < 8 ? null : new DataView(resume.buffer, resume.byteOffset);
  if (saved?.getUint32(0) === MAGIC)
    return atScale(op, { ...options, resume: resume!.subarray(8) }, saved.getInt32(4), run);
  return run(false)(op, options).catch(async (error: unknown) => {
    if (!(error instanceof OperatorError && error.cause instanceof OutOfRange)) throw error;
    const report = await atScale(op, options, error.cause.exponent, run);
    return { ...report, matvecs: report.matvecs + error.call };
  });
}

/** The run of 2^−exponent A, after which the exponent may turn out to be too small: that of a first product near zero. */
async function atScale(
  op: LinearOperator,
  options: EigshOptions,
  exponent: number,
  run: (tiny: boolean) => Run,
): Promise<EigenReport> {
  // twice the largest is 2^1024
  const e = Math.max(-1000, Math.min(1000, exponent));
  const { deflate, onCheckpoint } = options;
  const scaled: { -readonly [key in keyof EigshSettings]: EigshSettings[key] } = { ...options };
  for (const name of ['above', 'below'] as const)
    if (scaled[name] !== undefined) scaled[name] = timesPower(scaled[name], -e);
  if (deflate !== undefined)
    scaled.deflate = { ...deflate, values: scaleByPower(Float64Array.from(deflate.values), -e) };
  if (onCheckpoint !== undefined) scaled.onCheckpoint = (state) => onCheckpoint(marked(state, e));
  const report = await runInRange(scale(op, powerOfTwo(-e)), scaled as EigshOptions, () => run(true));
  const { enclosures, filter, values, residualNorms, norm, resolution } = report;
  for (const numbers of [values, residualNorms, ...Object.values(enclosures)]) scaleByPower(numbers, e);
  const up = (x: number): number => timesPower(x, e);
  return {
    ...report,
    norm: up(norm),
    resolution: up(resolution),
    filter: filter && { ...filter, low: up(filter.low), high: up(filter.high) },
  };
}

function marked(state: Uint8Array, exponent: number): Uint8Array {
  const out = new Uint8Array(state.length + 8);
  const view = new DataView(out.buffer);
  view.setUint32(0, MAGIC);
  view.setInt32(4, exponent);
  out.set(state, 8);
  return out;
}
