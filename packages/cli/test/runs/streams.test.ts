// Oracle: a shell. Where standard output leads does not change how a command ends; a reader that leaves early is no trouble.
import { execFileSync, spawn } from 'node:child_process';
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { points } from '../cases/files.js';
import { runCli, scratchFolder } from '../runCli.js';

const entry = new URL('../../bin/hyperribbon.js', import.meta.url).pathname;
const folder = scratchFolder();
const at = (name: string): string => join(folder, name);
const inputs = ['inputs', '--data', points];

test('--json goes into a file that standard output was sent to, and through a pipe', async () => {
  const command = [process.execPath, entry, ...inputs, '--json', '/dev/stdout'].join(' ');
  execFileSync('sh', ['-c', `${command} 2> /dev/null > ${at('sent.json')}`]);
  const sent = readFileSync(at('sent.json'), 'utf8');
  expect(JSON.parse(sent)).toMatchObject({ schema: 'hyperribbon/inputs' });
  expect((await runCli([...inputs, '--json', '-'])).stdout).toBe(sent);
  expect(lstatSync('/dev/stdout').isSymbolicLink()).toBe(true);
});

/** A command whose reader has left: what it says on standard error, and its exit code. */
function unread(args: readonly string[]): Promise<{ readonly code: number | null; readonly stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [entry, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stdout.destroy();
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('close', (code) => resolve({ code, stderr }));
  });
}

describe('a reader that has seen enough', () => {
  const small = ['--data', points, '--architecture', 'mlp:tanh:3', '--epochs', '2'];
  it.concurrent.each<[string, string[], number]>([
    ['the help', ['--help'], 0],
    ['a mistake', ['inputs', '--data', at('none.csv')], 2],
    ['inputs', inputs, 0],
    ['inputs --json', [...inputs, '--json'], 0],
    ['train', ['train', ...small, '--out', at('unread.npz')], 0],
    ['bound', ['bound', ...small, '--passes', '1', '--out', at('unread')], 0],
  ])('does not change how %s ends', async (_name, args, wanted) => {
    const { code, stderr } = await unread(args);
    expect(stderr).not.toMatch(/EPIPE|internal fault|\n {4}at /);
    expect(code).toBe(wanted);
  });

  it('is told from a full disk', () => {
    const command = [process.execPath, entry, ...inputs].join(' ');
    const ended = execFileSync('sh', ['-c', `${command} 2>&1 > /dev/full; echo $?`]).toString();
    expect(ended).toMatch(/cannot write to standard output \(ENOSPC\)\n2\n$/);
  });
});
