/** What a value is, for messages: the name of its class, or its type. */
export function describe(value: unknown): string {
  return typeof value === 'object' && value !== null ? (value.constructor?.name ?? 'an object') : typeof value;
}
