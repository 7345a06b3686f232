import { median } from "../stats.ts";
import { formatNumber, formatTable } from "../table.ts";

/** One look at the server. */
export interface SoakSample {
  readonly minute: number;
  readonly memoryMb: number;
  readonly descriptors: number;
  /** What SQLite keeps beside its file until the next checkpoint, MB. */
  readonly walMb: number;
  /** Events that the slower stream, the consumer, the slower endpoint and the directory lack. */
  readonly streamLag: number;
  readonly consumerLag: number;
  readonly endpointLag: number;
  readonly directoryLag: number;
  readonly ackP99Ms: number;
  readonly cores: number;
}

const LAG = { factor: 1.5, spare: 500 };

/** How much more the last third of a run may have than the third before, and so much in any case. */
const BOUNDS = {
  memoryMb: { factor: 1.15, spare: 25 },
  descriptors: { factor: 1.1, spare: 8 },
  walMb: { factor: 1.5, spare: 16 },
  streamLag: LAG,
  consumerLag: LAG,
  endpointLag: LAG,
  directoryLag: LAG,
} as const;

/** The head of the table that grows a line at a time. */
const COLUMNS: readonly (keyof SoakSample)[] = [
  "minute",
  "memoryMb",
  "descriptors",
  "walMb",
  "streamLag",
  "consumerLag",
  "endpointLag",
  "directoryLag",
  "ackP99Ms",
  "cores",
];

/** A table of all samples. */
export function formatSamples(samples: readonly SoakSample[]): string {
  const rows = samples.map((sample) =>
    COLUMNS.map((name) => formatNumber(sample[name]))
  );
  return formatTable(COLUMNS, rows);
}

/** What has grown from the second third of the run to the last, in words; empty where all is flat. */
export function growthOf(samples: readonly SoakSample[]): string[] {
  const third = Math.floor(samples.length / 3);
  if (third === 0) return ["The run was too short to tell"];
  const [before, after] = [
    samples.slice(third, 2 * third),
    samples.slice(-third),
  ];
  return Object.entries(BOUNDS).flatMap(([name, { factor, spare }]) => {
    const key = name as keyof typeof BOUNDS;
    const [from, to] = [before, after]
      .map((some) => median(some.map((sample) => sample[key])));
    if (from === undefined || to === undefined) return [];
    const isFlat = to <= Math.max(from * factor, from + spare);
    return isFlat
      ? []
      : [`${name} grew from ${formatNumber(from)} to ${formatNumber(to)}`];
  });
}
