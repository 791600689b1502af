import { refuseType, typedArrayName } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { columnNorms } from '../factorization/ritz.js';
import type { KrylovState } from '../factorization/krylovFactorization.js';
import type { Chain } from './verification/chain.js';
import type { ChebyshevFilter } from './filter/chebyshev.js';
import type { SolverState } from './searching.js';
import type { EigenSolver } from './solver.js';

/** A saved state that does not fit: damaged, of another version, or of another problem. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}

const MAGIC = 0x5a4c5248;
const VERSION = 4;
/** magic, version, length of the header, checksum */
const PREFIX = 16;

/** What a search with a polynomial is made from. */
export interface SavedFilter {
  readonly filter: ChebyshevFilter;
  /** of A, and what was asked for relative to it */
  readonly norm: number;
  readonly tol: number;
  /** restarts before it */
  readonly since: number;
  /** what a residual of A, relative to a residual of T(A), is at most, times ‖T(A)‖ */
  readonly scale: number;
  /** the threshold of a search for all beyond one, a number of sign · A */
  readonly edge: number | null;
}

/** JSON has no infinity: what is infinite is null. */
interface Header {
  readonly factorization: Omit<KrylovState, 'held'>;
  readonly solver: SolverState;
  readonly filtered: SavedFilter | null;
  readonly identity: string;
  readonly kernels: string;
  readonly bytes: number;
  readonly matvecs: number;
  readonly chain:
    | null
    | (Omit<Chain, 'held' | 'ritz'> & {
        /** rows held, and the basis rows before them */
        readonly held: number;
        readonly size: number;
        /** Ritz pairs */
        readonly pairs: number;
      });
}

/** The problem a state belongs to; resuming anything else is refused. */
function identityOf(solver: EigenSolver): string {
  const { f, options } = solver;
  const { k, which, tol, failureProbability, basisSize, edge, noise } = options;
  const problem = [f.n, f.guard.op.dtype, f.seed, f.sign, f.capacity];
  const question = [k, which, tol, failureProbability, basisSize, edge, noise];
  return JSON.stringify([...problem, ...question, solver.base, options.width !== undefined]);
}

/** The state of a solver as bytes: header in JSON, arrays little-endian, a checksum over both. Cost: (m + p) n numbers copied. */
export function saveSolver(solver: EigenSolver, filtered: SavedFilter | null): Uint8Array {
  const { f, chain } = solver;
  const arrays: FloatArray[] = [f.projected];
  for (let i = 0; i < f.size + f.candidates; i++) arrays.push(f.row(i));
  if (chain !== null) {
    const { held, ritz } = chain;
    arrays.push(ritz.values, ritz.vectors, ritz.coupling, held.coupling, ...(held.lift === null ? [] : [held.lift]));
    for (let q = 0; q < held.count; q++) arrays.push(f.row(held.first + q));
  }
  const bytes = arrays.reduce((s, a) => s + a.byteLength, 0);
  const header: Header = {
    factorization: { ...f.state, held: undefined } as Header['factorization'],
    solver: solver.state,
    filtered,
    identity: identityOf(solver),
    kernels: JSON.stringify(f.workspace.info),
    bytes,
    matvecs: f.guard.matvecs,
    chain: chain === null ? null : savedChain(chain),
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const out = new Uint8Array(PREFIX + text.length + bytes);
  const view = new DataView(out.buffer);
  view.setUint32(0, MAGIC);
  view.setUint32(4, VERSION);
  view.setUint32(8, text.length);
  out.set(text, PREFIX);
  let at = PREFIX + text.length;
  for (const a of arrays) {
    out.set(new Uint8Array(a.buffer, a.byteOffset, a.byteLength), at);
    at += a.byteLength;
  }
  view.setUint32(12, checksum(out.subarray(PREFIX)));
  return out;
}

function savedChain({ held, ritz, ...progress }: Chain): Header['chain'] {
  return { ...progress, held: held.count, size: held.size, pairs: ritz.values.length };
}

/** The polynomial that a saved state works with, or null. @throws CheckpointError when the bytes are damaged */
export function savedFilter(state: Uint8Array): SavedFilter | null {
  if (typedArrayName(state) !== 'Uint8Array') refuseType('eigsh', 'resume', 'a Uint8Array', state);
  return readHeader(state).filtered;
}

/**
 * Puts a solver into a saved state.
 * @throws CheckpointError when the bytes are damaged, of another version, or were saved for another problem or other kernels
 */
export function restoreSolver(solver: EigenSolver, state: Uint8Array): void {
  const header = readHeader(state);
  const { f } = solver;
  const identity = identityOf(solver);
  const kernels = JSON.stringify(f.workspace.info);
  ask(header.identity === identity, `was saved for ${header.identity}, not for ${identity}`);
  ask(header.kernels === kernels, `was saved with kernels ${header.kernels}, not ${kernels}`);
  let at = state.length - header.bytes;
  const read = (a: FloatArray): FloatArray => {
    new Uint8Array(a.buffer, a.byteOffset, a.byteLength).set(state.subarray(at, at + a.byteLength));
    at += a.byteLength;
    return a;
  };
  read(f.projected);
  Object.assign(f.state, header.factorization);
  for (let i = 0; i < f.size + f.candidates; i++) read(f.row(i));
  f.guard.matvecs = header.matvecs;
  Object.assign(solver.state, header.solver);
  solver.state.lowest ??= Infinity;
  solver.state.work ??= Infinity;
  const { chain } = header;
  if (chain === null) return;
  const { pairs, held: p, size, ...progress } = chain;
  const readNumbers = (length: number): Float64Array => read(new Float64Array(length)) as Float64Array;
  const values = readNumbers(pairs);
  const vectors = readNumbers(pairs * pairs);
  const coupling = readNumbers(pairs * p);
  const heldCoupling = readNumbers(size * p);
  const lift = p > 0 ? readNumbers(p * p) : null;
  const first = f.capacity - p;
  for (let q = 0; q < p; q++) read(f.row(first + q));
  const held = (f.state.held = { first, count: p, coupling: heldCoupling, size, lift });
  const ritz = { values, vectors, coupling, residualNorms: columnNorms(coupling, p, pairs) };
  solver.chain = { ...progress, held, ritz };
}

function readHeader(state: Uint8Array): Header {
  const view = new DataView(state.buffer, state.byteOffset, state.byteLength);
  if (state.length < PREFIX || view.getUint32(0) !== MAGIC)
    throw new CheckpointError('eigsh: resume is not a saved solver state');
  const version = view.getUint32(4);
  ask(version === VERSION, `has version ${version}, expected ${VERSION}`);
  const end = PREFIX + view.getUint32(8);
  const whole = end <= state.length && view.getUint32(12) === checksum(state.subarray(PREFIX));
  ask(whole, 'is damaged: its checksum does not fit');
  const header = JSON.parse(new TextDecoder().decode(state.subarray(PREFIX, end))) as Header;
  ask(end + header.bytes === state.length, 'is damaged: its length does not fit');
  return header;
}

function ask(right: boolean, otherwise: string): void {
  if (!right) throw new CheckpointError(`eigsh: the state ${otherwise}`);
}

/** FNV-1a, 32 bits: finds accidents, not forgeries. */
function checksum(bytes: Uint8Array): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) h = Math.imul(h ^ bytes[i], 0x01000193);
  return h >>> 0;
}
