// node .ci/api.mjs [--check]
// The public types of every package as one committed text each, docs/api/NAME.md: a change of a signature shows in the diff of a
// commit. --check writes nothing and prints what differs from the committed texts. Reads dist/: build before (tsc -b).
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const committed = join(root, 'docs', 'api');
const scratch = mkdtempSync(join(tmpdir(), 'hyperribbon-api-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

const silent = { default: { logLevel: 'none' } };

/** @returns the declarations that one entry point of a package exports, sorted by name */
function typesOf(name, declarations) {
  const folder = join(root, 'packages', name);
  const text = readFileSync(join(folder, declarations), 'utf8');
  // an umbrella of namespaces has no types of its own
  if (text.includes('export * as ')) return text.replace(/^\/\/# sourceMappingURL.*/m, '').trim();
  const config = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, 'package.json'),
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: join(folder, declarations),
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'ES2022',
            module: 'NodeNext',
            moduleResolution: 'NodeNext',
            lib: ['ES2023', 'DOM'],
            types: [],
            strict: true,
            skipLibCheck: true,
          },
          files: [declarations],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: 'report.api.md',
        reportFolder: scratch,
        reportTempFolder: join(scratch, 'now'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: { compilerMessageReporting: silent, extractorMessageReporting: silent, tsdocMessageReporting: silent },
    },
  });
  const { succeeded } = Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => (message.handled = true),
  });
  if (!succeeded) throw new Error(`api: ${name}: ${declarations} cannot be read; is it built?`);
  const report = readFileSync(join(scratch, 'report.api.md'), 'utf8');
  const body = /```ts\n([\s\S]*?)\n```/.exec(report)[1];
  return body
    .replace(/^\/\/ Warning: .*\n/gm, '')
    .replace(/\n?\/\/ \(No @packageDocumentation[^\n]*/, '')
    .replace(/^\/\/ @public( \(undocumented\))?\n/gm, (_, undocumented) => (undocumented ? '// undocumented\n' : ''))
    .replace(/^( *)\/\/ \(undocumented\)\n/gm, '')
    .trim();
}

/** @returns the page of a package: a section per entry point that has types */
function pageOf(name) {
  const { name: full, exports } = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
  const entries = Object.entries(exports).filter(([, target]) => target.types !== undefined);
  const sections = entries.map(
    ([entry, { types }]) => `## ${join(full, entry)}\n\n\`\`\`ts norun\n${typesOf(name, types)}\n\`\`\`\n`,
  );
  return `# ${full}: public types\n\nMade by \`node .ci/api.mjs\`. A difference here is a change that users see.\n\n${sections.join('\n')}`;
}

const names = readdirSync(join(root, 'packages'));
const pages = new Map(names.map((name) => [`${name}.md`, pageOf(name)]));
const check = process.argv.includes('--check');
const target = check ? join(scratch, 'pages') : committed;
mkdirSync(target, { recursive: true });
for (const [file, page] of pages) writeFileSync(join(target, file), page);
const stale = existsSync(committed) ? readdirSync(committed).filter((file) => !pages.has(file)) : [];
if (!check) for (const file of stale) rmSync(join(committed, file));
else {
  const { status } = spawnSync('git', ['diff', '--no-index', '--color=never', '--', committed, target], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0)
    console.error('\nThe public types changed (- committed, + now). If that is meant, run: node .ci/api.mjs');
  process.exitCode = status === 0 ? 0 : 1;
}
