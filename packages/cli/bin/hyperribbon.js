#!/usr/bin/env node
// Relaxed SIMD sits behind a flag in Node 20; it must be set before any module compiles.
import { setFlagsFromString } from 'node:v8';

if (process.versions.v8 !== undefined && Number(process.versions.node.split('.')[0]) < 22) {
  setFlagsFromString('--experimental-wasm-relaxed-simd');
}
const { main } = await import('../dist/main.js');
process.exitCode = await main(process.argv);
