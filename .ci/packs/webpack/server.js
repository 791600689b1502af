import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { solve } from './solve.js';

console.log(await solve({ workers: 2, workerUrl: pathToFileURL(join(__dirname, 'shardWorker.cjs')) }));
