/** Columns that a page may take on a terminal. */
const WIDTH = 80;
const INDENT = "    ";

/**
 * A page of the manual as plain text for a terminal: links become commands, tables that are too
 * wide become lists.
 */
export function manualText(markdown: string): string {
  return markdown.split(/^(```[^]*?^```$)/m)
    .map((part) => part.startsWith("```") ? part : plainText(part))
    .join("")
    .trim();
}

function plainText(prose: string): string {
  return prose
    .replace(/^<img [^>]*>\n?/gm, "")
    .replace(LINK_REGEXP, linkText)
    .replace(/^(\|.*\n)+/gm, tableText)
    .replace(/\n{3,}/g, "\n\n");
}

const LINK_REGEXP = /\[([^\]]+)\]\(([^)\s]+)\)/g;

/** `[deploy](deploy.md)` as `deploy (imhook help deploy)`; a link within the page as its text. */
function linkText(_: string, text: string, target: string): string {
  const topic = /^(?:\.\.\/)?(\w+)\.md/.exec(target)?.[1];
  if (topic !== undefined) return `${text} (imhook help ${topic})`;
  return /^https?:/.test(target) ? `${text} (${target})` : text;
}

/** A Markdown table: aligned where it fits, else one block a row. */
function tableText(table: string): string {
  const [header = [], , ...rows] = table.trimEnd().split("\n").map(cellsOf);
  const widths = header.map((_, column) =>
    Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0))
  );
  const total = widths.reduce((sum, width) => sum + width + 2, -2);
  const lines = total <= WIDTH
    ? [header, widths.map((width) => "-".repeat(width)), ...rows].map((row) =>
      row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")
        .trimEnd()
    )
    : rows.flatMap((row) => blockOf(header, row));
  return `${lines.join("\n")}\n`;
}

function cellsOf(line: string): string[] {
  return line.split(/(?<!\\)\|/).slice(1, -1)
    .map((cell) => cell.trim().replaceAll("\\|", "|"));
}

/** A row as its first cell, and below it the others; of two columns the second needs no name. */
function blockOf(header: readonly string[], row: readonly string[]): string[] {
  const [first = "", ...others] = row;
  const named = others.flatMap((cell, index) => {
    if (cell === "" || cell === "–") return [];
    return others.length === 1 ? [cell] : [`${header[index + 1]}: ${cell}`];
  });
  return [first, ...named.flatMap((text) => wrapped(text)), ""];
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = INDENT;
  for (const word of text.split(" ")) {
    if (line.length + word.length > WIDTH && line.trim() !== "") {
      lines.push(line.trimEnd());
      line = INDENT;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
}
