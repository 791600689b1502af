/** Posts what a page finds to the stage, which gives the place. @param {Promise<string>} found */
export async function tell(found) {
  const line = await found.catch((error) => `${error.name}: ${error.message}`);
  const report = new URL(location.href).searchParams.get('report');
  await fetch(report, { method: 'POST', mode: 'no-cors', body: JSON.stringify({ line }) });
}
