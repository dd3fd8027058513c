import { describe, expect, it } from "vitest";
import { commentsOf, literalsOf } from "../reading.ts";

describe("comments are runs without their marks", () => {
  it.each([
    [
      "a.py",
      '#!/usr/bin/env python\n# one\n#two\n\nx = "# no"  # three\n# four\ny = 1\n# five',
      ["1 /usr/bin/env python\none\ntwo", "5 three", "6 four", "8 five"],
    ],
    [
      "a.js",
      '#!/usr/bin/env node\n// one\n// two\n\nx = "// no" // three\n/** doc\n * more */\ny = `/* no */`',
      ["1 /usr/bin/env node\none\ntwo", "5 three", "6 doc\n * more"],
    ],
    ["a.go", 'x := "// no" // one\n/* two\nthree */ y := `// no`', ["1 one", "2 two\nthree"]],
    ["a.java", "/** one */\n// two\nchar c = '\"'; // three", ["1 one\ntwo", "3 three"]],
    ["a.kt", "/* one /* two */ three */ val x = 1 // four", ["1 one /* two */ three", "1 four"]],
    ["a.cs", '/// one\n#region don\'t // no\nvar x = @"// no"; // two', ["1 one", "3 two"]],
    [
      "a.rs",
      "//! one\n/// two\n/* three /* four */ */\nlet x = 'a'; // five",
      ["1 one\ntwo\nthree /* four */", "4 five"],
    ],
    ["a.rb", "# one\n=begin\ntwo\n=end\nx = '# no' # three\n__END__\n# no", ["1 one\ntwo", "5 three"]],
    ["a.php", "<p># no</p><?php // one ?> # no <?php # two\n#[A]\n/* three */", ["1 one", "1 two", "3 three"]],
    ["a.lua", "-- one\n--[[ two\nthree ]]\n--[==[ four ]] ]==]", ["1 one\ntwo\nthree\nfour ]]"]],
    ["a.ex", '# one\nx = "# no" # two', ["1 one", "2 two"]],
    ["a.ps1", "# one\n<# two #>\n$x = '# no' # three", ["1 one\ntwo", "3 three"]],
    ["a.sh", "#!/bin/sh\n# one\necho a#no '# no' $# # two", ["1 /bin/sh\none", "3 two"]],
    ["Dockerfile", "# one\nENV A=1 \\\n  # two\n  B=#no", ["1 one", "3 two"]],
    ["Makefile", "# one\nA = b # two\nc: ; # three", ["1 one", "2 two", "3 three"]],
    ["A.vue", '<template>\n<!-- no -->\n</template>\n<script lang="ts">\n// one\n</script>', ["5 one"]],
  ])("%s", (name, code, expected) => {
    expect(commentsOf(`src/${name}`, code)).toEqual(expected);
  });
});

describe("script blocks", () => {
  it("are read at their lines of the file, as the language they name", () => {
    const script = '<script setup lang="ts">\nconst a: string = "x"\n</script>\n';
    const others = '<script type="application/json">{"b": "y"}</script><SCRIPT>c = "z"</SCRIPT>';
    const text = `<template>\n<p title="x">don't</p>\n</template>\n${script}${others}`;
    expect(literalsOf("src/A.vue", text)).toEqual(["5 a = x", "7 c = z"]);
  });

  it("Astro's begin with a fence", () => {
    const text = '---\nconst a = "x"\n---\n<p>\'</p>\n<script>b = "y"</script>';
    expect(literalsOf("src/a.astro", text)).toEqual(["2 a = x", "5 b = y"]);
  });
});

describe("scripts without an extension", () => {
  it.each([
    ["#!/usr/bin/env python3\nx = 'a'", ["2 x = a"]],
    ["#!/usr/bin/env -S node --flag\nconst x = 'a'", ["2 x = a"]],
    ["#!/usr/bin/ruby\nx = %q(a)", ["2 x = a"]],
    ["#!/bin/bash\nX='a'", ["2 X = a"]],
    ["X=a", ["1 X = a"]],
    ["#!/usr/bin/unknown\nX=a", []],
  ])("%j is read as its first line says", (text, expected) => {
    expect(literalsOf("bin/run", text)).toEqual(expected);
  });
});

describe("long files", () => {
  it("of JavaScript are read like short ones", () => {
    const values = "const a = { model: 'x', re: /[\"'/]/, t: `b $".concat("{c['d']} $", "{`e`}` } // f");
    const code = `${values}\nclass A { m?: string = "y"; n = a / b / "z" }\n`;
    const padding = `/* ${"x".repeat(2_000_000)} */\n`;
    const short = literalsOf("src/a.ts", `\n${code}`);
    expect(short).toHaveLength(6);
    expect(literalsOf("src/a.ts", padding + code)).toEqual(short);
  });
});
