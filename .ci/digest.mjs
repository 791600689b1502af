// Prints digests of deterministic results as JSON, { spectrum, sharded }; runs in Node, Deno and Bun.
import { readFileSync } from 'node:fs';
import { referenceFiles } from './referenceFiles.mjs';
import { shardedDigest } from './shardedDigest.mjs';
import { spectrumDigest } from './spectrumDigest.mjs';

const bytes = Object.fromEntries(
  Object.entries(referenceFiles).map(([name, file]) => [name, new Uint8Array(readFileSync(file))]),
);
console.log(JSON.stringify({ spectrum: await spectrumDigest(bytes), sharded: await shardedDigest(bytes) }));
