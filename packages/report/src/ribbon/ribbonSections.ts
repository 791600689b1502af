import { integer, number, percent } from '../page/format.js';
import { el, escapeText, html, type Rich } from '../page/markup.js';
import { facts, figureBlock, paragraph, section, table, type Cell } from '../page/parts.js';
import { modelGroups } from '../sections/maps/modelGroups.js';
import { partialNotice } from '../partialNotice.js';
import { dataFacts, runtimeFacts, timeTable } from '../sections/setting/runFacts.js';
import { phaseFigure } from '../sections/phase/phaseFigure.js';
import { mapFigures } from './ribbonFigures.js';
import type { MapSection, RibbonStudy } from './ribbonStudy.js';
import { where } from '../sections/maps/stressFigure.js';
import { widthsFigure } from '../sections/widths/widthsFigure.js';

/** Title, state of the run, and the numbers one came for. */
export function ribbonHeader(study: RibbonStudy): string {
  const { setting, status, created, title = 'Training trajectories' } = study;
  const line = [setting?.dataset, setting?.task, created?.slice(0, 10)];
  return el(
    'header',
    {},
    el('p', { class: 'kicker' }, 'hyperribbon · training trajectories'),
    el('h1', {}, escapeText(title)),
    el('p', { class: 'sub' }, escapeText(line.filter((part) => part !== undefined && part !== '').join(' · '))),
    partialNotice(status),
    tiles(study),
    lead(study),
  );
}

function tiles({ maps = [], inputSpectrum, widths }: RibbonStudy): string {
  const first = maps[0];
  const two = first?.stress.find(({ id }) => id === 'all')?.values[1];
  const statement = first?.statement;
  const fit = inputSpectrum?.fit;
  const list: readonly (readonly [Rich, string] | undefined)[] = [
    two === undefined ? undefined : [[percent(two)], 'of the stress of all models in two dimensions'],
    statement && [
      [percent(statement.ratio)],
      `of what ${statement.dimensions} dimensions of their own tell of nonlinear models, told by linear ones` +
        (statement.perSeed.length > 1 ? ` (± ${(100 * statement.ratioDeviation).toFixed(1)})` : ''),
    ],
    widths && [[percent(widths.largestError)], 'largest error of the first ten predicted widths'],
    fit && [number(fit.slope), 'slope of the input spectrum, nats per index'],
  ];
  const known = list.filter((tile) => tile !== undefined);
  if (known.length === 0) return '';
  return el(
    'div',
    { class: 'tiles' },
    ...known.map(([value, label]) =>
      el('div', {}, el('p', { class: 'big' }, html(value)), el('p', { class: 'small' }, escapeText(label))),
    ),
  );
}

/** The statement in words, for the first set of samples. */
function lead({ maps = [] }: RibbonStudy): string {
  const statement = maps[0]?.statement;
  return statement === undefined ? '' : el('p', { class: 'lead' }, escapeText(statementText(maps[0])));
}

/** "Linear models explain the nonlinear ones", with its spread over seeds. */
export function statementText(section: MapSection): string {
  const { statement } = section;
  if (statement === undefined) return '';
  const { dimensions, perSeed, mean, deviation, ownMean, ratio, ratioDeviation } = statement;
  const spread = (value: number): string => (perSeed.length > 1 ? ` ± ${(100 * value).toFixed(1)}` : '');
  const seeds = perSeed.length > 1 ? ` (mean and standard deviation over ${perSeed.length} seeds)` : ' (one seed)';
  return (
    `Linear models explain the nonlinear ones: ${dimensions} dimensions of a map made by linear models alone hold ${percent(mean)}${spread(deviation)} of the ` +
    `stress of nonlinear networks that the map has never seen, ${percent(ratio)}${spread(ratioDeviation)} of the ${percent(ownMean)} that as many dimensions of ` +
    `their own map hold${seeds}, on ${where(section)}.`
  );
}

const mark = el('span', { class: 'tag reconstruction' }, 'reconstruction');

const reconstruction =
  'The formulas behind these figures are a reconstruction following arXiv 2505.08915: the objects are those that its abstract names, each formula was ' +
  'derived and checked numerically here, none was read in the paper, and none is a theorem of it.';

export function linearSection({ phase, widths }: RibbonStudy): string {
  if (phase === undefined && widths === undefined) return '';
  const point = phase?.point;
  const entries: readonly (readonly [string, Cell])[] =
    point === undefined
      ? []
      : [
          ['decay c', [...number(point.decay), ` nats per index over ${point.window.from} to ${point.window.to}`]],
          ['scale ratio ρ', number(point.scaleRatio)],
          ['steps T', integer(phase!.steps)],
          ['variance in three directions', percent(point.explained3)],
          ['participation ratio', number(point.participationRatio)],
          ...(point.targetDirections === undefined
            ? []
            : [['target directions above the plateau, k_c', number(point.targetDirections)] as const]),
        ];
  return el(
    'section',
    { id: 'linear' },
    el('h2', {}, 'What linear regression predicts', mark),
    paragraph(reconstruction),
    widths === undefined ? '' : figureBlock(widthsFigure(widths)),
    phase === undefined ? '' : figureBlock(phaseFigure(phase)),
    entries.length > 0 ? facts(entries) : '',
  );
}

export function mapsSection({ maps = [], ensemble }: RibbonStudy): string {
  if (ensemble === undefined || maps.length === 0) return '';
  return maps
    .map((part, i) =>
      section(
        `maps-${part.samples}`,
        part.samples === 'train' ? 'The manifold on training samples' : 'The manifold on test samples',
        ...(i === 0
          ? mapFigures(part, ensemble)
          : mapFigures(part, ensemble).filter(({ name }) => !name.startsWith('map3d'))
        ).map((figure) => figureBlock(figure)),
        stressTable(part),
        coordinateTable(part),
        seedTable(part),
      ),
    )
    .join('');
}

function stressTable({ stress }: MapSection): string {
  if (stress.length === 0) return '';
  const shown = [1, 2, 3, 5, 10].filter((k) => stress.some(({ values }) => values.length >= k));
  const columns = [{ title: 'explained stress' }, ...shown.map((k) => ({ title: `k = ${k}`, numeric: true }))];
  const rows = stress.map(({ label, values }) => [
    label,
    ...shown.map((k) => (values.length >= k ? percent(values[k - 1]) : null)),
  ]);
  return el('h3', {}, 'Explained stress of k dimensions') + table(columns, rows);
}

/** Which coordinates of the maps are imaginary, and how large they are. */
function coordinateTable({ maps }: MapSection): string {
  const most = Math.min(
    10,
    maps.reduce((count, { eigenvalues }) => Math.max(count, eigenvalues.length), 0),
  );
  if (most === 0) return '';
  const columns = [
    { title: 'coordinate' },
    ...Array.from({ length: most }, (_, k) => ({ title: String(k + 1), numeric: true })),
  ];
  const rows = maps.map(({ madeFrom, eigenvalues }) => [
    madeFrom === 'all' ? 'map of all models' : 'map made by linear ones',
    ...Array.from({ length: most }, (_, k) => (eigenvalues[k] === undefined ? null : number(eigenvalues[k], 2))),
  ]);
  return (
    el('h3', {}, 'Eigenvalues of the maps') +
    table(columns, rows, undefined, true) +
    el(
      'p',
      { class: 'small' },
      'Coordinates of negative eigenvalues are imaginary: squared distances along them are subtracted.',
    )
  );
}

function seedTable(part: MapSection): string {
  const { statement } = part;
  if (statement === undefined) return '';
  const columns = [
    { title: 'seed', numeric: true },
    { title: 'in the map of its linear runs', numeric: true },
    { title: 'in their own map', numeric: true },
    { title: 'ratio', numeric: true },
  ];
  const rows = statement.perSeed.map(({ seed, inLinear, own }) => [
    String(seed),
    percent(inLinear),
    percent(own),
    own > 0 ? percent(inLinear / own) : null,
  ]);
  return (
    el('h3', {}, escapeText(`Stress of the nonlinear models in ${statement.dimensions} dimensions, seed by seed`)) +
    table(columns, rows) +
    paragraph(statementText(part))
  );
}

export function ensembleSection({ ensemble }: RibbonStudy): string {
  if (ensemble === undefined) return '';
  const { runs, seeds, samples, epochs, trainExamples, checkpointEpochs, inputScale } = ensemble;
  const names = [...new Set(runs.map(({ configuration }) => configuration))];
  const rows = names.map((name) => {
    const members = runs.filter(({ configuration }) => configuration === name);
    const { architecture, training } = members[0];
    const range = (values: readonly number[]): string => {
      const [low, high] = [Math.min(...values), Math.max(...values)];
      return low === high ? percent(low) : `${percent(low)} – ${percent(high)}`;
    };
    const diverged = members.filter(({ reason }) => reason === 'non-finite-loss').length;
    return [
      name + (diverged > 0 ? ` (${diverged} diverged)` : ''),
      architecture,
      training,
      String(members.length),
      range(members.map(({ final }) => final.trainError)),
      range(members.map(({ final }) => final.testError)),
    ];
  });
  const columns = [
    { title: 'configuration' },
    { title: 'network' },
    { title: 'training' },
    { title: 'runs', numeric: true },
    { title: 'train error', numeric: true },
    { title: 'test error', numeric: true },
  ];
  return section(
    'ensemble',
    'The ensemble',
    facts([
      ['runs', `${integer(runs.length)}, ${modelGroups(runs).length} kinds of network`],
      ['seeds', seeds.join(', ')],
      ['trained on', `${integer(trainExamples)} examples, ${integer(epochs)} epochs`],
      [
        'checkpoints',
        `${integer(checkpointEpochs.length)} per run: at the start, four times per epoch to epoch 5, then ever more sparsely`,
      ],
      ['probabilities recorded on', `${integer(samples.train)} training and ${integer(samples.test)} test samples`],
      ['inputs scaled by', number(inputScale)],
    ]),
    table(columns, rows, undefined, true),
  );
}

export function ribbonSettingSection({ setting }: RibbonStudy): string {
  if (setting === undefined) return '';
  return section(
    'setting',
    'Setting',
    facts([
      ...dataFacts(setting),
      ['seed', String(setting.seed)],
      ['numbers', `float32 in training, float64 in maps${setting.deterministic ? ', deterministic' : ''}`],
      ...runtimeFacts(setting),
    ]),
    timeTable(setting),
  );
}
