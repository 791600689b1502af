/**
 * Colours and type of figures and page. Text in each hue has a contrast of 4.5 or more to the paper, and any two hues differ by 11 or more in
 * CIEDE2000, also as people without red, green or blue cones see them (a test computes both). Shapes of marks go with the hues all the same.
 */
const light =
  '--paper:#fdfcf9;--panel:#f6f4ee;--ink:#211f1b;--muted:#635f56;--rule:#dcd7cb;--grid:#ebe7dd;' +
  '--s0:#026cd7;--s1:#bc5412;--s2:#257b56;--s3:#995386;--s4:#5e4000;--s5:#484d46;--s6:#394398;';
const dark =
  '--paper:#15161a;--panel:#1d1f24;--ink:#e9e6df;--muted:#a29d92;--rule:#383a41;--grid:#26282e;' +
  '--s0:#98cdff;--s1:#e88434;--s2:#30b892;--s3:#de92c3;--s4:#f4ce5d;--s5:#c8c8c5;--s6:#9088ee;';

export const sansStack =
  'system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Liberation Sans",Arial,sans-serif';

/** Variables for a selector; dark where the reader asks for it, light again on paper. */
export function schemeCss(selector: string): string {
  return (
    `${selector}{${light}color-scheme:light dark}` +
    `@media (prefers-color-scheme:dark){${selector}{${dark}}}` +
    `@media print{${selector}{${light}}}`
  );
}

/** Classes used inside figures. */
export const figureCss: string = [
  `.hr{font-family:${sansStack};font-size:var(--text,13px);font-variant-numeric:tabular-nums;fill:var(--ink)}`,
  '.hr .paper{fill:var(--paper)}',
  '.hr .muted{fill:var(--muted)}',
  '.hr .tick{fill:var(--muted);font-size:calc(var(--text,13px)*.923)}',
  '.hr .strong{font-weight:600}',
  '.hr .axis{stroke:var(--rule);stroke-width:1;fill:none}',
  '.hr .grid{stroke:var(--grid);stroke-width:1;fill:none}',
  '.hr .line{fill:none;stroke-width:1.9;stroke-linejoin:round;stroke-linecap:round}',
  '.hr .thin{fill:none;stroke-width:1}',
  '.hr .leader{fill:none;stroke-width:.8;stroke-opacity:.45}',
  '.hr .fit{fill:none;stroke:var(--ink);stroke-width:1.1;stroke-dasharray:5 4;stroke-opacity:.75}',
  '.hr .dashed{stroke-dasharray:2 4.5}',
  '.hr .faint{stroke-opacity:.6;stroke-width:1.4}',
  '.hr .band{fill-opacity:.2;stroke:none}',
  '.hr .bar{fill-opacity:.55}',
  '.hr .mark{stroke:var(--paper);stroke-width:.7}',
  '.hr .hollow{fill:var(--paper);stroke-width:1.6}',
  ...Array.from(
    { length: 7 },
    (_, i) => `.hr .s${i}{stroke:var(--s${i})}.hr .f${i}{fill:var(--s${i})}.hr text.f${i}{stroke:none}`,
  ),
  '.hr .ink{stroke:var(--ink)}',
  '.hr .pale{stroke-opacity:.8}',
  '.hr .halo{paint-order:stroke;stroke:var(--paper);stroke-width:4px}',
].join('');
