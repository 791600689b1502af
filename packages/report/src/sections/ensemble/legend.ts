import { figureWidth } from '../../page/figure.js';
import { shorten } from '../../page/labels.js';
import { el, escapeText } from '../../page/markup.js';
import { marker } from '../../page/marker.js';
import type { Name } from '../../page/names.js';
import type { ModelGroup } from './modelGroups.js';
import { landmarkAt } from './trajectories.js';

const width = 218;
const top = 36;
const lineHeight = 19;

/** Where figures with a legend end on screens that have no room for it beside them. */
export const legendStart: number = figureWidth - width - 6;

/** Height of a figure whose legend has room. */
export function legendHeight(groups: readonly ModelGroup[]): number {
  return top + 40 + lineHeight * (groups.length + 4);
}

/** Colours of the groups by family, and what the landmarks are, in a column on the right. */
export function legend(groups: readonly ModelGroup[], landmarks: boolean): string {
  const x = figureWidth - width;
  let y = top + 6;
  const lines: string[] = [];
  const entry = (mark: string, label: string, className: string, dx: number): void => {
    const text = escapeText(shorten(label, 13, width - dx - 4));
    lines.push(mark + el('text', { class: className, x: x + dx, y: y + 4 }, text));
    y += lineHeight;
  };
  for (const family of ['linear', 'nonlinear'] as const) {
    const members = groups.filter((group) => group.family === family);
    if (members.length === 0) continue;
    entry('', family, 'tick', 0);
    for (const { name, colour, runs } of members) {
      const mark =
        el('line', { class: `thin s${colour}`, x1: x, x2: x + 14, y1: y, y2: y }) +
        marker(colour, { x: x + 14, y }, 3.8);
      entry(mark, `${name} (${runs.length})`, `f${colour}`, 24);
    }
    y += 5;
  }
  if (landmarks)
    for (const kind of ['ignorance', 'truth'] as const) entry(landmarkAt({ x: x + 8, y }, kind), kind, 'muted', 24);
  return el('g', { class: 'names' }, ...lines);
}

/** The same for screens that have no column on the right. */
export function legendNames(groups: readonly ModelGroup[], landmarks: boolean): readonly Name[] {
  const named = groups.map(({ name, family, colour, runs }) => ({
    label: `${name} (${family}, ${runs.length})`,
    colour,
  }));
  return landmarks ? [...named, { label: '○ ignorance' }, { label: '□ truth' }] : named;
}
