import { describe, expect, it } from "vitest";
import { fileSide } from "../../src/readers/file-side.ts";
import { sideOf } from "./reading.ts";

const bytes = (...values: number[]) => new Uint8Array(values);
const utf8 = (text: string) => [...new TextEncoder().encode(text)];

function utf16(text: string, little: boolean): Uint8Array {
  const units = [0xfeff, ...Array.from(text, (character) => character.charCodeAt(0))];
  return bytes(...units.flatMap((unit) => (little ? [unit & 255, unit >> 8] : [unit >> 8, unit & 255])));
}

describe("a side of a file", () => {
  it("has LF line ends and no byte order mark", () => {
    expect(sideOf("a.txt", bytes(0xef, 0xbb, 0xbf, ...utf8("a\r\nb\rc\n"))).text).toBe("a\nb\nc\n");
  });

  it.each([true, false])("reads UTF-16 (little endian: %s)", (little) => {
    const side = sideOf("a.json", utf16('{"model":\r\n "é"}', little));
    expect([side.binary, side.text, side.literals[0]?.value, side.literals[0]?.line]).toEqual([
      false,
      '{"model":\n "é"}',
      "é",
      2,
    ]);
  });

  it("reads bytes that are no UTF-8, each as a character of its own", () => {
    const one = sideOf("a.yml", bytes(...utf8("a: caf"), 0xe9));
    const other = sideOf("a.yml", bytes(...utf8("a: caf"), 0xe8));
    expect([one.literals[0]?.value, other.literals[0]?.value, one.binary]).toEqual(["café", "cafè", false]);
  });

  it("is binary with a NUL byte, but not where its name says text", () => {
    const content = bytes(...utf8("# "), 0, ...utf8('\nmodel: "x"\n'));
    expect(sideOf("a.bin", content)).toMatchObject({ binary: true, text: "", literals: [], comments: [] });
    expect(sideOf("a.yml", content).binary).toBe(false);
    expect(sideOf("a.yml", content).literals[0]?.value).toBe("x");
  });

  it("keeps a NUL far down as text, as git does", () => {
    expect(sideOf("a.bin", bytes(...Array.from({ length: 8000 }, () => 65), 0)).binary).toBe(false);
  });

  it("does not read the path in a symbolic link as content", () => {
    const content = new TextEncoder().encode("a: b");
    const side = fileSide({ path: "a.yml", mode: "120000", id: "0".repeat(40) }, content);
    expect([side.text, side.literals, side.parsed]).toEqual(["a: b", [], true]);
  });

  it("has no values where no reader knows the format", () => {
    expect(sideOf("notes.txt", "model: gpt")).toMatchObject({
      literals: [],
      comments: [],
      parsed: true,
      text: "model: gpt",
    });
  });

  it("is read behind the name of a template or an example", () => {
    expect(sideOf("values.yaml.j2", "a: b").literals).toHaveLength(1);
    expect(sideOf("config.toml.example", "a = 1").literals).toHaveLength(1);
    expect(sideOf("x.json.tmpl.bak", '{"a": 1}').literals).toHaveLength(1);
    expect(sideOf("{{name}}/agent.py.jinja", 'model = "gpt"').literals).toHaveLength(1);
    expect(sideOf("go.sum.bak", "a v1 h1:x").literals).toHaveLength(1);
  });
});
