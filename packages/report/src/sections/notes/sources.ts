import { facts, section } from '../../page/parts.js';
import { worksIn } from '../../page/sources.js';

/** The works that a record cites, by the names they have on the page. */
export function sourcesHtml(record: string): string {
  const works = worksIn(record);
  return works.length === 0 ? '' : section('sources', 'Sources', facts(works));
}
