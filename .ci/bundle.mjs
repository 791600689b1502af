/**
 * A module with all that it imports, as a browser is given it.
 * @param entry what esbuild takes: `{ entryPoints: [file] }` or `{ stdin: { contents, resolveDir } }`, and further options
 * @returns bytes and text of the bundle
 */
export async function bundle(entry) {
  // asked for here: stages.mjs reads this file before it has installed anything
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    bundle: true,
    format: 'esm',
    platform: 'browser',
    external: ['node:*'],
    write: false,
    logLevel: 'error',
    ...entry,
  });
  return { text: outputFiles[0].text, bytes: outputFiles[0].contents };
}
