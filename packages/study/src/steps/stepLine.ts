import type { Progress } from '@hyperribbon/contract';

/** Where a long step is shown: a line on a terminal, a bar in a page. */
export interface StepLine {
  update(progress: Progress<string>): void;
  /** ends the line with a sentence on its result */
  done(summary: string): void;
  /** ends the line early: what was kept */
  stopped(summary: string): void;
}

/** Shows steps; several may run at the same time. */
export interface StepLines {
  start(title: string): StepLine;
}

/** What the jobs of a step say to their line. */
export interface SharedLine {
  /** when the first job began, performance.now() in ms */
  began(): number;
  begin(): void;
  update(job: number, progress: Progress<string>): void;
  finished(job: number): void;
  done(summary: string): void;
  stopped(): void;
  failed(why: string): void;
}

/** The line of a step whose jobs run side by side: it begins with the first of them and moves by their weights. */
export function sharedLine(
  start: () => StepLine,
  jobs: readonly { readonly weight?: number; readonly label?: string }[],
  counted: (done: number, total: number) => string = () => '',
): SharedLine {
  const shares = new Float64Array(jobs.length);
  const of = jobs.reduce((sum, { weight = 1 }) => sum + weight, 0);
  let line: StepLine | undefined;
  let [ended, began] = [0, 0];
  const show = (i: number, share: number, words: readonly string[]): void => {
    shares[i] = share;
    const done = jobs.reduce((sum, { weight = 1 }, k) => sum + weight * shares[k], 0);
    const detail = [counted(ended, jobs.length), ...words].filter((part) => part !== '').join(', ');
    line?.update({ done, of, detail });
  };
  return {
    began: () => began,
    begin() {
      if (line !== undefined) return;
      began = performance.now();
      line = start();
    },
    update: (i, { done, of: all, detail = '' }) => show(i, all > 0 ? done / all : 0, [jobs[i].label ?? '', detail]),
    finished(i) {
      ended++;
      // with the last of them the line ends: it has a sentence of its own
      if (ended < jobs.length) show(i, 1, []);
    },
    done: (summary) => line?.done(summary),
    stopped: () =>
      line?.stopped(['stopped', counted(ended, jobs.length)].filter((part) => part !== '').join(' after ')),
    failed: (why) => line?.stopped(`failed: ${why}`),
  };
}
