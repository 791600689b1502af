// The examples of docs/guide/using-the-solver.md as a user would have them: html blocks as pages, and the worker's file that one of them starts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './bundle.mjs';

// errors show as events; the page itself puts its result into #result
const reporter = `<script>
  const report = (body) => fetch('/result', { method: 'POST', body: JSON.stringify(body) });
  addEventListener('error', (event) => report({ error: event.message || 'a script could not be loaded' }), true);
  addEventListener('unhandledrejection', ({ reason }) => report({ error: String(reason) }));
  const look = setInterval(() => {
    const text = document.querySelector('#result')?.textContent ?? '';
    if (text === '') return;
    clearInterval(look);
    report(text.startsWith('converged') ? { ok: true } : { error: text });
  }, 50);
</script>`;

/**
 * @returns pages: paths of those that report; files: path → [type, text] of all that they need; node: the first example for
 *   runtimes without a page
 */
export async function guideExamples(root) {
  const text = readFileSync(join(root, 'docs/guide/using-the-solver.md'), 'utf8');
  const blocks = (language) =>
    [...text.matchAll(new RegExp(`^\`\`\`${language}[ \\t]*\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map((match) => match[1]);
  const [worker] = blocks('js norun');
  // as the guide tells: bundled, because workers see no import map
  const { text: solveWorker } = await bundle({ stdin: { contents: worker, resolveDir: join(root, 'bench') } });
  const pages = blocks('html').map((html) => html.replace('</head>', `${reporter}\n</head>`));
  return {
    pages: pages.map((_, i) => `/guide/${i + 1}.html`),
    files: {
      ...Object.fromEntries(pages.map((html, i) => [`/guide/${i + 1}.html`, html])),
      '/guide/solve.worker.js': solveWorker,
    },
    node: blocks('js')[0],
  };
}
