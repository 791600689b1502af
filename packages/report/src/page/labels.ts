import { textWidth } from './markup.js';

/** Something that wants to stand at `target` (its middle) and takes `size`. */
export interface Placed {
  readonly target: number;
  readonly size: number;
}

/**
 * Middles for labels so that none overlaps: as close to their targets as the order allows, inside [low, high].
 *
 * Labels that touch form a group placed at the mean of what its members want; groups that touch merge. If the labels do not fit,
 * they start at `low` and run over: the caller makes room first.
 */
export function spread(labels: readonly Placed[], low: number, high: number): number[] {
  const order = labels.map((_, i) => i).sort((a, b) => labels[a].target - labels[b].target || a - b);
  interface Group {
    members: number[];
    size: number;
    start: number;
    wish: number;
  }
  const groups: Group[] = [];
  for (const i of order) {
    const { target, size } = labels[i];
    let group: Group = { members: [i], size, start: 0, wish: target - size / 2 };
    place(group);
    for (let last = groups.at(-1); last !== undefined && last.start + last.size > group.start; last = groups.at(-1)) {
      groups.pop();
      const count = last.members.length + group.members.length;
      const shifted = group.wish - last.size; // where the merged group would start if only `group` had a say
      group = {
        members: [...last.members, ...group.members],
        size: last.size + group.size,
        start: 0,
        wish: (last.wish * last.members.length + shifted * group.members.length) / count,
      };
      place(group);
    }
    groups.push(group);
  }
  const middles: number[] = [];
  for (const { members, start } of groups) {
    let at = start;
    for (const i of members) {
      middles[i] = at + labels[i].size / 2;
      at += labels[i].size;
    }
  }
  return middles;

  function place(group: Group): void {
    group.start = Math.max(low, Math.min(high - group.size, group.wish));
  }
}

/**
 * Text in at most two lines of the given width, broken at blanks that break: no number is torn at its narrow blanks. What does not fit ends in an ellipsis. Names come
 * from users.
 */
export function wrap(text: string, size: number, room: number): readonly string[] {
  const words = text.split(/[^\S\u00A0\u202F]+/u).filter((word) => word !== '');
  const lines: string[] = [];
  for (const word of words) {
    const joined = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && textWidth([joined], size) <= room) lines[lines.length - 1] = joined;
    else lines.push(word);
  }
  if (lines.length > 2) lines.splice(1, lines.length - 1, lines.slice(1).join(' '));
  return lines.length === 0 ? [''] : lines.map((line) => shorten(line, size, room));
}

/** Text cut to the given width. */
export function shorten(text: string, size: number, room: number): string {
  let characters = [...text];
  if (textWidth([text], size) <= room) return text;
  while (characters.length > 1 && textWidth([`${characters.join('')}…`], size) > room)
    characters = characters.slice(0, -1);
  return `${characters.join('').trimEnd()}…`;
}
