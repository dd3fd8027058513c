import { describe, expect, it } from "vitest";
import { commentsOf, literalsOf, sideOf } from "./reading.ts";

describe("INI", () => {
  it("sections and keys, quotes, comments, and values that go on in deeper lines", () => {
    const text = `; top
root = 1
[llm]
model = "gpt" ; why
temperature: 0.2 # low
key=a=b;c
empty =
[options.extras]
deps =
    openai>=1
    anthropic # two
    
flag
`;
    expect(literalsOf("setup.cfg", text)).toEqual([
      "2 root = 1 (number)",
      "4 llm/model = gpt",
      "5 llm/temperature = 0.2 (number)",
      "6 llm/key = a=b;c",
      "7 llm/empty = ",
      "10 options.extras/deps = openai>=1\\nanthropic",
      "13 options.extras/flag = ",
    ]);
    expect(commentsOf("setup.cfg", text)).toEqual(["1 top", "4 why", "5 low", "11 two"]);
    expect(sideOf("setup.cfg", text).parsed).toBe(true);
  });

  it("names of their own in deeper lines stand below their key", () => {
    expect(
      literalsOf(
        ".aws/config",
        "[profile x]\nregion = r\ns3 =\n  endpoint_url = u # why\n  addressing = path\nz = 1\n",
      ),
    ).toEqual([
      "2 profile x/region = r",
      "3 profile x/s3 = ",
      "4 profile x/s3/endpoint_url = u",
      "5 profile x/s3/addressing = path",
      "6 profile x/z = 1 (number)",
    ]);
  });

  it("keys may all be indented, and may be addresses", () => {
    expect(literalsOf(".gitconfig", '[remote "o"]\n\turl = u\n\tfetch = f\n')).toEqual([
      '2 remote "o"/url = u',
      '3 remote "o"/fetch = f',
    ]);
    expect(literalsOf(".npmrc", "//host/:_token=x\n@scope:registry=https://h/\n")).toEqual([
      "1 //host/:_token = x",
      "2 @scope:registry = https://h/",
    ]);
  });

  it("words of a server's file are values too, of a file that does not parse", () => {
    const text = "location / {\n  proxy_pass https://h/v1;\n}\n";
    expect(literalsOf("nginx.conf", text)).toEqual(["2 proxy_pass = https://h/v1"]);
    expect(sideOf("nginx.conf", text).parsed).toBe(false);
  });
});

describe("properties", () => {
  it("separators, escapes, lines that go on, comments", () => {
    const text = `# old=1
! note
spring.ai.model=gpt
a : b c
d e
f\\:g = \\u0041\\n\\q
list = one, \\
       two
temp=0.5
empty
back=c:\\\\
next=1
`;
    expect(literalsOf("application.properties", text)).toEqual([
      "3 spring.ai.model = gpt",
      "4 a = b c",
      "5 d = e",
      "6 f:g = A\\nq",
      "7 list = one, two",
      "9 temp = 0.5 (number)",
      "10 empty = ",
      "11 back = c:\\\\",
      "12 next = 1 (number)",
    ]);
    expect(commentsOf("a.properties", text)).toEqual(["1 old=1", "2 note"]);
  });
});
