/** An SVG of growth.json: seconds and peak bytes against the number of unknowns, both axes logarithmic, with lines of slope one. */
export function growthPlot({ rows, slopes, version, machine }) {
  const [width, height] = [720, 330];
  const panels = [
    { title: 'seconds', of: ({ seconds }) => seconds.median, left: 64, slope: slopes.secondsPerProduct },
    { title: 'peak memory, MiB', of: ({ bytes }) => bytes / 2 ** 20, left: 424, slope: slopes.bytes },
  ];
  const [top, bottom, across] = [40, 270, 270];
  const decade = (value, round) => Math[round](Math.log10(value) + (round === 'floor' ? 1e-9 : -1e-9));
  const [first, last] = [decade(rows[0].n, 'floor'), decade(rows.at(-1).n, 'ceil')];
  const number = (value) => Number(value.toFixed(1));
  const superscript = (exponent) => `10<tspan dy="-5" font-size="9">${exponent}</tspan>`;
  const draw = ({ title, of, left, slope }) => {
    const values = rows.map(of);
    const [low, high] = [decade(Math.min(...values), 'floor'), decade(Math.max(...values), 'ceil')];
    const x = (n) => number(left + (across * (Math.log10(n) - first)) / (last - first));
    const y = (value) => number(bottom - ((bottom - top) * (Math.log10(value) - low)) / Math.max(1, high - low));
    const parts = [`<text x="${left}" y="${top - 16}" font-weight="bold">${title}</text>`];
    for (let e = first; e <= last; e++) {
      parts.push(`<line x1="${x(10 ** e)}" y1="${top}" x2="${x(10 ** e)}" y2="${bottom}" class="grid"/>`);
      parts.push(`<text x="${x(10 ** e)}" y="${bottom + 20}" text-anchor="middle">${superscript(e)}</text>`);
    }
    for (let e = low; e <= high; e++) {
      parts.push(`<line x1="${left}" y1="${y(10 ** e)}" x2="${left + across}" y2="${y(10 ** e)}" class="grid"/>`);
      parts.push(`<text x="${left - 6}" y="${y(10 ** e) + 4}" text-anchor="end">${superscript(e)}</text>`);
    }
    // through the largest size, as far down as the panel goes
    const [{ n }, value] = [rows.at(-1), values.at(-1)];
    const reach = Math.max(rows[0].n, n * (10 ** low / value));
    parts.push(`<line x1="${x(reach)}" y1="${y(value * (reach / n))}" x2="${x(n)}" y2="${y(value)}" class="linear"/>`);
    parts.push(`<polyline points="${rows.map((row) => `${x(row.n)},${y(of(row))}`).join(' ')}" class="measured"/>`);
    for (const row of rows) parts.push(`<circle cx="${x(row.n)}" cy="${y(of(row))}" r="3.5"/>`);
    parts.push(`<text x="${left + 8}" y="${top + 16}">slope ${slope.toFixed(2)}</text>`);
    parts.push(`<text x="${left + across / 2}" y="${bottom + 40}" text-anchor="middle">unknowns</text>`);
    return parts.join('\n    ');
  };
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
  <title>eigsh, five pairs, 20 basis vectors: time and memory against size</title>
  <style>
    text { font: 12px system-ui, sans-serif; fill: #333; }
    .grid { stroke: #ddd; }
    .linear { stroke: #999; stroke-dasharray: 5 4; }
    .measured { fill: none; stroke: #2a6f97; stroke-width: 2; }
    circle { fill: #2a6f97; }
  </style>
  <rect width="${width}" height="${height}" fill="#fff"/>
  <g>
    ${panels.map(draw).join('\n    ')}
    <text x="${width - 10}" y="${height - 4}" text-anchor="end" style="font-size: 10px; fill: #777">${machine.cpu}; ${version}; dashed: linear</text>
  </g>
</svg>
`;
}
