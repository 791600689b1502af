import type { Analysis } from '@hyperribbon/report';

type Section = Omit<Analysis, 'schema' | 'version' | 'status' | 'created'>;

/** Collects the sections of an analysis as they are finished, and knows at any time what is still missing. */
export class Sections {
  #content: Section = {};
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
  update(change: (content: Section) => Partial<Section>): void {
    this.#content = { ...this.#content, ...change(this.#content) };
  }

  /** The record as it stands; `seconds` is the wall-clock time so far. */
  analysis(created: string, seconds: number, reason?: string): Analysis {
    const missing = [...this.#open];
    const { setting, ...rest } = this.#content;
    return {
      schema: 'hyperribbon/analysis',
      version: 1,
      created,
      status: { complete: missing.length === 0, missing, ...(reason === undefined ? {} : { reason }) },
      ...(setting ? { setting: { ...setting, seconds, timings: this.#seconds } } : {}),
      ...rest,
    };
  }
}
