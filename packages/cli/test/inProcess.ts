import { vi } from 'vitest';
import { main } from '../src/main.js';
import type { CliResult } from './runCli.js';

/**
 * Runs the command line in this process: for what is refused or done within a second there is no need for another.
 *
 * @param onErr hears standard error as it is written; an interruption is `process.emit('SIGINT')`
 */
export async function inProcess(args: readonly string[], onErr?: (text: string) => void): Promise<CliResult> {
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      written[name] += String(text);
      if (name === 'stderr') onErr?.(String(text));
      return true;
    }),
  );
  try {
    return { code: await main(['node', 'hyperribbon', ...args]), ...written };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
