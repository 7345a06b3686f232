import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";

/** Rank by folder of src (style §1); "" holds the leaves. */
const RANKS: Readonly<Record<string, number>> = {
  "": 0,
  protocol: 1,
  directory: 2,
  store: 3,
  ingest: 4,
  projector: 4,
  delivery: 4,
  reconcile: 4,
  retention: 4,
  http: 5,
  cli: 6,
};
/** Folders without TypeScript, embedded as text by these alone. */
const TEXT_FOLDERS = ["console", "ops"];
const TEXT_READERS = ["http", "cli"];

const STATEMENT_REGEXP =
  /^(?:import|export)\s(?:[^"';]*?\sfrom\s+)?"([^"]+)"|\bimport\(\s*([^)]*)\)/gm;
const BANNED_NAME_REGEXP = /^(index|mod|utils|helpers|types|common)\.tsx?$/;
const FILE_NAME_REGEXP = /^[a-z][a-z0-9]*(_[a-z0-9]+)*(\.d)?\.ts$/;

const SRC = fromFileUrl(new URL("../src", import.meta.url));
const { imports } = JSON.parse(
  Deno.readTextFileSync(new URL("../deno.json", import.meta.url)),
) as { imports: Record<string, string> };

interface SourceFile {
  /** Path below src, such as "store/keys.ts". */
  readonly path: string;
  readonly text: string;
}

interface Import {
  /** Path below src of the file that imports. */
  readonly from: string;
  readonly specifier: string;
}

function readSources(folder = ""): SourceFile[] {
  return [...Deno.readDirSync(join(SRC, folder))].flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory) return readSources(path);
    if (!/\.[jt]sx?$/.test(path)) return [];
    return [{ path, text: Deno.readTextFileSync(join(SRC, path)) }];
  });
}

function importsOf({ path, text }: SourceFile): Import[] {
  return [...text.matchAll(STATEMENT_REGEXP)].map(([, name, dynamic]) => ({
    from: path,
    specifier: name ?? dynamic?.replaceAll('"', "").trim() ?? "",
  }));
}

function isLocal({ specifier }: Import): boolean {
  return specifier.startsWith(".") || specifier.startsWith("/");
}

/** The path below src that a local import means; it begins with ".." outside. */
function targetOf({ from, specifier }: Import): string {
  const url = new URL(specifier, `file:///src/${from}`).pathname;
  return url.startsWith("/src/") ? url.slice("/src/".length) : `..${url}`;
}

function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : "";
}

function mayImport(from: string, to: string): boolean {
  const [source, target] = [folderOf(from), folderOf(to)];
  if (TEXT_FOLDERS.includes(target)) return TEXT_READERS.includes(source);
  const [high, low] = [RANKS[source], RANKS[target]];
  if (high === undefined || low === undefined) return false;
  return source === target || low < high;
}

/** What a check found, one text for each place. */
function placesOf(pattern: RegExp, sources: readonly SourceFile[]): string[] {
  return sources.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, index) =>
      pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : []
    )
  );
}

/** The page's modules are text to the rest, and to these checks another language. */
const isPage = ({ path }: SourceFile) => TEXT_FOLDERS.includes(folderOf(path));
const [PAGE, SOURCES] = partition(readSources(), isPage);
const PAGE_IMPORTS = PAGE.flatMap(importsOf);
const IMPORTS = SOURCES.flatMap(importsOf);
const LOCAL_IMPORTS = IMPORTS.filter(isLocal);

function partition<T>(
  all: readonly T[],
  isFirst: (one: T) => boolean,
): [T[], T[]] {
  return [all.filter(isFirst), all.filter((one) => !isFirst(one))];
}

Deno.test("importsOf() finds every form of import", () => {
  const text = [
    'import "./a.ts";',
    'import * as b from "./b.ts";',
    'import {\n  c,\n  type D,\n} from "./c.ts";',
    'export { e } from "./e.ts";',
    'import type { F } from "./f.ts";',
    'import page from "./g.html" with { type: "text" };',
    'const h = await import("./h.ts");',
    ' * import { x } from "./comment.ts";',
    'export const TEXT = "./text.ts";',
  ].join("\n");

  assertEquals(
    importsOf({ path: "x.ts", text }).map(({ specifier }) => specifier),
    ["a.ts", "b.ts", "c.ts", "e.ts", "f.ts", "g.html", "h.ts"]
      .map((name) => `./${name}`),
  );
});

Deno.test.each([
  ["store/writer.ts", "store/keys.ts", true],
  ["store/writer.ts", "event.ts", true],
  ["config.ts", "settings.ts", true],
  ["config.ts", "protocol/sign.ts", false],
  ["protocol/sign.ts", "store/keys.ts", false],
  ["delivery/worker.ts", "projector/fold.ts", false],
  ["http/app.ts", "console/page.html", true],
  ["store/open.ts", "ops/imhook.service", false],
  ["http/app.ts", "../tests/x.ts", false],
  ["other/x.ts", "event.ts", false],
])("mayImport() of %s to %s is %s", (from, to, expected) => {
  assertEquals(mayImport(from, to), expected);
});

Deno.test("every import stays in its folder or points to a lower rank", () => {
  const upward = LOCAL_IMPORTS.filter((row) =>
    !mayImport(row.from, targetOf(row))
  );

  assertEquals(upward, []);
});

Deno.test("every local import names an existing file with its extension", () => {
  const paths = new Set(SOURCES.map(({ path }) => path));
  const missing = LOCAL_IMPORTS.filter((row) => {
    const target = targetOf(row);
    return !paths.has(target) && !TEXT_FOLDERS.includes(folderOf(target));
  });

  assertEquals(missing, []);
});

Deno.test("the console's modules import each other alone, by names that exist", () => {
  const paths = new Set(PAGE.map(({ path }) => path));
  const strays = PAGE_IMPORTS.filter((row) =>
    !isLocal(row) || !paths.has(targetOf(row))
  );

  assertEquals(strays, []);
});

Deno.test("every package is imported by its name in deno.json", () => {
  const known = new Set(Object.keys(imports));
  const foreign = IMPORTS.filter((row) =>
    !isLocal(row) && !row.specifier.startsWith("node:") &&
    !known.has(row.specifier)
  );

  assertEquals(foreign, []);
});

Deno.test("every source file is named after a thing, in snake case", () => {
  const names = SOURCES.map(({ path }) =>
    path.slice(path.lastIndexOf("/") + 1)
  );
  const bad = names.filter((name) =>
    BANNED_NAME_REGEXP.test(name) || !FILE_NAME_REGEXP.test(name)
  );

  assertEquals(bad, []);
});

Deno.test("every source file lies in a folder that has a rank", () => {
  const strays = SOURCES.filter(({ path }) =>
    RANKS[folderOf(path)] === undefined || path.split("/").length > 2
  );

  assertEquals(strays.map(({ path }) => path), []);
});

Deno.test("Deno KV is touched in src/store alone", () => {
  const elsewhere = SOURCES.filter(({ path }) => folderOf(path) !== "store");

  assertEquals(placesOf(/\bDeno\.Kv|\bopenKv\b/, elsewhere), []);
});

Deno.test("no source file prints through console", () => {
  assertEquals(placesOf(/(?<!\/)\bconsole\s*(\.\s*\w|\[)/, SOURCES), []);
});
