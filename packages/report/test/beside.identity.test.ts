// Oracle: the record. What stands beside a bound says its numbers, rounded to the safe side, and no more than follows from them.
import { renderStudy, studyTable } from '@hyperribbon/report';
import { describe, expect, it } from 'vitest';
import { sampleBound } from './fixtures/bound.js';

const sample = sampleBound();
const bound = sample.sections.networkBound!;
const row = bound.testSets![0];

function shown(change: Partial<typeof bound>): { page: string; table: string } {
  const study = { ...sample, sections: { networkBound: { ...bound, ...change } } };
  return {
    page: renderStudy(study)
      .replaceAll(/<[^>]+>/gu, ' ')
      .replaceAll(/\s+/gu, ' '),
    table: studyTable(study),
  };
}

describe('beside a bound', () => {
  it('the test set is told with its mistakes, its examples, and its limit rounded up', () => {
    const { page, table } = shown({});
    expect(table).toMatch(
      /test-set bound, mean of the posterior\s+2\.92 %\s+one fixed network: 261 mistakes on 10 000 examples/u,
    );
    expect(table).toMatch(/guessing\s+49\.0 %\s+always answering 0, by 5 000 labels of "held-out"/u);
    expect(page).toContain('Here the test set gives the smaller bound, for the mean of the posterior.');
    expect(page).toContain('all 2 of them together with 93 %');
  });

  it('which of the two is smaller follows the numbers', () => {
    const { page } = shown({ testSets: [{ ...row, value: 0.2 }] });
    expect(page).toContain('Here no test set gives a smaller bound than the certificate.');
    expect(page).not.toContain('gives the smaller bound, for');
  });

  it('as many as use up the confidence are said to leave none together', () => {
    const { page, table } = shown({ confidence: 0.6, testSets: [row, row] });
    expect(page).toContain('nothing is left for all of them together');
    expect(table).not.toContain('all of these together');
  });

  it('nothing is said of what was not measured', () => {
    const { testSets: _testSets, guessing: _guessing, ...without } = bound;
    const study = { ...sample, sections: { networkBound: without } };
    expect(studyTable(study)).not.toMatch(/test-set|guessing/u);
  });
});
