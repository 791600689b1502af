import { el, escapeText } from './markup.js';
import type { Name } from './names.js';

/** All figures are as wide as the column of text. */
export const figureWidth = 720;

/** The rectangle of data inside a figure. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A drawing ready for the page or a file of its own. */
export interface Figure {
  /** File name without ending, and prefix of ids. */
  readonly name: string;
  readonly title: string;
  /** What one sees, in words: caption on the page, description for those who do not see it. */
  readonly description: string;
  readonly height: number;
  /** Where the plot ends and names begin that narrow screens show below the figure; default: at its right edge. */
  readonly plotWidth?: number;
  /** Where it ends below; default: at its lower edge. */
  readonly plotHeight?: number;
  readonly names?: readonly Name[];
  /** Markup of the content. */
  readonly body: string;
}

/** The svg element; `style` for a file that stands alone. */
export function figureSvg({ name, title, description, height, body }: Figure, style?: string): string {
  const width = figureWidth;
  return el(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: 'hr',
      viewBox: `0 0 ${width} ${Math.round(height)}`,
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
