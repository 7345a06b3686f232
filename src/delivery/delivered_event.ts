import type { Finding } from "../base/event.ts";
import { describe } from "../protocol/validate.ts";

/** Where the attributes of an event end: within them no quote stands bare but those of names and texts. */
const DATA_REGEXP = /,"data(_base64)?":/;

/**
 * An event, as the feeds give it, as a delivery carries it. What a feed lists under `warnings` is one
 * text here: CloudEvents knows no lists as attributes, and strict parsers refuse the whole event. The
 * body stays as it is, to the byte.
 */
export function deliveredEvent(eventJson: string): string {
  const end = eventJson.search(DATA_REGEXP);
  const attributes = JSON.parse(`${eventJson.slice(0, end)}}`) as {
    readonly warnings?: readonly Finding[];
  };
  if (attributes.warnings === undefined) return eventJson;
  const warnings = attributes.warnings.map(describe).join("; ");
  const told = JSON.stringify({ ...attributes, warnings });
  return told.slice(0, -1) + eventJson.slice(end);
}
