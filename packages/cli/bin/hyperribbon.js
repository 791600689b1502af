#!/usr/bin/env node
import { main } from '../dist/main.js';
import { guardStandardStreams } from '../dist/output/standardStreams.js';

guardStandardStreams();
process.exitCode = await main(process.argv);
