import { flag, option, optionBy, type Declared } from './option.js';
import { oneOf, text, whole } from './parsers.js';

/** A switch that says nothing where it is left off. */
function flagOrNothing(help: string): Declared<true | undefined> {
  return { help };
}

/** What defaults of counts depend on. */
export interface Quickness {
  readonly quick: boolean;
}

/** A whole number that `--quick` makes smaller. */
export function quickCount(
  help: string,
  from: number,
  usual: number,
  quick: number,
  to?: number,
): Declared<number | undefined, number, Quickness> {
  return optionBy('<count>', help, whole(from, to), `${usual}, quick ${quick}`, (setting: Quickness) =>
    setting.quick ? quick : usual,
  );
}

/** The options by which a command takes one set of examples. */
export const dataOptions = {
  data: option(
    '<source>',
    'mnist, fashion-mnist[:FOLDER], cifar10:FOLDER, cifar100:FOLDER, or a part of one, mnist:test[:FROM:TO] | csv, tsv or other table | .npz (x and y, x_train, …, with x_test as test set) | .npy or idx with --labels | CIFAR .bin; also .gz',
    text,
  ),
  inputs: option('<file>', 'examples as .npy or idx, one row each; uint8 is scaled by 1/255 (with --labels)', text),
  labels: option(
    '<file>',
    'labels as .npy, idx or a table, for --inputs, --data FILE.npy, an idx file, or a csv file with --label-column none',
    text,
  ),
  header: option(
    '<choice>',
    'whether the first line of a csv file names its columns (default: if none of its cells is a number)',
    oneOf('true', 'false'),
  ),
  labelColumn: option(
    '<name>',
    'column of a csv file that holds the labels, by its name or its number from 1 (default: the last); NAME,NAME,… if one-hot; none where all are features',
    text,
  ),
  classes: option(
    '<names>',
    'what labels that are words, or not numbered from 0, call class 0, 1, …, with commas between (default: in ascending order)',
    text,
  ),
  drop: option('<names>', 'columns of a csv file that are no features, by name or number, with commas between', text),
  missing: option(
    '<choice>',
    'rows of a csv file with missing values: refuse the file (default), or drop them',
    oneOf('refuse', 'drop'),
  ),
  layout: option(
    '<choice>',
    'of images in npy, npz and idx files, where their shape leaves a doubt: nhw (grey), nchw (channels-first) or nhwc (channels-last)',
    oneOf('nhw', 'nchw', 'nhwc', 'channels-first', 'channels-last'),
  ),
  standardize: option(
    '<numbers>',
    'inputs become (x − mean) / deviation: MEANS:DEVIATIONS, one for all or for each channel or feature, or imagenet, cifar10, cifar100, mnist, fashion-mnist (default: as they are, bytes divided by 255)',
    text,
  ),
  task: option(
    '<task>',
    'for mnist: five digits against five (binary), or all ten (digits); for cifar100: its 100 classes (fine) or 20 (coarse)',
    oneOf('binary', 'digits', 'fine', 'coarse'),
  ),
};

/** For commands that take numbers to predict, and tokens, beside classes. */
export const answerOptions = {
  target: option(
    '<names>',
    'columns of a csv file that hold numbers to predict (regression), by name or number, with commas between',
    text,
  ),
  answers: option(
    '<kind>',
    'what labels are: numbers of classes, or numbers to predict (default: classes if they are whole numbers or one-hot)',
    oneOf('classes', 'real'),
  ),
  tokens: flagOrNothing(
    'inputs are numbers of tokens, which are never scaled (default: arrays named tokens or input_ids, and what networks with a vocabulary take)',
  ),
};

/** For commands that split examples at random. */
export const repeatedRows = option(
  '<reading>',
  'rows with equal inputs: distinct counts them as one example, so that no copy is on both sides of a split; independent takes them for draws that agree, as of discrete inputs (default: distinct)',
  oneOf('distinct', 'independent'),
);

/** Test examples of their own. */
export const testOptions = {
  test: option(
    '<source>',
    'test examples that no training has seen, in the formats of --data; all of --data is then for training (default: a sixth of --data, or what the file has for testing)',
    text,
  ),
  testLabels: option('<file>', 'labels for --test FILE.npy or an idx file', text),
};

/** Options that several commands share. */
export const seed = option('<integer>', 'seed of every random stream', whole(0), 0);
export const arithmetic = {
  dtype: option('<type>', 'arithmetic', oneOf('float32', 'float64'), 'float32'),
  deterministic: flag('the same bits in every runtime (slower matrix products)'),
};
export const workers = option('<count>', 'threads', whole(1, 64), 2);

/** The result for programs: one meaning in every command. */
export const json: Declared<string | undefined> = {
  ...option('[file]', 'the result as JSON, into a file; - or no file: alone on standard output', text),
  preset: '-',
};

/** Where a command with several files puts them. */
export function folder(byDefault: string): Declared<string | undefined> {
  return option(
    '<folder>',
    `where everything goes, a folder of this run alone (default: ${byDefault}, or ${byDefault}-2, … where that is taken)`,
    text,
  );
}
export const force = flag('remove what another run left in the folder');

export const architectureHelp =
  'mlp:ACTIVATION:HIDDEN,... | lenet | allcnn | resnet:DEPTH | wrn:DEPTH-WIDEN | vgg:DEPTH | vit:WIDTH,LAYERS,HEADS | gpt:WIDTH,LAYERS,HEADS:VOCABULARY | attention:KIND:DIMENSION:LENGTH | FILE.json of layers; what the data say (inputs, classes, size of images) may be left off';

/** The network of commands that train one. */
export function architecture(byDefault: string) {
  return option('<text>', architectureHelp, text, byDefault);
}
