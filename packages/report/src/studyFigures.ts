import { figureSvg } from './page/figure.js';
import { figureCss, schemeCss } from './page/theme.js';
import { fromSections } from './sections/registry.js';
import type { Study } from './study.js';

/**
 * Standalone SVG files by name, as far as there is data: `training`, `spectra`, `map-all-train`, … (a table in the README).
 *
 * Each carries its own colours for light and dark schemes, a title, and a description; no scripts, no outside resources.
 * @param study what `parseStudy` returned; it is not checked again
 * @throws RangeError if a number that was not parsed is not finite
 * @example for (const [name, svg] of Object.entries(studyFigures(study))) writeFileSync(`${name}.svg`, svg);
 */
export function studyFigures({ sections }: Study): Record<string, string> {
  const css = schemeCss('.hr') + figureCss;
  const figures = fromSections(sections, (view, section) => view.figures?.(section, sections) ?? []).flat();
  return Object.fromEntries(
    figures.filter((figure) => figure !== undefined).map((figure) => [figure.name, figureSvg(figure, css)]),
  );
}
