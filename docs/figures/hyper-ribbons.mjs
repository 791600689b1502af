// The figures of docs/guide/hyper-ribbons.md: node docs/figures/hyper-ribbons.mjs (after npm run build; about 10 s)
import { stream } from '@hyperribbon/random';
import {
  gaussianDivergences,
  geometricBoundary,
  inpca,
  iterate,
  phaseBoundary,
  phaseDiagram,
  plateauBoundary,
  predictedWidths,
  ribbonScales,
  sloppyEigenvalues,
} from '@hyperribbon/linear-dynamics';
import { blue, dots, frame, green, ink, line, powers, red, sup, text, violet, write } from './draw.mjs';

// 1 the spectrum of the cloud: plateau and ribbon
{
  const [decay, steps, ratio] = [0.5, 1000, 10];
  const eigenvalues = sloppyEigenvalues(decay);
  const target = new Float64Array(eigenvalues.length).fill(ratio);
  const spectrum = predictedWidths({ eigenvalues, learningRate: 0.9, steps, target, count: 30 });
  const scales = ribbonScales({ decay, ratio, horizon: 0.9 * steps });
  const axes = frame({
    left: 80,
    top: 50,
    width: 560,
    height: 330,
    logY: true,
    xRange: [0, 31],
    yRange: [1e-10, 10],
    xTicks: [1, 5, 10, 15, 20, 25, 30].map((v) => [v, v]),
    yTicks: sup(powers(-10, 0, 2)),
    xLabel: 'direction k',
    yLabel: 'variance of the cloud along it',
    title: 'Two sources: the target makes a ribbon, the initialisation a plateau',
  });
  const points = (values) => Array.from(values, (v, i) => [i + 1, v]).filter(([, v]) => v > 1e-10);
  const h = scales.plateauHeight;
  write(
    'hyper-ribbon-spectrum.svg',
    'Spectrum of the pooled covariance',
    `Eigenvalues for slope ${decay}, ${steps} steps, ratio ${ratio}: total, target part and initialisation part`,
    700,
    450,
    [
      axes.svg,
      line(
        axes,
        [
          [0, h],
          [31, h],
        ],
        '#999',
        'stroke-dasharray="4 4" stroke-width="1"',
      ),
      text(axes.x(31), axes.y(h) - 8, 'plateau σ²/(2ηT)', '#666', 'end'),
      line(
        axes,
        [
          [scales.plateauLength, 1e-10],
          [scales.plateauLength, 10],
        ],
        '#999',
        'stroke-dasharray="4 4" stroke-width="1"',
      ),
      text(axes.x(scales.plateauLength) + 6, axes.y(3), 'k* = 1 + L/c', '#666'),
      line(
        axes,
        [
          [scales.directionsAbove, 1e-10],
          [scales.directionsAbove, 10],
        ],
        '#999',
        'stroke-dasharray="4 4" stroke-width="1"',
      ),
      text(axes.x(scales.directionsAbove) + 6, axes.y(3), 'k_c', '#666'),
      line(axes, points(spectrum.target.eigenvalues), red),
      dots(axes, points(spectrum.target.eigenvalues), red),
      line(axes, points(spectrum.initialization.eigenvalues), green),
      dots(axes, points(spectrum.initialization.eigenvalues), green),
      dots(axes, points(spectrum.eigenvalues), blue, 4.6),
      text(axes.x(16.5), axes.y(1e-7), 'initialisation: falls as e^(−c k) after k*', green),
      text(axes.x(14.3), axes.y(1.5e-9), 'target: geometric, rate e^(−π²/L)', red),
      text(axes.x(6.4), axes.y(0.05), 'both together', blue),
    ].join('\n'),
  );
}

// 2 the phase diagram over slope and ratio
{
  const [n, steps] = [72, 1000];
  const grid = (low, high) => Float64Array.from({ length: n }, (_, i) => low * (high / low) ** ((i + 0.5) / n));
  const [decays, ratios] = [grid(0.2, 4), grid(0.1, 1000)];
  const { explained3 } = await phaseDiagram({ decays, ratios, steps: [steps] });
  const axes = frame({
    left: 80,
    top: 50,
    width: 520,
    height: 360,
    logX: true,
    logY: true,
    xRange: [0.2, 4],
    yRange: [0.1, 1000],
    xTicks: [0.2, 0.5, 1, 2, 4].map((v) => [v, v]),
    yTicks: sup(powers(-1, 3)),
    xLabel: 'slope c of the input spectrum',
    yLabel: 'ratio ρ of target to initialisation',
    title: `Share of variance in three directions after ${steps} steps`,
  });
  const [low, high] = [
    [247, 244, 236],
    [20, 84, 135],
  ];
  const colour = (v) => {
    const t = Math.max(0, Math.min(1, (v - 0.3) / 0.7));
    return `rgb(${low.map((a, i) => Math.round(a + t * (high[i] - a))).join(',')})`;
  };
  const [w, h] = [520 / n, 360 / n];
  const cells = Array.from(explained3, (v, cell) => {
    const [i, j] = [Math.floor(cell / n), cell % n];
    return `<rect x="${(80 + i * w).toFixed(2)}" y="${(410 - (j + 1) * h).toFixed(2)}" width="${(w + 0.6).toFixed(2)}" height="${(h + 0.6).toFixed(2)}" fill="${colour(v)}"/>`;
  });
  const fine = Float64Array.from({ length: 60 }, (_, i) => 0.2 * 20 ** (i / 59));
  const inside = (points) => points.filter(([, v]) => v >= 0.1 && v <= 1000);
  const exact = inside(Array.from(fine, (c) => [c, phaseBoundary({ decay: c, steps }).ratio]));
  const geometric = inside(
    Array.from(fine, (c) => [c, geometricBoundary({ decay: c, horizon: 0.9 * steps, directions: 3 })]),
  );
  const none = inside(Array.from(fine, (c) => [c, plateauBoundary(c)]));
  const legend = Array.from(
    { length: 50 },
    (_, i) =>
      `<rect x="630" y="${(300 - i * 4).toFixed(0)}" width="18" height="4.4" fill="${colour(0.3 + (0.7 * i) / 49)}"/>`,
  );
  write(
    'hyper-ribbon-phase.svg',
    'Phase diagram',
    'Explained variance of three directions over slope and ratio, with the exact contour at 0.9 and two asymptotic boundaries',
    760,
    480,
    [
      cells.join(''),
      axes.svg,
      line(axes, exact, '#fff', 'stroke-width="5"'),
      line(axes, exact, red, 'stroke-width="2.5"'),
      line(axes, geometric, ink, 'stroke-dasharray="7 4"'),
      line(axes, none, ink, 'stroke-dasharray="2 4"'),
      ...legend,
      text(654, 108, '1.0'),
      text(654, 304, '≤ 0.3'),
      text(630, 92, 'EV₃'),
      `<g><rect x="624" y="330" width="128" height="78" fill="#fff"/>`,
      `<path d="M626 344h22" stroke="${red}" stroke-width="2.5"/>`,
      text(654, 348, 'EV₃ = 0.9, exact'),
      `<path d="M626 368h22" stroke="${ink}" stroke-width="2" stroke-dasharray="7 4"/>`,
      text(654, 372, 'k_c = 3'),
      `<path d="M626 392h22" stroke="${ink}" stroke-width="2" stroke-dasharray="2 4"/>`,
      text(654, 396, 'no plateau'),
      '</g>',
    ].join('\n'),
  );
}

// 3 InPCA of runs, predicted against measured widths
{
  const [decay, steps, runs, d, samples] = [0.5, 25, 40, 20, 20];
  const lambda = sloppyEigenvalues(decay, { dimension: d });
  const target = new Float64Array(d).fill(3);
  const times = Array.from({ length: steps }, (_, t) => t);
  const start = stream({ seed: 3, purpose: 'guide' });
  const predictions = new Float64Array(runs * times.length * samples);
  for (let r = 0; r < runs; r++) {
    const initial = start.normal(new Float64Array(d));
    times.forEach((step, k) => {
      const w = iterate({ eigenvalues: lambda, learningRate: 0.9, step, initial, target });
      for (let i = 0; i < d; i++) predictions[(r * times.length + k) * samples + i] = w[i] * Math.sqrt(lambda[i]);
    });
  }
  const models = runs * times.length;
  const map = await inpca(gaussianDivergences({ predictions, models, samples, outputs: 1 }), { dimensions: 10 });
  const at = (m, k) => map.coordinates[m * 10 + k];
  const extent = (k) =>
    Array.from({ length: models }, (_, m) => at(m, k)).reduce(
      ([a, b], v) => [Math.min(a, v), Math.max(b, v)],
      [Infinity, -Infinity],
    );
  const [x0, x1] = extent(0);
  const [y0, y1] = extent(1);
  const axes = frame({
    left: 70,
    top: 50,
    width: 400,
    height: 320,
    xRange: [x0, x1],
    yRange: [y0, y1],
    xTicks: [],
    yTicks: [],
    xLabel: 'InPCA 1 (real)',
    yLabel: 'InPCA 2 (real)',
    title: `${runs} runs, ${steps} steps, c = 0.5, ρ = 3`,
  });
  const tracks = Array.from({ length: runs }, (_, r) =>
    line(
      axes,
      times.map((_, k) => [at(r * times.length + k, 0), at(r * times.length + k, 1)]),
      blue,
      'stroke-opacity="0.45" stroke-width="1.2"',
    ),
  );
  const first = Array.from({ length: runs }, (_, r) => [at(r * times.length, 0), at(r * times.length, 1)]);
  const last = Array.from({ length: runs }, (_, r) => [
    at((r + 1) * times.length - 1, 0),
    at((r + 1) * times.length - 1, 1),
  ]);
  // widths: eigenvalues of the map are sums over models of squares, over 8 σ² N
  const measured = Array.from(map.eigenvalues, (v) => Math.sqrt((v * 8 * samples) / models));
  const predicted = predictedWidths({ eigenvalues: lambda, learningRate: 0.9, steps, target, count: 10 }).widths;
  const right = frame({
    left: 570,
    top: 50,
    width: 300,
    height: 320,
    logY: true,
    xRange: [0.4, 10.6],
    yRange: [0.03, 3],
    xTicks: [1, 2, 4, 6, 8, 10].map((v) => [v, v]),
    yTicks: [
      [0.1, '0.1'],
      [1, '1'],
    ],
    xLabel: 'direction k',
    yLabel: 'width',
    title: 'Widths: predicted (line), measured (dots)',
  });
  write(
    'hyper-ribbon-map.svg',
    'InPCA map of simulated runs',
    'Trajectories of forty runs in the first two InPCA coordinates, and the widths of the cloud against the closed form',
    920,
    440,
    [
      axes.svg,
      ...tracks,
      dots(axes, first, green, 3),
      dots(axes, last, red, 3),
      text(axes.x(first[0][0]), 395, 'starts', green, 'middle'),
      text(axes.x(last[0][0]), 395, 'ends', red, 'middle'),
      right.svg,
      line(
        right,
        Array.from(predicted, (v, i) => [i + 1, v]),
        violet,
      ),
      dots(
        right,
        measured.map((v, i) => [i + 1, v]),
        ink,
        3.4,
      ),
    ].join('\n'),
  );
}
