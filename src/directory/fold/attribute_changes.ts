import { MAX_FIELD_BYTES } from "./bounds.ts";
import type { DirectoryChange } from "./change.ts";
import {
  type BodyReader,
  field,
  fieldKeyIn,
  fieldTextIn,
  listIn,
  wordIn,
} from "./body_reader.ts";

/**
 * Attributes that an event changes: `set` replaces all, `modify` some, `delete` takes some away, `clear`
 * all.
 */
export function attributeChanges(wire: BodyReader): DirectoryChange[] {
  const option = (wordIn(wire, "OptionType") ?? "modify").toLowerCase();
  if (option === "clear") return [{ kind: "clear" }];
  const entries = listIn(wire, "GroupAttr").flatMap((entry) => {
    const key = fieldKeyIn(entry, "key");
    const value = option === "delete"
      ? null
      : fieldTextIn(entry, "value", { maxBytes: MAX_FIELD_BYTES });
    if (key === undefined || value === undefined) return [];
    return [field(`attribute:${key}`, value)];
  });
  return option === "set" ? [{ kind: "clear" }, ...entries] : entries;
}
