import type { Frame } from './axes.js';
import { el, escapeText } from './markup.js';

/** A drawing ready for the page or a file of its own. */
export interface Figure {
  /** File name without ending, and prefix of ids. */
  readonly name: string;
  readonly title: string;
  /** What one sees, in words: caption on the page, description for those who do not see it. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  /** Markup of the content. */
  readonly body: string;
}

/** The svg element; `style` for a file that stands alone. */
export function figureSvg({ name, title, description, width, height, body }: Figure, style?: string): string {
  return el(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: 'hr',
      viewBox: `0 0 ${Math.round(width)} ${Math.round(height)}`,
      ...(style === undefined ? {} : { width, height }),
      role: 'img',
      'aria-labelledby': `${name}-title ${name}-desc`,
    },
    el('title', { id: `${name}-title` }, escapeText(title)),
    el('desc', { id: `${name}-desc` }, escapeText(description)),
    style === undefined ? '' : el('style', {}, style) + el('rect', { class: 'paper', width, height }),
    body,
  );
}

/** Id of a figure's clip path. */
export function clipId(name: string): string {
  return `${name}-clip`;
}

/** Keeps curves inside their frame, with room for round line ends. */
export function clipTo(id: string, { left, top, width, height }: Frame): string {
  const rect = el('rect', { x: left - 4, y: top - 4, width: width + 8, height: height + 8 });
  return el('defs', {}, el('clipPath', { id }, rect));
}
