import { solve } from './solve.js';

console.log(await solve({ workers: 2, workerUrl: new URL('./shardWorker.js', import.meta.url) }));
