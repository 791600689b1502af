/**
 * Colours and type of figures and page. Hues after the palette of Okabe and Ito, which stays distinct under the common colour
 * blindnesses; each darkened (light scheme) or lightened (dark scheme) until text in it has a contrast of 4.5 or more.
 */
const light =
  '--paper:#fdfcf9;--panel:#f6f4ee;--ink:#211f1b;--muted:#635f56;--rule:#dcd7cb;--grid:#ebe7dd;' +
  '--s0:#0b63a5;--s1:#b84a00;--s2:#00775a;--s3:#9c4482;--s4:#7d6200;--s5:#5b5b5b;--s6:#4b3fb0;';
const dark =
  '--paper:#15161a;--panel:#1d1f24;--ink:#e9e6df;--muted:#a29d92;--rule:#383a41;--grid:#26282e;' +
  '--s0:#6db8f2;--s1:#f59a5c;--s2:#3fcfa4;--s3:#e29acb;--s4:#e0c04a;--s5:#b5b5b5;--s6:#aaa4ff;';

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
  `.hr{font-family:${sansStack};font-size:13px;font-variant-numeric:tabular-nums;fill:var(--ink)}`,
  '.hr .paper{fill:var(--paper)}',
  '.hr .muted{fill:var(--muted)}',
  '.hr .tick{fill:var(--muted);font-size:12px}',
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
  '.hr .hollow{fill:var(--paper);stroke-width:1.6}',
  ...Array.from(
    { length: 7 },
    (_, i) => `.hr .s${i}{stroke:var(--s${i})}.hr .f${i}{fill:var(--s${i})}.hr text.f${i}{stroke:none}`,
  ),
  '.hr .ink{stroke:var(--ink)}',
  '.hr .pale{stroke-opacity:.8}',
  '.hr .halo{paint-order:stroke;stroke:var(--paper);stroke-width:4px}',
].join('');
