// The reader that the other tests rest on: what it must refuse, and what it tells.
import { describe, expect, it } from 'vitest';
import { parseStudy, renderStudy, studyTable } from '@hyperribbon/report';
import { everything } from './fixtures/cases.js';
import { checkXml } from './fixtures/xml.js';

describe('the XML check itself', () => {
  it.each([
    '<a><b></a></b>',
    '<a>',
    '</a>',
    '<a/><b/>',
    '<a b="1" b="2"/>',
    '<a>&nbsp;</a>',
    '<a b=1/>',
    '<a>\u0000</a>',
    'x<a/>',
    '<a b="<"/>',
  ])('rejects %j', (bad) => {
    expect(() => checkXml(bad)).toThrow();
  });
  it('accepts what is fine and returns its text', () => {
    expect(checkXml('<!doctype html>\n<a id="x"><b c="&lt;"/>t &amp; u<style>v</style></a>')).toEqual({
      elements: ['a', 'b', 'style'],
      attributes: [
        ['id', 'x'],
        ['c', '&lt;'],
      ],
      text: 't &amp; u',
    });
  });
});

describe('escaped text', () => {
  const title = '<b>"Tom" & \'Jerry\'</b>';
  it('arrives as it was, not as markup', () => {
    const page = renderStudy(parseStudy({ ...everything, title }));
    expect(page).not.toContain('<b>"Tom"');
    expect(page).toContain('&lt;b&gt;&quot;Tom&quot; &amp; &#39;Jerry&#39;&lt;/b&gt;');
  });
  it('cannot move the cursor of a terminal', () => {
    expect(studyTable({ ...everything, title: 'a\u001b[2Jb\nc' })).toContain('a [2Jb c');
  });
});
