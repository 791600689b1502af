import type { Frame } from '../../page/axes.js';
import { shorten, spread } from '../../page/labels.js';
import { el, escapeText } from '../../page/markup.js';

/** A name that stands to the right of where its curve ends. */
export interface EndLabel {
  readonly label: string;
  readonly colour: number;
  readonly at: { readonly x: number; readonly y: number };
  readonly strong?: boolean;
}

/** Names of curves in a column right of the frame, each tied to its curve by a thin line, none over another. */
export function endLabels(labels: readonly EndLabel[], frame: Frame, room: number): string {
  const { left, width, top, height } = frame;
  const middles = spread(
    labels.map(({ at }) => ({ target: at.y, size: 20 })),
    top,
    Math.max(top + height, top + 20 * labels.length),
  );
  const x = left + width + 24;
  return labels
    .map(({ label, colour, at, strong }, i) => {
      const points = `${at.x + 5},${at.y} ${left + width + 4},${at.y} ${x - 5},${middles[i]}`;
      const text = escapeText(shorten(label, 13, room));
      return (
        el('polyline', { class: `leader s${colour}`, points }) +
        el('text', { class: `f${colour}${strong === true ? ' strong' : ''}`, x, y: middles[i] + 4 }, text)
      );
    })
    .join('');
}
