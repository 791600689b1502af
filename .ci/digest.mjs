// Prints the digest of a deterministic spectrum; runs in Node, Deno and Bun.
import { readFileSync } from 'node:fs';
import { referenceFiles } from './referenceFiles.mjs';
import { spectrumDigest } from './spectrumDigest.mjs';

const bytes = Object.fromEntries(
  Object.entries(referenceFiles).map(([name, file]) => [name, new Uint8Array(readFileSync(file))]),
);
console.log(await spectrumDigest(bytes));
