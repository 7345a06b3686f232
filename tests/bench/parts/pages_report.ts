import type { PageSample } from "./pages.ts";
import type { ServerName } from "../servers/server_specs.ts";
import { median, type Ratio, ratioOf } from "../stats.ts";
import { formatNumber, formatTable } from "../table.ts";

/** One figure of one imhook on both stores: medians, and big / small paired by round. */
export interface PageSummary {
  readonly server: ServerName;
  readonly figure: string;
  readonly small: number;
  readonly big: number;
  readonly ratio: Ratio;
}

/** One figure of imhook to that of the checkout before, on both stores, paired by round. */
export interface PageChange {
  readonly figure: string;
  readonly small: Ratio;
  readonly big: Ratio;
}

/** The pages part of the JSON line. */
export interface PageSummaries {
  readonly pages: readonly PageSummary[];
  /** Empty without `--vs`. */
  readonly pageChanges: readonly PageChange[];
}

/** Medians and ratios of all visits. */
export function summarizePages(samples: readonly PageSample[]): PageSummaries {
  const servers = [...new Set(samples.map(({ server }) => server))];
  const pages = servers.flatMap((server) =>
    figuresOf(samples).map((figure) => summaryOf(samples, { server, figure }))
  );
  const pageChanges = servers.includes("imhook") && servers.includes("before")
    ? figuresOf(samples).map((figure) => changeOf(samples, figure))
    : [];
  return { pages, pageChanges };
}

/** One table for each imhook, and one for the change. */
export function formatPages({ pages, pageChanges }: PageSummaries): string {
  const servers = [...new Set(pages.map(({ server }) => server))];
  const tables = servers.map((name) => {
    const rows = pages.filter(({ server }) => server === name)
      .map(({ figure, small, big, ratio }) => [
        figure,
        formatNumber(small),
        formatNumber(big),
        formatNumber(ratio.median),
      ]);
    return formatTable([name, "small store", "big store", "big / small"], rows);
  });
  if (pageChanges.length > 0) tables.push(formatChanges(pageChanges));
  return tables.join("\n\n");
}

function formatChanges(changes: readonly PageChange[]): string {
  const rows = changes.map(({ figure, small, big }) => [
    figure,
    formatNumber(small.median),
    formatNumber(big.median),
  ]);
  return formatTable(["imhook / before", "small store", "big store"], rows);
}

function figuresOf(samples: readonly PageSample[]): string[] {
  return Object.keys(samples[0]?.figures ?? {});
}

function summaryOf(
  samples: readonly PageSample[],
  { server, figure }: Pick<PageSummary, "server" | "figure">,
): PageSummary {
  const small = valuesOf(samples, { server, store: "small", figure });
  const big = valuesOf(samples, { server, store: "big", figure });
  return {
    server,
    figure,
    small: median(small),
    big: median(big),
    ratio: ratioOf(big, small),
  };
}

function changeOf(samples: readonly PageSample[], figure: string): PageChange {
  const ratioOn = (store: PageSample["store"]) =>
    ratioOf(
      valuesOf(samples, { server: "imhook", store, figure }),
      valuesOf(samples, { server: "before", store, figure }),
    );
  return { figure, small: ratioOn("small"), big: ratioOn("big") };
}

/** In the order of the rounds. */
function valuesOf(
  samples: readonly PageSample[],
  { server, store, figure }:
    & Pick<PageSample, "server" | "store">
    & Pick<PageSummary, "figure">,
): number[] {
  return samples
    .filter((sample) => sample.server === server && sample.store === store)
    .map(({ figures }) => figures[figure] ?? NaN);
}
