import { describe, expect, it } from "vitest";
import { commentsOf, literalsOf, sideOf } from "./reading.ts";

const read = (text: string) => literalsOf("main.tf", text);

describe("HCL", () => {
  it("blocks with labels, nested and repeated, in one line and many", () => {
    const text = `# first
resource "aws_iam_role" "x" {
  name = "y" // second
  tags = { Team = "ai", "k:v" : "w" }
  /* third
  */
  rule { id = "a" }
  rule {
    id = "b"
  }
}
variable "m" { default = "gpt" }
`;
    expect(read(text)).toEqual([
      "3 resource/aws_iam_role/x/name = y",
      "4 resource/aws_iam_role/x/tags/Team = ai",
      "4 resource/aws_iam_role/x/tags/k:v = w",
      "7 resource/aws_iam_role/x/rule/id = a",
      "9 resource/aws_iam_role/x/rule/id = b",
      "12 variable/m/default = gpt",
    ]);
    expect(commentsOf("main.tf", text)).toEqual(["1 first", "3 second", "5 third"]);
    expect(sideOf("main.tf", text).parsed).toBe(true);
  });

  it("numbers, booleans and null stand alone, references do not", () => {
    expect(
      read("a = -1.5\nb = true\nc = null\nd = var.x\ne = var.x + 1\nf = aws_y.z[0].arn\ng = var.a[*].id\n"),
    ).toEqual(["1 a = -1.5 (number)", "2 b = true (boolean)", "3 c = null (null)"]);
  });

  it("encoding functions are what they encode, other calls are a part of the path", () => {
    expect(
      read(
        'p = jsonencode({\n  Statement = [{\n    Action = ["s3:*"]\n    Effect : "Allow",\n  }]\n})\nq = file("x.md")\nr = lookup(var.m, "k", "d")\ns = f({ a = "1" }, { b = "2" })\n',
      ),
    ).toEqual([
      "3 p/Statement/0/Action/0 = s3:*",
      "4 p/Statement/0/Effect = Allow",
      "7 q/file()/0 = x.md",
      "8 r/lookup()/1 = k",
      "8 r/lookup()/2 = d",
      "9 s/f()/a = 1",
      "9 s/f()/1/b = 2",
    ]);
  });

  it("the strings of a composed expression all stand at its name", () => {
    expect(
      read(
        `m = var.env == "prod" ? "big" : local.models["small"]\nl = [for k, v in ["p", "q"] : "x-\${v}" if v != null]\no = {for k in var.z : k => "b"}\ng = (\n  "h"\n)\n`,
      ),
    ).toEqual([
      "1 m = prod",
      "1 m = big",
      "1 m/local.models[] = small",
      "2 l/0 = p",
      "2 l/1 = q",
      `2 l = x-\${v}`,
      "3 o = b",
      "5 g = h",
    ]);
  });

  it("interpolations are kept as written, with the quotes and braces inside them", () => {
    expect(
      read(`a = "x\${lookup({k = "}"}, "q")}y"\nb = "$\${no}"\nc = "%{ if x }1%{ endif }"\nd = "\\n\\"\\u0041"\n`),
    ).toEqual([
      `1 a = x\${lookup({k = \\"}\\"}, \\"q\\")}y`,
      `2 b = $\${no}`,
      "3 c = %{ if x }1%{ endif }",
      '4 d = \\n\\"A',
    ]);
  });

  it("heredocs are one value, indented ones without their common indentation", () => {
    expect(read(`a = <<EOT\n one\n  two \${x}\nEOT\nb = <<-E\n    p\n      q\n  E\nc = "z"\n`)).toEqual([
      `1 a =  one\\n  two \${x}\\n`,
      "5 b = p\\n  q\\n",
      "9 c = z",
    ]);
  });

  it.each(['a = "x', "a {", "a = [", "a = {", "a = <<E\nx\n", "}", `a = "\${"`, "/* x", 'a "b"', "a = 1 b = 2", "= 1"])(
    "%s is no HCL",
    (text) => {
      expect(sideOf("main.tf", text).parsed).toBe(false);
    },
  );

  it("what does not parse is read by lines", () => {
    expect(read('resource "a" "b" {\n  model = "m"\n  nested {\n')).toEqual(["2 model = m"]);
  });
});
