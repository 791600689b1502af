// The drawing of the figures in this folder: axes, lines, dots, words, one SVG file each.
import { writeFileSync } from 'node:fs';

export const ink = '#222';
export const [blue, red, green, violet] = ['#1b6ca8', '#c8553d', '#3a7d44', '#7d5ba6'];
const here = new URL('./', import.meta.url);

/** Axes with ticks in data coordinates; x and y map data to pixels. */
export function frame({ left, top, width, height, xRange, yRange, xTicks, yTicks, xLabel, yLabel, title, logX, logY }) {
  const scale = (log) => (v) => (log ? Math.log10(v) : v);
  const [sx, sy] = [scale(logX), scale(logY)];
  const x = (v) => left + ((sx(v) - sx(xRange[0])) / (sx(xRange[1]) - sx(xRange[0]))) * width;
  const y = (v) => top + height - ((sy(v) - sy(yRange[0])) / (sy(yRange[1]) - sy(yRange[0]))) * height;
  const out = [`<text x="${left}" y="${top - 14}" font-size="14" font-weight="600">${title}</text>`];
  for (const [v, label] of xTicks) {
    out.push(`<line x1="${x(v)}" y1="${top + height}" x2="${x(v)}" y2="${top + height + 5}" stroke="${ink}"/>`);
    out.push(`<text x="${x(v)}" y="${top + height + 20}" text-anchor="middle">${label}</text>`);
  }
  for (const [v, label] of yTicks) {
    out.push(`<line x1="${left - 5}" y1="${y(v)}" x2="${left}" y2="${y(v)}" stroke="${ink}"/>`);
    out.push(`<text x="${left - 9}" y="${y(v) + 4}" text-anchor="end">${label}</text>`);
  }
  out.push(`<path d="M${left} ${top}V${top + height}H${left + width}" fill="none" stroke="${ink}"/>`);
  out.push(`<text x="${left + width / 2}" y="${top + height + 42}" text-anchor="middle">${xLabel}</text>`);
  const [tx, ty] = [left - 52, top + height / 2];
  out.push(`<text x="${tx}" y="${ty}" text-anchor="middle" transform="rotate(-90 ${tx} ${ty})">${yLabel}</text>`);
  return { x, y, svg: out.join('\n') };
}

export const line = ({ x, y }, points, colour, extra = '') =>
  `<path d="${points.map(([u, v], i) => `${i === 0 ? 'M' : 'L'}${x(u).toFixed(1)} ${y(v).toFixed(1)}`).join('')}" fill="none" stroke="${colour}"${extra.includes('stroke-width') ? '' : ' stroke-width="2"'} ${extra}/>`;
export const dots = ({ x, y }, points, colour, radius = 3.2) =>
  points
    .map(([u, v]) => `<circle cx="${x(u).toFixed(1)}" cy="${y(v).toFixed(1)}" r="${radius}" fill="${colour}"/>`)
    .join('');
export const text = (x, y, label, colour = ink, anchor = 'start') =>
  `<text x="${x}" y="${y}" fill="${colour}" text-anchor="${anchor}">${label}</text>`;

export function write(name, title, description, width, height, body) {
  writeFileSync(
    new URL(name, here),
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12" fill="${ink}" role="img">
<title>${title}</title>
<desc>${description}</desc>
<rect width="${width}" height="${height}" fill="#fff"/>
${body}
</svg>
`,
  );
  console.log(name);
}
export const powers = (from, to, step = 1) => {
  const ticks = [];
  for (let p = from; p <= to; p += step) ticks.push([10 ** p, `1e${p}`]);
  return ticks;
};
export const sup = (ticks) =>
  ticks
    .map(([v, label]) => [v, label.replace(/^1e/, '10^')])
    .map(([v, l]) => [v, l.replace(/\^(-?\d+)/, '<tspan dy="-4" font-size="9">$1</tspan>')]);
