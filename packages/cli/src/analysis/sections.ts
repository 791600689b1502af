import type { Sections as StudySections } from '@hyperribbon/report';
import type { RunState } from '../output/studyRecord.js';

/** Collects the sections of an analysis as they are finished, and knows at any time what is still missing. */
export class Sections {
  #content: StudySections = {};
  readonly #open = new Set<string>();
  readonly #seconds: { step: string; seconds: number }[] = [];

  /** A step that is planned: named as missing until {@link finish}. */
  plan(...steps: string[]): void {
    for (const step of steps) this.#open.add(step);
  }

  finish(step: string, seconds: number): void {
    this.#open.delete(step);
    this.#seconds.push({ step, seconds });
  }

  /** Changes the content; `change` gets what is there and returns what to put in its place. */
  update(change: (content: StudySections) => Partial<StudySections>): void {
    this.#content = { ...this.#content, ...change(this.#content) };
  }

  get content(): StudySections {
    return this.#content;
  }

  /** How the run stands; `seconds` is the wall-clock time so far. */
  state(seconds: number, reason?: string): RunState {
    const missing = [...this.#open];
    const status = { complete: missing.length === 0, missing, ...(reason === undefined ? {} : { reason }) };
    return { status, seconds, timings: this.#seconds };
  }
}
