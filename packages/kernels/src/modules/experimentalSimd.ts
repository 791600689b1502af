import { hasRelaxedSimd } from './relaxedSimd.js';

/** What {@link enableExperimentalSimd} got. */
export interface ExperimentalSimd {
  /** the fast flavour validates now: it did anyway, or Node's flag made it */
  readonly relaxedSimd: boolean;
  /** V8 joins neighbouring 128-bit operations into 256-bit ones; matrix products use tiles shaped for it */
  readonly revectorized: boolean;
}

interface Runtime {
  readonly arch?: string;
  readonly versions?: Readonly<Record<string, string | undefined>>;
  readonly execArgv?: readonly string[];
  getBuiltinModule?(name: string): { setFlagsFromString?(flag: string): void } | undefined;
}

const REVECTORIZE = '--experimental-wasm-revectorize';

/** process-wide like the flag itself, which cannot be read back */
let revectorized: boolean | undefined;

/**
 * Switches on what the JavaScript engine under Node has but keeps behind flags: relaxed SIMD on Node 20 and, on x64 from
 * Node 24 on, V8's joining of 128-bit operations into 256-bit ones (matrix products about 1.7 times as fast; the deterministic
 * flavour keeps its bits). Both are experiments of V8: a program opts in for its whole process, a library should not.
 * Call it before the first createWorkspace. Elsewhere than in Node it changes nothing.
 *
 * @example
 * const { revectorized } = enableExperimentalSimd();
 */
export function enableExperimentalSimd(): ExperimentalSimd {
  const runtime = node();
  const v8 = runtime?.getBuiltinModule?.('node:v8');
  if (v8?.setFlagsFromString !== undefined) {
    if (!hasRelaxedSimd()) v8.setFlagsFromString('--experimental-wasm-relaxed-simd');
    if (joinsOperations(runtime)) {
      v8.setFlagsFromString(REVECTORIZE);
      revectorized = true;
    }
  }
  return experimentalSimd();
}

/** What {@link enableExperimentalSimd} or Node's flags have switched on in this thread, without switching anything on. @example experimentalSimd(); */
export function experimentalSimd(): ExperimentalSimd {
  return { relaxedSimd: hasRelaxedSimd(), revectorized: wideTiles() };
}

/** Whether matrix products should use tiles for 256-bit registers. They change speed, never bits. */
export function wideTiles(): boolean {
  const runtime = node();
  revectorized ??= joinsOperations(runtime) && (runtime?.execArgv?.includes(REVECTORIZE) ?? false);
  return revectorized;
}

// Node 22 knows the flag too, but its V8 does not join the loops of gemmTileWide (wide tiles: 0.6 times as fast there).
function joinsOperations(runtime: Runtime | undefined): boolean {
  return runtime?.arch === 'x64' && Number.parseInt(runtime.versions?.['node'] ?? '0', 10) >= 24;
}

// Deno and Bun also have a `process`, but neither reads V8's flags this way.
function node(): Runtime | undefined {
  const runtime = (globalThis as { process?: Runtime }).process;
  const foreign = 'Deno' in globalThis || runtime?.versions?.['bun'] !== undefined;
  return foreign || runtime?.versions?.['node'] === undefined ? undefined : runtime;
}
