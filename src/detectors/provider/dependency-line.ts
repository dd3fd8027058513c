import type { FileSide } from "../../core/detector.ts";
import type { Dependency } from "./dependency.ts";

type Read = (file: FileSide) => readonly Dependency[];

const LONGEST_LINE = 2_000;
const REQUIREMENT =
  /^\s*([A-Za-z0-9][A-Za-z0-9._-]{0,100})\s{0,20}(?:\[[^\]]{0,200}\])?\s{0,20}(?:\(?\s{0,20}((?:[=~!<>]=?=?)[^;#@\\]{0,200})|@\s{0,20}(\S{1,500}))?\s*(?:[;#\\].*|--hash.*)?$/;

/** What reads the packages of a manifest that is written in lines; null for every other path. */
export function lineManifestOf(path: string): Read | null {
  return MANIFESTS.find(({ names }) => names.test(path))?.read ?? null;
}

const MANIFESTS: readonly { readonly names: RegExp; readonly read: Read }[] = [
  { names: /(?:^|\/)setup\.(?:py|cfg)$/, read: (file) => byLine(file, setupLine) },
  { names: /\.gradle(?:\.kts)?$/, read: (file) => byLine(file, gradleLine) },
  { names: /(?:^|\/)build\.sbt$/, read: (file) => byLine(file, sbtLine) },
  { names: /(?:^|\/)mix\.exs$/, read: (file) => byLine(file, mixLine) },
  { names: /(?:^|\/)(?:[^/]*[.-])?pom\.xml$/, read: mavenBlocks },
  {
    names: /\.(?:cs|fs|vb)proj$|(?:^|\/)Directory\.(?:Packages|Build)\.(?:props|targets)$|(?:^|\/)packages\.config$/i,
    read: nugetTags,
  },
];

function byLine(file: FileSide, read: (line: string, number: number) => readonly Dependency[]): readonly Dependency[] {
  return file.text.split("\n").flatMap((line, index) => (line.length > LONGEST_LINE ? [] : read(line, index + 1)));
}

/** A requirement as pip reads it: name, extras, version specifier or address, marker. */
export function pythonRequirement(text: string, line: number): readonly Dependency[] {
  const [, name, version, address] = (text.length > LONGEST_LINE ? null : REQUIREMENT.exec(text)) ?? [];
  return name === undefined
    ? []
    : [{ ecosystem: "pypi", name, version: (version ?? address ?? "").replace(/[)\s]/g, ""), line }];
}

/** Requirements stand in setup files as quoted strings or indented lines. */
function setupLine(line: string, number: number): readonly Dependency[] {
  const code = line.replace(/(?:^|\s)#.*$/, "");
  const quoted = [...code.matchAll(/["']([A-Za-z0-9][^"']{0,200})["']/g)].flatMap(([, text = ""]) =>
    pythonRequirement(text, number),
  );
  return quoted.length === 0 && /^\s/.test(code) ? pythonRequirement(code, number) : quoted;
}

/** `"group:name:version"` in a build script, or the named form `group: "g", name: "n", version: "v"`. */
function gradleLine(line: string, number: number): readonly Dependency[] {
  if (/^\s*\/\//.test(line)) return [];
  const short = [...line.matchAll(/["']([\w.-]{1,100}:[\w.-]{1,100})(?::([^"'@:]{1,100}))?(?:[:@][^"']{0,60})?["']/g)];
  const named =
    /group\s{0,5}[:=]\s{0,5}["']([\w.-]{1,100})["']\s{0,5},\s{0,5}name\s{0,5}[:=]\s{0,5}["']([\w.-]{1,100})["'](?:\s{0,5},\s{0,5}version\s{0,5}[:=]\s{0,5}["']([^"']{1,100})["'])?/.exec(
      line,
    );
  return [
    ...short.map(([, name = "", version = ""]) => ({ ecosystem: "maven", name, version, line: number }) as const),
    ...(named
      ? [{ ecosystem: "maven", name: `${named[1]}:${named[2]}`, version: named[3] ?? "", line: number } as const]
      : []),
  ];
}

function sbtLine(line: string, number: number): readonly Dependency[] {
  const [, group, name, version] =
    /"([\w.-]{1,100})"\s{0,5}%{1,3}\s{0,5}"([\w.-]{1,100})"\s{0,5}%\s{0,5}"([^"]{1,60})"/.exec(line) ?? [];
  return group === undefined
    ? []
    : [{ ecosystem: "maven", name: `${group}:${name}`, version: version ?? "", line: number }];
}

function mixLine(line: string, number: number): readonly Dependency[] {
  const [, name, version = ""] = /^\s*\{:(\w{1,60}),\s{0,10}(?:"([^"]{1,60})")?/.exec(line) ?? [];
  return name === undefined ? [] : [{ ecosystem: "hex", name, version, line: number }];
}

/** The dependencies of a Maven project, with versions given by properties of the same file looked up. */
function mavenBlocks(file: FileSide): readonly Dependency[] {
  const { text } = file;
  const found: Dependency[] = [];
  let line = 1;
  let at = 0;
  for (let start = text.indexOf("<dependency>"); start >= 0; start = text.indexOf("<dependency>", start + 1)) {
    for (; at < start; at += 1) if (text.charCodeAt(at) === 10) line += 1;
    const block = text.slice(start, start + 2_000).split("</dependency>")[0] ?? "";
    const name = `${element(block, "groupId")}:${element(block, "artifactId")}`;
    found.push({ ecosystem: "maven", name, version: propertyOf(element(block, "version"), text), line });
  }
  return found;
}

function propertyOf(version: string, text: string): string {
  const name = /^\$\{([\w.-]{1,100})\}$/.exec(version)?.[1];
  return name === undefined ? version : element(text, name) || version;
}

function element(text: string, name: string): string {
  const start = text.indexOf(`<${name}>`);
  if (start < 0) return "";
  return (
    text
      .slice(start + name.length + 2, start + name.length + 302)
      .split("<")[0]
      ?.trim() ?? ""
  );
}

function nugetTags(file: FileSide): readonly Dependency[] {
  return byLine(file, (line, number) => {
    const [, attributes = ""] =
      /<(?:PackageReference|PackageVersion|GlobalPackageReference|package)\s([^>]{1,800})/i.exec(line) ?? [];
    const name = /\b(?:Include|Update|id)\s{0,5}=\s{0,5}["']([\w.-]{1,120})["']/i.exec(attributes)?.[1];
    const version = /\b(?:Version|VersionOverride)\s{0,5}=\s{0,5}["']([^"']{1,100})["']/i.exec(attributes)?.[1] ?? "";
    return name === undefined ? [] : [{ ecosystem: "nuget", name, version, line: number }];
  });
}
