import type { FloatArray } from '@hyperribbon/kernels';
import { networkToData } from '@hyperribbon/nn';
import type { Sections } from '@hyperribbon/report';
import type { Centre, LandscapeRun } from './landscapeRun.js';
import { kernelSection } from './sections.js';

/** The kernel of the weights of a run with its change, or of given weights. */
export async function kernelOfWeights(
  { plan, run }: LandscapeRun,
  title: string,
  { params }: Centre,
  before: FloatArray | undefined,
): Promise<Sections> {
  const { network, examples, kernel: count, seed } = plan;
  const found = await run.job(
    title,
    {
      kind: 'tangent-kernel',
      network: networkToData(network),
      params,
      examples,
      count: count!,
      seed,
      ...(before && { before }),
    },
    {
      summary: ([{ change }]) =>
        change?.correlation == null ? '' : `correlation ${Number(change.correlation.toPrecision(3))}`,
    },
  );
  return { kernel: kernelSection(found) };
}

/** The change of the kernel against width: a job for each width. */
export async function kernelsAgainstWidth({ plan, run }: LandscapeRun, title: string): Promise<Sections> {
  const { examples, loss, seed, widths, widthSeeds, kernel, quick } = plan;
  const seeds = Array.from({ length: widthSeeds }, (_, i) => seed + i);
  const count = kernel ?? Math.min(25, examples.count);
  const rows = await run.jobs<'kernel-width'>(
    title,
    widths!.map((width) => ({
      job: { kind: 'kernel-width', width, seeds, examples, loss, count, seed, epochs: quick ? 20 : 100 },
      weight: width,
    })),
  );
  const [all, missing] = [rows.flatMap((one) => one.rows), rows.flatMap((one) => one.missing)];
  const family = { ...rows[0], rows: all, missing };
  return { kernel: kernelSection({ examples: count, outputs: examples.classes }, [family]) };
}
