import { isCommand } from "../../store/journal/filter.ts";
import { DECISION_RULES } from "../../protocol/decision_rules.ts";
import { isDecidable } from "../../protocol/decisions.ts";
import type { KvKey, ReadableKv, WritableKv } from "../../store/kv/kv.ts";

/** The answer where a decider gives none that counts. */
export type OnFailure = "allow" | "refuse";

/** The settings of a decider: who answers which callbacks, and how. */
export interface DeciderConfig {
  /** Command words; with `families` the commands it answers. Both empty: all. */
  readonly commands: readonly string[];
  readonly families: readonly string[];
  /** SDKAppIDs; empty: all. */
  readonly apps: readonly number[];
  /** URL to ask; absent for a fixed answer. */
  readonly url?: string | undefined;
  /** The fixed answer, as JSON. */
  readonly answer?: string | undefined;
  /** Longest wait for an answer, ms. */
  readonly timeoutMs: number;
  readonly onFailure: OnFailure;
  /** Sent with each request; values may be secret. */
  readonly headers: Readonly<Record<string, string>>;
  /** The callback token that requests are signed with. */
  readonly token?: string | undefined;
  /**
   * True when requests are signed with the app's own token where there is no `token`. A Sign is good for
   * any body for 60 s: the decider could forge callbacks here.
   */
  readonly signWithAppToken?: true | undefined;
  /** True when nobody is asked: then its commands are answered as without a decider. */
  readonly isPaused?: true | undefined;
}

/** A decider: answers callbacks whose answer counts at Tencent. */
export interface Decider extends DeciderConfig {
  /** Unique, and never changed. */
  readonly name: string;
  readonly createdAtMs: number;
}

/** Most deciders: each is a label of metrics. */
export const DECIDERS_MAX = 50;

/** Prefix of all deciders. */
const DECIDERS_PREFIX: KvKey = ["deciders"];
/** Key that every change writes, so that of two clashing ones only one succeeds. */
const DECIDERS_GUARD_KEY: KvKey = ["guards", "deciders"];

type Kept = Omit<Decider, "name">;

/** Lists all deciders, by name. */
export async function listDeciders(kv: ReadableKv): Promise<Decider[]> {
  const deciders: Decider[] = [];
  for await (
    const { key, value } of kv.list<Kept>({ prefix: DECIDERS_PREFIX })
  ) {
    deciders.push({ name: String(key[1]), ...value });
  }
  return deciders;
}

/** The reason why a decider cannot be kept. */
export type DeciderRefusal =
  | { readonly kind: "exists" | "missing" | "full" }
  /** Another one answers some of the same commands of the same app. */
  | {
    readonly kind: "clash";
    readonly name: string;
    /** The first command that both would answer. */
    readonly command: string;
  };

/**
 * Stores a new decider, or a changed one, unless another answers some of the same commands. `change` is
 * given the stored one, or null.
 */
export async function putDecider(
  kv: WritableKv,
  name: string,
  change: (known: Decider | null) => Decider | "exists" | "missing",
): Promise<Decider | DeciderRefusal> {
  for (;;) {
    const guard = await kv.get(DECIDERS_GUARD_KEY);
    const all = await listDeciders(kv);
    const known = all.find((one) => one.name === name) ?? null;
    const after = change(known);
    if (typeof after === "string") return { kind: after };
    if (known === null && all.length >= DECIDERS_MAX) return { kind: "full" };
    const clash = firstClash(all.filter((one) => one.name !== name), after);
    if (clash !== undefined) return { kind: "clash", ...clash };
    const { name: _, ...kept } = after;
    const { ok } = await kv.atomic().check(guard).set(guard.key, name)
      .set([...DECIDERS_PREFIX, name], kept).commit();
    if (ok) return after;
  }
}

/** Deletes a decider; false when there is none. */
export async function deleteDecider(
  kv: WritableKv,
  name: string,
): Promise<boolean> {
  const key = [...DECIDERS_PREFIX, name];
  if ((await kv.get(key)).versionstamp === null) return false;
  await kv.atomic().delete(key).commit();
  return true;
}

/** True when a decider answers this command of this app. */
export function answers(
  { apps, ...names }: Pick<Decider, "apps" | "commands" | "families">,
  { app, command }: { readonly app: number; readonly command: string },
): boolean {
  return isDecidable(command) && (apps.length === 0 || apps.includes(app)) &&
    namesCommand(names, command);
}

function firstClash(
  others: readonly Decider[],
  after: Decider,
): { readonly name: string; readonly command: string } | undefined {
  for (const other of others) {
    const command = clashOf(other, after);
    if (command !== undefined) return { name: other.name, command };
  }
  return undefined;
}

/** The first command of one app that two deciders would both answer; undefined when there is none. */
export function clashOf(a: Decider, b: Decider): string | undefined {
  const sharesApp = a.apps.length === 0 || b.apps.length === 0 ||
    a.apps.some((app) => b.apps.includes(app));
  if (!sharesApp) return undefined;
  const words = [...DECISION_RULES.keys(), ...a.commands, ...b.commands];
  // A word for the commands that Tencent adds to a family one day.
  const future = [...a.families, ...b.families].map((one) => `${one}.*`);
  return [...words, ...future].find((word) =>
    namesCommand(a, word) && namesCommand(b, word)
  );
}

function namesCommand(
  { commands, families }: Pick<Decider, "commands" | "families">,
  command: string,
): boolean {
  if (commands.length + families.length === 0) return true;
  return commands.includes(command) ||
    families.some((family) => isCommand(command, `${family}.*`));
}
