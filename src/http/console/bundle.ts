// Joins the console's modules and style sheets, so that the page loads in a few requests.

/** Files by path. */
export type Files = Readonly<Record<string, string>>;

/** Settings of a bundle: its entry module, and the modules to leave outside. */
export interface BundleOptions {
  /** The module that is run; the others come because it imports them. */
  readonly entry: string;
  /** Modules that are loaded by themselves: the bundle imports them. */
  readonly external: readonly string[];
}

interface Module {
  readonly path: string;
  readonly imports: readonly {
    readonly path: string;
    readonly names: string;
  }[];
  /** Names that it exports. */
  readonly exports: readonly string[];
  /** Its code without imports, and without the word `export`. */
  readonly code: string;
}

const IMPORT_REGEXP = /^import \{([^}]*)\} from "([^"]+)";\n/gm;
const EXPORT_REGEXP =
  /^export ((?:async )?function\*?|const|class)\s+([A-Za-z_$][\w$]*)/gm;

/**
 * One module out of many: each becomes a function that gives its exports, after those that it
 * imports. Modules may use named imports and exports alone, and only the entry may await.
 *
 * @throws {Error} for a circle of imports, or for code that this cannot join
 */
export function bundleModules(files: Files, options: BundleOptions): string {
  const { entry, external } = options;
  const names = new Map<string, string>();
  const parts: string[] = [];
  const add = (path: string, way: readonly string[]): void => {
    if (names.has(path) || external.includes(path)) return;
    if (way.includes(path)) {
      throw new Error(
        `Cannot bundle the console: ${[...way, path].join(" imports ")}`,
      );
    }
    const module = parseModule(path, files);
    for (const one of module.imports) add(one.path, [...way, path]);
    const imports = module.imports
      .filter((one) => !external.includes(one.path))
      .map((one) =>
        `const {${asProperties(one.names)}} = ${names.get(one.path)};\n`
      ).join("");
    if (path === entry) return void parts.push(`${imports}${module.code}`);
    const name = `module${names.size}`;
    names.set(path, name);
    parts.push(
      `const ${name} = (() => {\n${imports}${module.code}\nreturn { ${
        module.exports.join(", ")
      } };\n})();\n`,
    );
  };
  add(entry, []);
  const outside = parseModule(entry, files).imports
    .filter(({ path }) => external.includes(path))
    .map(({ path, names }) => `import {${names}} from "./${path}";\n`);
  return [...outside, ...parts].join("");
}

function parseModule(path: string, files: Files): Module {
  const text = files[path];
  if (text === undefined) {
    throw new Error(`Cannot bundle the console: no file "${path}"`);
  }
  const imports = Array.from(
    text.matchAll(IMPORT_REGEXP),
    ([, names = "", specifier = ""]) => {
      const url = new URL(specifier, `file:///${path}`);
      return { path: url.pathname.slice(1), names };
    },
  );
  const exports = Array.from(
    text.matchAll(EXPORT_REGEXP),
    ([, , name = ""]) => name,
  );
  const code = text.replace(IMPORT_REGEXP, "").replace(
    EXPORT_REGEXP,
    (whole) => whole.slice("export ".length),
  );
  if (/^(import|export)\b/m.test(code)) {
    throw new Error(
      `Cannot bundle the console: "${path}" has an import or export of another form`,
    );
  }
  return { path, imports, exports, code };
}

/** Imported names as a destructuring takes them: `a as b` becomes `a: b`. */
function asProperties(names: string): string {
  return names.replace(/(\S+) as (\S+)/g, "$1: $2");
}
