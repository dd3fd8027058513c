import { deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { walkPickle } from "../../../src/detectors/model/pickle.ts";
import { pickledNames } from "../../../src/detectors/model/pickle-content.ts";
import { isDangerousGlobal, isSafeGlobal } from "../../../src/detectors/model/pickle-safe.ts";
import { zipArchive } from "./zip-archive.ts";

const bytes = (...parts: readonly (string | Uint8Array)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.from(part))));
const short = (text: string) => `\x8c${String.fromCharCode(text.length)}${text}`;
const unicode = (text: string) => {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return `X${length.toString("latin1")}${text}`;
};
/** A pickle of protocol 4 that calls a global with one argument. */
const calls = (module: string, name: string, argument = "x") =>
  bytes("\x80\x04", short(module), "\x94", short(name), "\x94\x93\x94", short(argument), "\x94\x85\x94R\x94.");
/** The state of a model as torch writes it: an ordered map of rebuilt tensors. */
const state = bytes(
  "\x80\x02ccollections\nOrderedDict\nq\x00)Rq\x01(",
  unicode("layer.weight"),
  "q\x02ctorch._utils\n_rebuild_tensor_v2\nq\x03((",
  unicode("storage"),
  "q\x04ctorch\nFloatStorage\nq\x05",
  unicode("0"),
  "q\x06",
  unicode("cpu"),
  "q\x07K\x04tq\x08QK\x00K\x02K\x02\x86q\x09K\x02K\x01\x86q\x0a\x89h\x00)Rq\x0btq\x0cRq\x0du.",
);

const WALKS: readonly (readonly [title: string, content: Uint8Array, globals: readonly string[], broken?: boolean])[] =
  [
    ["protocol 0, GLOBAL", bytes("cos\nsystem\n(S'id'\ntR."), ["os system"]],
    ["protocol 0, INST", bytes("(S'id'\nios\nsystem\n."), ["os system"]],
    ["protocol 0, carriage returns", bytes("cos\r\nsystem\r\n(S'id'\ntR."), ["os system"]],
    ["protocol 1, OBJ takes the class from the stack", bytes("(cos\nsystem\nS'id'\no."), ["os system"]],
    ["protocol 1, plain data", bytes("(]q\x00(K\x01K\x02etq\x01."), []],
    ["protocol 2, REDUCE", bytes("\x80\x02cposix\nsystem\nq\x00U\x02idq\x01\x85q\x02Rq\x03."), ["posix system"]],
    ["protocol 2, NEWOBJ", bytes("\x80\x02csubprocess\nPopen\n)\x81."), ["subprocess Popen"]],
    ["protocol 2, extension registry", bytes("\x80\x02\x82\x05."), ["copyreg extension 5"]],
    ["protocol 2, extension of two bytes", bytes("\x80\x02\x83\x05\x01."), ["copyreg extension 261"]],
    [
      "protocol 3, bytes and REDUCE",
      bytes("\x80\x03C\x03abcq\x00cbuiltins\neval\n", unicode("1"), "\x85R."),
      ["builtins eval"],
    ],
    ["protocol 4, STACK_GLOBAL", calls("os", "system"), ["os system"]],
    ["protocol 4, NEWOBJ_EX", bytes("\x80\x04", short("io"), short("open"), "\x93)}\x92."), ["io open"]],
    [
      "protocol 5, frame and byte array",
      bytes("\x80\x05\x95\x09\x00\x00\x00\x00\x00\x00\x00\x96\x03\x00\x00\x00\x00\x00\x00\x00abc\x94."),
      [],
    ],
    ["protocol 5, buffers out of band", bytes("\x80\x05\x97\x98."), []],
    [
      "names from the memo by number",
      bytes("\x80\x04", short("os"), "\x94", short("system"), "\x9400h\x00h\x01\x93."),
      ["os system"],
    ],
    ["names from the memo by line", bytes("S'os'\np7\n0S'system'\np9\n0g7\ng9\n\x93."), ["os system"]],
    [
      "names from the memo by four bytes",
      bytes("\x80\x04", short("os"), "r\x10\x00\x00\x00", short("exec"), "0j\x10\x00\x00\x00", short("popen"), "\x93."),
      ["os popen"],
    ],
    ["a name duplicated on the stack", bytes("\x80\x04", short("code"), "2\x93."), ["code code"]],
    [
      "what lies between is taken off",
      bytes("\x80\x04", short("os"), "K\x010", short("system"), "\x93."),
      ["os system"],
    ],
    [
      "a mark is taken off with what it holds",
      bytes("\x80\x04", short("os"), "(K\x01K\x021", short("system"), "\x93."),
      ["os system"],
    ],
    ["a name put together while loading", bytes("\x80\x04", short("os"), "K\x05\x93."), ["? ?"]],
    [
      "a name that is the result of a call",
      bytes("\x80\x04", short("os"), calls("builtins", "str").subarray(2, -2), "\x93."),
      ["builtins str", "? ?"],
    ],
    ["an escaped string of protocol 0", bytes("V\\u006fs\nS'sys\\x74em'\n\x93."), ["os system"]],
    ["an octal escape", bytes("S'\\157s'\nS'system'\n\x93."), ["os system"]],
    [
      "strings of eight-byte length",
      bytes("\x80\x04\x8d\x02\x00\x00\x00\x00\x00\x00\x00os", short("system"), "\x93."),
      ["os system"],
    ],
    ["short strings of Python 2", bytes("\x80\x02U\x02osU\x06system\x93."), ["os system"]],
    [
      "several imports, each once",
      bytes("\x80\x02cos\nsystem\n0cos\nsystem\n0cnt\nsystem\n."),
      ["os system", "nt system"],
    ],
    ["two pickles after each other", bytes("\x80\x02K\x01.", calls("os", "system")), ["os system"]],
    ["data after the last pickle", bytes("\x80\x02K\x01.", "\x00\x01raw bytes"), []],
    ["import that the stack throws away", bytes("\x80\x02cos\nsystem\n0K\x01."), ["os system"]],
    ["a long integer", bytes("\x80\x02\x8a\x03abc\x8b\x02\x00\x00\x00ab0."), []],
    ["a persistent id", bytes("Pstorage\n0(Q0N."), []],
    [
      "the state of a model",
      state,
      ["collections OrderedDict", "torch._utils _rebuild_tensor_v2", "torch FloatStorage"],
    ],
    ["truncated before STOP", calls("os", "system").subarray(0, -1), ["os system"], true],
    ["truncated inside a string", bytes("\x80\x04\x8c\x20os"), [], true],
    ["truncated inside a line", bytes("cos\nsys"), [], true],
    ["an unknown opcode", bytes("\x80\x04K\x01\xff."), [], true],
    ["a length beyond the end", bytes("\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\xff."), [], true],
    ["nothing at all", bytes(""), [], true],
  ];

describe("walkPickle", () => {
  for (const [title, content, globals, broken = false] of WALKS) {
    it(`reads ${title}`, () => {
      const walk = walkPickle(content);
      expect(walk.globals).toEqual(globals);
      expect(walk.broken).toBe(broken);
    });
  }

  it("calls every proper prefix of a pickle broken", () => {
    for (let end = 0; end < state.length; end += 1) expect(walkPickle(state.subarray(0, end)).broken).toBe(true);
    expect(walkPickle(state).broken).toBe(false);
  });

  it("ends on hostile input in time linear in it", () => {
    const marks = bytes("\x80\x02", "(".repeat(3_000_000), ".");
    const started = performance.now();
    expect(walkPickle(marks).broken).toBe(true);
    expect(walkPickle(bytes("\x80\x04", "1".repeat(2_000_000), ".")).broken).toBe(false);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe("the safe list", () => {
  it.each([
    "collections OrderedDict",
    "torch._utils _rebuild_tensor_v2",
    "torch FloatStorage",
    "torch BFloat16Storage",
    "torch float16",
    "numpy dtype",
    "numpy.core.multiarray _reconstruct",
    "numpy._core.multiarray scalar",
    "copy_reg _reconstructor",
    "__builtin__ set",
    "builtins frozenset",
    "_codecs encode",
    "sklearn.ensemble._forest RandomForestClassifier",
    "sklearn.tree._tree Tree",
    "scipy.sparse._csr csr_matrix",
    "pandas.core.frame DataFrame",
    "joblib.numpy_pickle NumpyArrayWrapper",
    "datetime datetime",
    "torch.nn.modules.linear Linear",
  ])("holds %s", (name) => expect(isSafeGlobal(name)).toBe(true));

  it.each([
    "os system",
    "posix system",
    "nt system",
    "builtins eval",
    "builtins exec",
    "builtins getattr",
    "__builtin__ apply",
    "subprocess Popen",
    "sys exit",
    "socket socket",
    "runpy _run_code",
    "webbrowser open",
    "operator attrgetter",
    "functools partial",
    "pickle loads",
    "torch.hub load",
    "numpy.testing._private.utils runstring",
    "pip main",
    "? ?",
  ])("does not hold %s, which attacks use", (name) => {
    expect(isSafeGlobal(name)).toBe(false);
    expect(isDangerousGlobal(name)).toBe(true);
  });

  it.each([
    "torch.storage _load_from_bytes",
    "sklearn.externals.joblib load",
    "acme.models Ranker",
    "torch load",
    "numpy load",
    "collections namedtuple",
  ])("does not hold %s", (name) => expect(isSafeGlobal(name)).toBe(false));
});

const evil = calls("os", "system");
const torch = (data: Uint8Array, name = "archive/data.pkl") =>
  zipArchive([
    { name, bytes: data },
    { name: "archive/data/0", bytes: bytes("\x80\x02cos\nsystem\n."), stored: true },
    { name: "archive/version", bytes: bytes("3\n") },
  ]);

const CONTENTS: readonly (readonly [
  title: string,
  path: string,
  content: Uint8Array,
  globals: readonly string[],
  unread?: readonly string[],
])[] = [
  ["a pickle", "model.pkl", evil, ["os system"]],
  ["a pickle under another name", "model.bin", evil, ["os system"]],
  ["a torch archive", "model.pt", torch(evil), ["os system"]],
  [
    "the tensors of a torch archive, which are no pickles",
    "model.pt",
    torch(state),
    ["collections OrderedDict", "torch._utils _rebuild_tensor_v2", "torch FloatStorage"],
  ],
  ["a pickle under another name in an archive", "model.pt", torch(evil, "archive/notes.txt"), ["os system"]],
  ["an archive in an archive", "bundle.mar", zipArchive([{ name: "inner.pt", bytes: torch(evil) }]), ["os system"]],
  [
    "archives nested too deep",
    "deep.pt",
    [0, 1, 2, 3, 4].reduce((inner) => Buffer.from(zipArchive([{ name: "x.pt", bytes: inner }])), evil),
    [],
    ["x.pt"],
  ],
  [
    "an entry marked as encrypted",
    "model.pt",
    zipArchive([{ name: "a/data.pkl", bytes: evil }], { flags: 1 }),
    ["os system"],
  ],
  [
    "an entry with a wrong checksum",
    "model.pt",
    zipArchive([{ name: "a/data.pkl", bytes: evil }], { checksum: 7 }),
    ["os system"],
  ],
  ["data before the archive", "model.pt", bytes("\x50\x4b\x03\x04", "x".repeat(40), torch(evil)), ["os system"]],
  ["a cut archive", "model.pt", torch(evil).subarray(0, 80), [], ["model.pt"]],
  ["a compressed pickle", "model.pkl.gz", gzipSync(evil), ["os system"]],
  ["a pickle that joblib compressed", "model.joblib", deflateSync(evil), ["os system"]],
  ["a damaged compressed pickle", "model.pkl.gz", bytes("\x1f\x8b\x08nothing"), [], ["model.pkl.gz"]],
  ["protocol 0 under a pickle's name", "model.pkl", bytes("cos\nsystem\n(S'id'\ntR."), ["os system"]],
  ["text under a weight file's name", "model.bin", bytes("cos\nsystem\n"), []],
  ["safetensors", "model.safetensors", bytes('\x10\x00\x00\x00\x00\x00\x00\x00{"__metadata__":{}}'), []],
  ["an LFS pointer", "model.pt", bytes("version https://git-lfs.github.com/spec/v1\n"), []],
  [
    "an array of numbers",
    "weights.npz",
    zipArchive([
      {
        name: "a.npy",
        bytes: bytes("\x93NUMPY\x01\x00\x46\x00{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }".padEnd(80)),
      },
    ]),
    [],
  ],
  [
    "an array of objects",
    "weights.npz",
    zipArchive([
      {
        name: "a.npy",
        bytes: bytes(
          "\x93NUMPY\x01\x00\x46\x00",
          "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".padEnd(70),
          evil,
        ),
      },
    ]),
    ["os system"],
  ],
  [
    "an import after raw arrays of joblib",
    "m.joblib",
    bytes("\x80\x03cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}b\xff\xfe\x00\x00\xff", "cos\nsystem\n(S'id'\ntR."),
    ["joblib.numpy_pickle NumpyArrayWrapper", "os system"],
  ],
  [
    "an import behind a break",
    "m.pkl",
    bytes("\x80\x04\xff", calls("os", "popen").subarray(2)),
    ["os popen"],
    ["m.pkl"],
  ],
  [
    "a layer of Keras with code of its own",
    "model.keras",
    zipArchive([{ name: "config.json", bytes: bytes('{"layers": [{"class_name": "Lambda", "config": {}}]}') }]),
    ["keras Lambda"],
  ],
  [
    "a truncated pickle",
    "model.pkl",
    state.subarray(0, 100),
    ["collections OrderedDict", "torch._utils _rebuild_tensor_v2"],
    ["model.pkl"],
  ],
];

describe("pickledNames", () => {
  for (const [title, path, content, globals, unread = []] of CONTENTS) {
    it(`finds what ${title} would import`, () => {
      expect(pickledNames(content, path)).toEqual({ globals, unread });
    });
  }
});
