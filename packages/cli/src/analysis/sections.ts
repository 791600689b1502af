import type { Sections as Content } from '@hyperribbon/report';

/** Collects the sections of an analysis as they are finished. */
export class Sections {
  #content: Content = {};

  /** Changes the content; `change` gets what is there and returns what to put in its place. */
  update(change: (content: Content) => Partial<Content>): void {
    this.#content = { ...this.#content, ...change(this.#content) };
  }

  get content(): Content {
    return this.#content;
  }
}
