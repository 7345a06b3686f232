const ROW_BYTES = 16;
const MAX_BYTES = 65_536;

/** Bytes as hex beside the characters that they are in ASCII; the first 64 KiB of them. */
export function hexDump(bytes) {
  const lines = [];
  const end = Math.min(bytes.length, MAX_BYTES);
  for (let at = 0; at < end; at += ROW_BYTES) {
    lines.push(lineOf(bytes.subarray(at, Math.min(at + ROW_BYTES, end)), at));
  }
  if (bytes.length > end) lines.push("…");
  return lines.join("\n");
}

function lineOf(row, at) {
  const codes = Array.from(row, (byte) => byte.toString(16).padStart(2, "0"));
  const signs = Array.from(
    row,
    (byte) => byte >= 32 && byte < 127 ? String.fromCharCode(byte) : "·",
  );
  const place = at.toString(16).padStart(6, "0");
  return `${place}  ${codes.join(" ").padEnd(ROW_BYTES * 3)} ${signs.join("")}`;
}
