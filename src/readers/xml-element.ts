import type { Literal } from "../core/detector.ts";
import { bareScalar } from "./scalar.ts";

interface Attribute {
  readonly name: string;
  readonly value: string;
  readonly offset: number;
}

/** An open element: where its values stand and what its tag says already. */
export interface XmlElement {
  readonly name: string;
  readonly path: readonly string[];
  readonly plist: boolean;
  /** Values of the tag itself, by the offset of each; -1 is the tag's own. */
  readonly literals: readonly (Omit<Literal, "line"> & { readonly offset: number })[];
  /** The value that a text of this element is, null when it is the name of the next one. */
  text(value: string): Omit<Literal, "line"> | null;
  /** For a property list: takes the name of the next child. */
  named(key: string): void;
  /** For a property list: the part of the path that the next child stands at. */
  next(): readonly string[];
}

/** Attributes that name what an element configures, by precedence; the name is a part of the path. */
const NAMES = ["key", "name", "Include", "Update", "id", "Name", "Key", "Id"];
/** Attributes that hold the value of what is named. */
const VALUES = new Set(["value", "Value", "version", "Version", "connectionString"]);
const NAMED_ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** An element of a configuration: `<add key="Model" value="x"/>` holds "x" at [..., "add", "Model"]. */
export function openElement(
  parent: XmlElement | undefined,
  name: string,
  attributes: readonly Attribute[],
): XmlElement {
  const own = [...(parent?.path ?? []), name];
  const naming = NAMES.map((key) => attributes.find((attribute) => attribute.name === key)).find(Boolean);
  const path = naming ? [...own, naming.value] : own;
  const literals = attributes
    .filter((attribute) => attribute.name !== "xmlns" && !attribute.name.startsWith("xmlns:"))
    .map((attribute) => ({
      ...bareValue(attribute.value),
      path:
        attribute === naming ? [...own, attribute.name] : isValue(attribute, naming) ? path : [...path, attribute.name],
      offset: attribute.offset,
    }));
  const text = (value: string) => ({ path, ...bareValue(value) });
  return { name, path, plist: false, literals, text, named: () => {}, next: () => [] };
}

function isValue(attribute: Attribute, naming: Attribute | undefined): boolean {
  return naming !== undefined && VALUES.has(attribute.name);
}

function bareValue(value: string): Pick<Literal, "value" | "kind"> {
  return value === "" ? { value, kind: "string" } : bareScalar(value);
}

/** An element of a property list: its keys and indices make the path, its types do not. */
export function plistElement(parent: XmlElement | undefined, name: string): XmlElement {
  const path =
    name === "plist" || name === "key" ? (parent?.path ?? []) : [...(parent?.path ?? []), ...(parent?.next() ?? [])];
  let key: readonly string[] = [];
  let index = -1;
  return {
    name,
    path,
    plist: true,
    literals: name === "true" || name === "false" ? [{ path, value: name, kind: "boolean", offset: -1 }] : [],
    text: (value) => {
      if (name !== "key") return { path, value, kind: name === "integer" || name === "real" ? "number" : "string" };
      parent?.named(value);
      return null;
    },
    named: (value) => {
      key = [value];
    },
    next: () => {
      index += 1;
      return name === "array" ? [String(index)] : key;
    },
  };
}

/** Text with the entities that XML itself defines. */
export function xmlText(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:#(\d{1,7})|#x([\da-fA-F]{1,6})|(amp|lt|gt|quot|apos));/g,
    (match, decimal, hexadecimal, name) => {
      if (name !== undefined) return NAMED_ENTITIES[name as string] ?? match;
      const code = decimal === undefined ? Number.parseInt(hexadecimal as string, 16) : Number(decimal);
      return code <= 0x10ffff ? String.fromCodePoint(code) : match;
    },
  );
}
