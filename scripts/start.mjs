// `npm start`: everything from a bare checkout to a report. What follows `--` goes to `hyperribbon analyze`, or to the command it names
// (`npm start -- bound --quick`).
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setup } from './setup.mjs';

setup();
const entry = join(dirname(dirname(fileURLToPath(import.meta.url))), 'packages', 'cli', 'bin', 'hyperribbon.js');
const given = process.argv.slice(2);
const words = given.length === 0 || given[0].startsWith('-') ? ['analyze', ...given] : given;
const child = spawn(process.execPath, [entry, ...words], { stdio: 'inherit' });
// Ctrl-C reaches the child by itself (same terminal); the parent only waits for the report to be written.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => process.exit(signal ? 130 : (code ?? 1)));
