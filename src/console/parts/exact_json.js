/** A number as it was written, where JavaScript's own would be another one. */
class ExactNumber {
  constructor(text) {
    this.text = text;
  }

  toString() {
    return this.text;
  }

  toJSON() {
    return JSON.rawJSON(this.text);
  }
}

const CAN_KEEP = typeof JSON.rawJSON === "function";

/**
 * Parses JSON so that what is shown and copied is what came: a number that a double would change
 * (18446744073709551615, 70.0) stays the text it was. Browsers without `JSON.rawJSON` read it as
 * they always did.
 */
export function parseExactly(text) {
  return CAN_KEEP ? JSON.parse(text, revive) : JSON.parse(text);
}

/** The text of a value, whether it was parsed as a number or kept as one. */
export function isNumber(value) {
  return typeof value === "number" || value instanceof ExactNumber;
}

function revive(_key, value, { source }) {
  if (typeof value !== "number" || source === String(value)) return value;
  return new ExactNumber(source);
}
