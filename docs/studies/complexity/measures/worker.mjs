import { enableExperimentalSimd } from '@hyperribbon/kernels';
import { serveJobs } from '@hyperribbon/study';
import { jobs } from './jobs.mjs';

enableExperimentalSimd();
serveJobs(jobs);
