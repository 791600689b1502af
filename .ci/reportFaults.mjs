// Faults for .ci/faults.mjs in what is drawn and said of a study.
const src = 'packages/report/src';
const test = (name) => `packages/report/test/${name}`;
const figures = [test('figures.identity.test.ts')];
const texts = [test('texts.identity.test.ts')];

export const reportFaults = [
  {
    name: 'report: spectra are divided by the second eigenvalue',
    file: `${src}/sections/spectra/knownSpectrum.ts`,
    find: 'top: known.reduce((top, { value }) => Math.max(top, value), 0)',
    replace: 'top: known[1]?.value ?? known[0]?.value ?? 0',
    tests: figures,
  },
  {
    name: 'report: eigenvalues smaller than their residual are drawn',
    file: `${src}/sections/spectra/knownSpectrum.ts`,
    find: 'residual < value',
    replace: 'residual < 10 * value',
    tests: figures,
  },
  {
    name: 'report: the second training run starts at epoch 0',
    file: `${src}/sections/training/figure.ts`,
    find: '(ends.get(continues) ?? 0)',
    replace: '0',
    tests: figures,
  },
  {
    name: 'report: the density of a panel is moved by one point',
    file: `${src}/sections/curvature/densityFigure.ts`,
    find: 'Math.max(values[i], floor)',
    replace: 'Math.max(values[Math.min(i + 1, values.length - 1)], floor)',
    tests: figures,
  },
  {
    name: 'report: a map is drawn with its third coordinate for its second',
    file: `${src}/sections/ensemble/mapFigure.ts`,
    find: '[c[3 * i], c[3 * i + 1]]',
    replace: '[c[3 * i], c[3 * i + 2]]',
    tests: figures,
  },
  {
    name: 'report: the phase diagram is transposed',
    file: `${src}/sections/linearRegression/phaseFigure.ts`,
    find: '[Math.floor(k / scaleRatios.length), k % scaleRatios.length]',
    replace: '[k % decays.length, Math.floor(k / decays.length)]',
    tests: figures,
  },
  {
    name: 'report: ticks of logarithmic axes stand a decade off',
    file: `${src}/page/axes.ts`,
    find: 'ticks.push({ at: scale(tenTo(k)), label: powerOfTen(k) })',
    replace: 'ticks.push({ at: scale(tenTo(k)), label: powerOfTen(k + 1) })',
    tests: [...figures, test('axes.identity.test.ts')],
  },
  {
    name: 'report: names of curves are in the order of their series, not of their ends',
    file: `${src}/page/labels.ts`,
    find: 'labels[a].target - labels[b].target || a - b',
    replace: 'a - b',
    tests: [test('labels.identity.test.ts')],
  },
  {
    name: 'report: bounds are rounded to the nearest',
    file: `${src}/page/format.ts`,
    find: 'return percent(x, Math.ceil)',
    replace: 'return percent(x)',
    tests: [test('format.identity.test.ts')],
  },
  {
    name: 'report: a bound that is not certified is said to hold',
    file: `${src}/sections/analyticBound/view.ts`,
    find: 'const kind = best.certified\n',
    replace: 'const kind = best.certified || best.value < 1\n',
    tests: texts,
  },
  {
    name: 'report: the sign of a coordinate is forgotten',
    file: `${src}/sections/ensemble/mapFigure.ts`,
    find: "value < 0 ? 'imaginary' : 'real'",
    replace: "value > 0 ? 'real' : 'real'",
    tests: texts,
  },
  {
    name: 'report: text reaches the page as markup',
    file: `${src}/page/markup.ts`,
    find: '.replace(/[&<>"\']/g, (c) => escapes[c])',
    replace: '.replace(/[&<>]/g, (c) => escapes[c])',
    tests: [test('xml.test.ts')],
  },
  {
    name: 'report: lists of different length are read',
    file: 'packages/contract/src/decode.ts',
    find: 'if (list.length !== other.length)',
    replace: 'if (list.length > other.length)',
    tests: [test('parseStudy.test.ts')],
  },
  {
    name: 'report: a table takes one column more than the terminal has',
    file: `${src}/page/rows.ts`,
    find: 'wrapCells(text, width - start,',
    replace: 'wrapCells(text, width - start + 1,',
    tests: [test('studyTable.identity.test.ts')],
  },
  {
    name: 'cli: progress lines are as long as a terminal of 40 columns at least',
    file: 'packages/cli/src/output/progressLines.ts',
    find: 'Math.min(columnsOf(this.#stream), 200) - 1',
    replace: 'Math.min(Math.max(40, columnsOf(this.#stream)), 200) - 1',
    tests: ['packages/cli/test/terminal/progressLines.test.ts'],
  },
  {
    name: 'cli: a terminal that became narrower is taken for as wide as it was',
    file: 'packages/cli/src/output/progressLines.ts',
    find: 'Math.ceil(columns / width)',
    replace: '1',
    tests: ['packages/cli/test/terminal/progressLines.test.ts'],
  },
  {
    name: 'cli: without colours the bar is always full',
    file: 'packages/cli/src/output/progressLines.ts',
    find: "isColorSupported ? '━' : '·'",
    replace: "isColorSupported ? '━' : '━'",
    tests: ['packages/cli/test/terminal/progressLines.test.ts'],
  },
  {
    name: 'report: a section that is empty is shown',
    file: `${src}/sections/registry.ts`,
    find: '(Array.isArray(section) && section.length === 0)',
    replace: '(Array.isArray(section) && section.length < 0)',
    tests: [test('registry.test.ts')],
  },
];
