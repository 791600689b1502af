// The figure of the study: how each measure orders the networks, and how often it is wrong, beside what was published.
import { blue, ink, red, text, write } from '../../../figures/draw.mjs';

const row = 21;
const panels = [
  { left: 250, width: 250, range: [-1, 1], ticks: [-1, -0.5, 0, 0.5, 1], chance: 0, title: 'granulated Kendall Ψ' },
  { left: 560, width: 250, range: [0, 1], ticks: [0, 0.25, 0.5, 0.75, 1], chance: 0.5, title: 'mean sign error' },
];

/**
 * @param judged name, psi and signError as { value, low, high }, and published (a mean sign error) where there is one
 */
export function drawFigure(judged) {
  const top = 70;
  const height = row * judged.length;
  const body = panels.map(({ left, width, range, ticks, chance, title }) => {
    const x = place(left, width, range);
    const lines = ticks.map(
      (tick) =>
        `<line x1="${x(tick)}" y1="${top - 8}" x2="${x(tick)}" y2="${top + height}" stroke="${tick === chance ? ink : '#ddd'}"${tick === chance ? ' stroke-dasharray="4 3"' : ''}/>` +
        text(x(tick), top + height + 18, String(tick), ink, 'middle'),
    );
    return text(left, 40, title, ink) + lines.join('');
  });
  judged.forEach(({ name, psi, signError, published }, i) => {
    const y = top + row * (i + 0.5);
    body.push(text(235, y + 4, name, ink, 'end'));
    for (const [k, { value, low, high }] of [psi, signError].entries()) {
      if (!Number.isFinite(value)) continue;
      const { left, width, range } = panels[k];
      const x = place(left, width, range);
      body.push(
        `<line x1="${x(low)}" y1="${y}" x2="${x(high)}" y2="${y}" stroke="${blue}" stroke-width="2"/>`,
        `<circle cx="${x(value)}" cy="${y}" r="4" fill="${blue}"/>`,
      );
      if (k === 1 && published !== undefined) {
        const at = Number(x(published));
        body.push(
          `<path d="M${at} ${y - 5}L${at + 5} ${y}L${at} ${y + 5}L${at - 5} ${y}Z" fill="#fff" stroke="${red}" stroke-width="1.6"/>`,
        );
      }
    }
  });
  const y = top + height + 44;
  body.push(
    `<circle cx="254" cy="${y - 4}" r="4" fill="${blue}"/>`,
    text(264, y, 'here, with 95 % intervals'),
    `<path d="M564 ${y - 9}L569 ${y - 4}L564 ${y + 1}L559 ${y - 4}Z" fill="#fff" stroke="${red}" stroke-width="1.6"/>`,
    text(576, y, 'published, 10 000 networks of another kind'),
  );
  write(
    'measures-judged.svg',
    'How measures of complexity order networks against their generalisation gaps',
    'For each measure the granulated Kendall coefficient and the mean sign error with intervals; dashed lines are chance; diamonds are published sign errors.',
    840,
    top + height + 64,
    body.join('\n'),
  );
}

function place(left, width, [from, to]) {
  return (value) => (left + ((value - from) / (to - from)) * width).toFixed(1);
}
