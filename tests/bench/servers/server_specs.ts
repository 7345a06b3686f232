import { fromFileUrl, join } from "@std/path";
import { APP } from "../drivers/callback.ts";
import { flagsOf } from "../../support/server/task_flags.ts";

/** Token of imhook's own API during a run. */
export const API_TOKEN = "bench-api-token-of-a-run";

/** The names that `--servers` takes, "before": the checkout of `--vs`, and what is delivered to. */
export type ServerName =
  | "limit"
  | "naive"
  | "imhook"
  | "before"
  | "packing"
  | "receiver"
  | "decider";

/** How one of the measured servers is started. */
export interface ServerSpec {
  readonly name: ServerName;
  /** For a shell, in `folder`. */
  readonly command: string;
  readonly folder: string;
  /** True when it is an imhook, whose kept events can be counted. */
  readonly hasJournal: boolean;
  /** Environment beside the usual one. */
  readonly env?: Readonly<Record<string, string>>;
}

const REPOSITORY = fromFileUrl(new URL("../../..", import.meta.url));

/** (a), (b) and (e), run from this repository. */
export function baselineSpec(
  name: "limit" | "naive" | "packing",
): ServerSpec {
  const command = denoRun(`tests/bench/servers/${name}_server.ts`);
  return { name, command, folder: REPOSITORY, hasJournal: false };
}

/** (c), this repository's imhook, or what `command` starts instead. */
export function imhookSpec(command = denoRun("main.ts serve")): ServerSpec {
  return { name: "imhook", command, folder: REPOSITORY, hasJournal: true };
}

/** (d), the imhook of another checkout. */
export function beforeSpec(folder: string): ServerSpec {
  const command = denoRun("main.ts serve");
  return { name: "before", command, folder, hasJournal: true };
}

/** This repository's imhook, free to deliver to this machine. */
export function deliveringSpec(): ServerSpec {
  return imhookSpec(denoRun("main.ts serve --allow-private-endpoints"));
}

/** What deliveries are sent to. */
export function receiverSpec(): ServerSpec {
  const command = denoRun("tests/bench/servers/receiver_server.ts");
  return { name: "receiver", command, folder: REPOSITORY, hasJournal: false };
}

/** What is asked about before commands. */
export function deciderSpec(): ServerSpec {
  const command = denoRun("tests/bench/servers/decider_server.ts");
  return { name: "decider", command, folder: REPOSITORY, hasJournal: false };
}

/** Our environment without the person's own IMHOOK_ variables, which would change the run. */
export function serverEnv(
  { port, storeFolder }: {
    readonly port: number;
    readonly storeFolder: string;
  },
): Record<string, string> {
  const inherited = Object.entries(Deno.env.toObject())
    .filter(([name]) => !name.startsWith("IMHOOK_"));
  return {
    ...Object.fromEntries(inherited),
    [`IMHOOK_APP_${APP.sdkAppId}`]: APP.token,
    IMHOOK_API_TOKEN: API_TOKEN,
    IMHOOK_LISTEN: `127.0.0.1:${port}`,
    IMHOOK_KV: join(storeFolder, "bench.kv"),
    IMHOOK_LOG_LEVEL: "warn",
  };
}

function denoRun(program: string): string {
  const flags = flagsOf("imhook").join(" ");
  return `'${Deno.execPath()}' run --quiet ${flags} ${program}`;
}
