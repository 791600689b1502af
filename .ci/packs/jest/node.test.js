// a CommonJS project: ESM comes by import()
test('node', async () => {
  const { solve } = await import('./solve.mjs');
  expect(await solve({ workers: 2 })).toBe(process.env.EXPECTED);
}, 120_000);
