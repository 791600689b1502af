import { answerRequests } from '../dist/threads.js';
import { ArgumentError } from '@hyperribbon/contract';

const state = { stopped: false };
answerRequests(async (message, tell) => {
  if (message === 'stop') {
    state.stopped = true;
    return undefined;
  }
  if (message === 'bad argument') throw new ArgumentError('job: size must be > 0, got size=-1');
  if (message === 'until stopped') {
    tell({ share: 0.5 });
    while (!state.stopped) await new Promise((resolve) => setTimeout(resolve, 1));
    return { reply: 'stopped' };
  }
  return { reply: message.map((x) => 2 * x), transfer: [] };
});
