import { figureWidth, type Frame } from './figure.js';
import { shorten, spread, wrap } from './labels.js';
import { el, svgText, textWidth, type Rich } from './markup.js';
import { marker } from './marker.js';

/** A name that stands to the right of where its curve ends. */
export interface EndLabel {
  readonly label: string;
  /** stands behind the name, and is never cut */
  readonly value?: string;
  /** left out: the colour of text */
  readonly colour?: number;
  readonly at: { readonly x: number; readonly y: number };
  readonly strong?: boolean;
  /** further lines in small type; the name may then take two lines itself */
  readonly below?: readonly Rich[];
}

/** Pixels from one label of one line to the next. */
export const labelHeight = 20;

/** Pixels for the mark of a curve before its name. */
const markRoom = 13;

/** Lines of a label: the name in its colour, then what stands below. */
interface Block {
  readonly names: readonly string[];
  readonly below: readonly Rich[];
  readonly size: number;
}

function block({ label, value, below, colour }: EndLabel, beside: number): Block {
  const room = beside - (colour === undefined ? 0 : markRoom);
  const end = value === undefined ? '' : ` ${value}`;
  const names = below === undefined ? [shorten(label, 13, room - textWidth([end], 13)) + end] : wrap(label, 13, room);
  const lines = names.length + (below?.length ?? 0);
  return { names, below: below ?? [], size: lines === 1 ? labelHeight : 16 * lines + 10 };
}

function roomBeside({ left, width }: Pick<Frame, 'left' | 'width'>): number {
  return figureWidth - left - width - 28;
}

/** Height that labels need beside a frame. */
export function labelsHeight(labels: readonly Omit<EndLabel, 'at'>[], frame: Pick<Frame, 'left' | 'width'>): number {
  const room = roomBeside(frame);
  return labels.reduce((sum, label) => sum + block({ ...label, at: { x: 0, y: 0 } }, room).size, 0);
}

/** Names of curves in a column right of the frame, each tied to its curve by a thin line, none over another. */
export function endLabels(labels: readonly EndLabel[], frame: Frame): string {
  const { left, width, top, height } = frame;
  const blocks = labels.map((label) => block(label, roomBeside(frame)));
  const places = blocks.map(({ size }, i) => ({ target: labels[i].at.y, size }));
  const needed = blocks.reduce((sum, { size }) => sum + size, 0);
  const middles = spread(places, top, top + Math.max(height, needed));
  const x = left + width + 24;
  const drawn = labels.map(({ colour, at, strong, below: more }, i) => {
    const { names, below } = blocks[i];
    const first = middles[i] - 8 * (names.length + below.length - 1);
    const points = `${at.x + 5},${at.y} ${left + width + 4},${at.y} ${x - 5},${first}`;
    const indent = colour === undefined ? 0 : markRoom;
    const mark = colour === undefined ? '' : marker(colour, { x: x + 3, y: first }, 3.6);
    const name = [
      ...(colour === undefined ? [] : [`f${colour}`]),
      ...(strong === true || more !== undefined ? ['strong'] : []),
    ].join(' ');
    const line = (rich: Rich, className: string, k: number): string =>
      el('text', { class: className, x: x + indent, y: first + 4 + 16 * k }, svgText(rich));
    return (
      el('polyline', { class: `leader ${colour === undefined ? 'ink' : `s${colour}`}`, points }) +
      mark +
      names.map((text, k) => line([text], name, k)).join('') +
      below.map((rich, k) => line(rich, 'tick', names.length + k)).join('')
    );
  });
  return el('g', { class: 'names' }, ...drawn);
}
