import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const entry = new URL('../bin/hyperribbon.js', import.meta.url).pathname;

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the built command line as a user would; `interruptWhen` sends Ctrl-C once standard error matches it, `killWhen` ends it at once, as a
 * power cut would, when it first says true.
 */
export function runCli(
  args: readonly string[],
  interruptWhen?: RegExp,
  environment: Readonly<Record<string, string>> = {},
  killWhen?: (stderr: string) => boolean,
): Promise<CliResult> {
  return new Promise((resolve) => {
    // what vitest and CI services say of colours is not what the tests are about
    const { FORCE_COLOR: _forced, NO_COLOR: _refused, ...inherited } = process.env;
    const env = { ...inherited, ...environment };
    const child = spawn(process.execPath, [entry, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
    let stdout = '';
    let stderr = '';
    let interrupted = false;
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      if (!interrupted && interruptWhen?.test(stderr) === true) {
        interrupted = true;
        child.kill('SIGINT');
      }
    });
    const watch = killWhen && setInterval(() => (killWhen(stderr) ? child.kill('SIGKILL') : undefined), 10);
    child.on('close', (code) => {
      clearInterval(watch);
      resolve({ code, stdout, stderr });
    });
  });
}

export function scratchFolder(): string {
  return mkdtempSync(join(tmpdir(), 'hyperribbon-test-'));
}
