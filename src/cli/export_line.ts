import * as v from "valibot";

/** Where in which journal the event of an exported line stands. */
export interface LinePlace {
  readonly journalId: string;
  readonly seq: number;
}

/** The longest line of an export, bytes: a body as text and in Base64, and its attributes. */
export const LINE_MAX_BYTES = 4_194_304;

const LineSchema = v.object({
  event: v.object({
    id: v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number)),
    journalid: v.string(),
  }),
  raw: v.string(),
});

/** The place that an exported line names; undefined when it is no such line. */
export function placeOf(line: Uint8Array): LinePlace | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(line));
    const { event } = v.parse(LineSchema, value);
    return { journalId: event.journalid, seq: event.id };
  } catch {
    // Neither JSON nor an event: the caller says what that means.
    return undefined;
  }
}
