// Oracle: the names of all functions of the packages. None stands in what is said to somebody who typed a command; the whole registry of bad
// inputs is held to that in commands.cases.test.ts.
import { describe, expect, it } from 'vitest';
import { file, good, out, points } from '../cases/files.js';
import { inProcess } from '../inProcess.js';
import { innerNames } from '../innerNames.js';

describe('names of functions', () => {
  it('are found in a message, and other words are not taken for them', () => {
    expect(innerNames('hyperribbon: examplesFromArrays: labels must have length 6')).toContain('examplesFromArrays');
    expect(innerNames('hyperribbon: train: epochs must be')).toEqual(['train']);
    expect(
      innerNames('hyperribbon: --data: /tmp/parseCsv/x.csv holds no labels, see mnist:train:0:5 and labelColumn'),
    ).toEqual([]);
  });
});

describe('what is refused', () => {
  const train = ['train', '--data', points, '--out', out('words.npz')];
  it.each<[string, string[], RegExp]>([
    [
      'an architecture',
      [...train, '--architecture', 'unet:18'],
      /^hyperribbon: --architecture: unet:18: expected mlp/m,
    ],
    ['a record', ['verify', file('words.json', '{}')], /^hyperribbon: certificate: .*words\.json: /m],
    ['a table', ['inputs', '--data', file('words.csv', '1,2\n3\n')], /^hyperribbon: --data: .*words\.csv/m],
    ['weights', ['spectrum', '--model', good, '--architecture', 'mlp:swish', '--data', points], /^hyperribbon: --/m],
  ])('names option and file: %s', async (_name, args, message) => {
    const { code, stderr } = await inProcess(args);
    expect(stderr).toMatch(message);
    expect(innerNames(stderr)).toEqual([]);
    expect(code).toBe(2);
  });
});
