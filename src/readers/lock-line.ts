/** Reads one line of a lock file; `found` takes a package and its version. */
export type LockScan = (line: string, found: (name: string, version: string) => void) => void;

/** The package that a key of npm's lock files names: what lies below the innermost `node_modules`. */
export function npmName(key: string): string {
  const at = key.lastIndexOf("node_modules/");
  return at < 0 ? key : key.slice(at + "node_modules/".length);
}

/**
 * Objects over several lines: the last key that opened one, or its `"name"`, and then the field that holds the version.
 * Without `nameOf` only the `"name"` counts; with it, the name of what opens at the key "" is the project's own.
 */
export function jsonLine(field: string, nameOf: ((key: string) => string) | null): LockScan {
  let name = "";
  let own = nameOf !== null;
  return (line, found) => {
    const start = line.indexOf('"');
    const end = start < 0 ? -1 : line.indexOf('"', start + 1);
    if (end < 0 || line[end + 1] !== ":") return;
    const key = line.slice(start + 1, end);
    const value = end + 3;
    if (line[value] === "{" && nameOf) {
      name = nameOf(key);
      own = key === "";
    } else if (line[value] === '"' && (key === field || key === "name")) {
      const text = line.slice(value + 1, line.indexOf('"', value + 1));
      if (key === "name") name = own ? "" : text;
      else if (name !== "") {
        found(name, text);
        name = "";
      }
    }
  };
}

/** `name = "x"` and then `version = "y"` at the beginning of lines. */
export function tomlLine(): LockScan {
  let name = "";
  return (line, found) => {
    if (line.startsWith("[[")) name = "";
    else if (line.startsWith('name = "')) name = line.slice(8, line.indexOf('"', 8));
    else if (line.startsWith('version = "') && name !== "") {
      found(name, line.slice(11, line.indexOf('"', 11)));
      name = "";
    }
  };
}

/** `name@range, name@range:` and then an indented `version`, quoted or not. */
export function yarnLine(): LockScan {
  let name = "";
  return (line, found) => {
    const first = line.charCodeAt(0);
    if (first !== 32 && first !== 35) {
      const start = first === 34 ? 1 : 0;
      const end = line.indexOf("@", start + 1);
      name = end < 0 ? "" : line.slice(start, end);
    } else if (name !== "" && line.startsWith("  version")) {
      found(
        name,
        line
          .slice(line[9] === ":" ? 10 : 9)
          .trim()
          .replaceAll('"', ""),
      );
      name = "";
    }
  };
}

/** The keys of the section `packages`: `name@version(peers)`, and `/name/version_peers` in older files. */
export function pnpmLine(): LockScan {
  let inside = false;
  return (line, found) => {
    if (line.charCodeAt(0) !== 32) inside = line.startsWith("packages:");
    else if (inside && line.startsWith("  ") && line.charCodeAt(2) !== 32 && line.endsWith(":")) {
      const key = line.slice(2, -1).replace(/^['"]?\/?|['"]$/g, "");
      const old = /^((?:@[^/]{1,100}\/)?[^/@]{1,200})\/(\d[^_(]{0,100})/.exec(key);
      const at = key.indexOf("@", 1);
      if (old) found(old[1] as string, old[2] as string);
      else if (at > 0) found(key.slice(0, at), key.slice(at + 1).split("(", 1)[0] as string);
    }
  };
}

/** `module version hash`; the line of the module's own `go.mod` says nothing more. */
export const goSumLine: LockScan = (line, found) => {
  const first = line.indexOf(" ");
  const second = line.indexOf(" ", first + 1);
  if (first > 0 && second > 0 && !line.endsWith("/go.mod", second)) {
    found(line.slice(0, first), line.slice(first + 1, second));
  }
};

/** `    name (version)`; deeper lines are what a gem asks for. */
export const rubyLine: LockScan = (line, found) => {
  if (!line.startsWith("    ") || line.charCodeAt(4) === 32) return;
  const open = line.indexOf(" (", 4);
  const close = open < 0 ? -1 : line.indexOf(")", open);
  if (close > 0) found(line.slice(4, open), line.slice(open + 2, close));
};

/** `group:artifact:version=configurations`. */
export const gradleLine: LockScan = (line, found) => {
  const end = line.indexOf("=");
  const colon = line.lastIndexOf(":", end);
  if (line.charCodeAt(0) !== 35 && colon > 0 && end > colon) found(line.slice(0, colon), line.slice(colon + 1, end));
};

/** `"key": ["name@version", ...]`. */
export const bunLine: LockScan = (line, found) => {
  const start = line.indexOf('": ["');
  const end = start < 0 ? -1 : line.indexOf('"', start + 5);
  if (end > 0) packageAt(line.slice(start + 5, end), found);
};

/** `"name@version": {`, with a scheme before the name in older files and peers behind the version. */
export const denoLine: LockScan = (line, found) => {
  const start = line.indexOf('"');
  const end = start < 0 ? -1 : line.indexOf('": {', start);
  if (end > 0) packageAt(line.slice(start + 1, end).replace(/^(?:npm|jsr):/, ""), found);
};

function packageAt(text: string, found: (name: string, version: string) => void): void {
  const at = text.indexOf("@", 1);
  if (at > 0) found(text.slice(0, at), text.slice(at + 1).split("_")[0] ?? "");
}
