import { enableExperimentalSimd } from '@hyperribbon/kernels';
import { serveJobs } from '@hyperribbon/study';
import { jobs } from './table.js';

// flags are the process's, but each thread chooses its own kernels
enableExperimentalSimd();
serveJobs(jobs);
