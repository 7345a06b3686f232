import * as v from "valibot";
import type { Client } from "./client.ts";

/** A server's journal: its id, and its first and last number. */
export interface JournalInfo {
  readonly id: string;
  readonly first: number;
  readonly last: number;
}

const Numeral = v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number));
const JournalInfoSchema = v.object({
  id: v.string(),
  first: Numeral,
  last: Numeral,
});

/** Asks a server for its journal. */
export async function askJournal(
  client: Client,
  signal?: AbortSignal,
): Promise<JournalInfo> {
  const answer = await client.json("/v1/journal", signal && { signal });
  return v.parse(JournalInfoSchema, answer);
}
