/**
 * The short text of a model: its parts with colons between, then those options that are not as by default.
 * @example architectureText('resnet', [8, 10, [1, 28, 28]], { skip: false, norm: undefined }); // 'resnet:8:10:1,28,28:skip=false'
 */
export function architectureText(
  family: string,
  parts: readonly (string | number | readonly number[])[],
  options: Readonly<Record<string, string | number | boolean | undefined>> = {},
): string {
  const said = Object.entries(options).filter(([, value]) => value !== undefined);
  const last = said.length === 0 ? [] : [said.map(([key, value]) => `${key}=${value}`).join(',')];
  return [family, ...parts.map(String), ...last].join(':');
}
