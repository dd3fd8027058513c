import { gunzipSync, inflateSync } from "node:zlib";
import { startsPickle, walkPickle } from "./pickle.ts";
import { isZip, zipEntries } from "./zip-entries.ts";

/** What a file of weights would load as Python objects. */
export interface PickledNames {
  /** Names that would be imported, `module name`, each once. */
  readonly globals: readonly string[];
  /** Parts that hold a pickle and could not be read to their end. */
  readonly unread: readonly string[];
}

const NONE: PickledNames = { globals: [], unread: [] };
const LARGEST_PART = 256 * 1024 * 1024;
const DEEPEST = 4;
const PICKLE_NAME = /\.(?:pkl|pickle|p|dill|joblib|pk|cloudpickle)(?:\.(?:gz|z))?$/i;
/** Raw tensors of torch archives: never read as pickles. */
const TENSOR_NAME = /(?:^|\/)(?:data|tensors|constants)\/\d+$|(?:^|\/)(?:version|byteorder|\.data\/serialization_id)$/;

/** Finds the pickles of a file, in archives and compressed data too, and collects what they would import. */
export function pickledNames(bytes: Uint8Array, path: string, depth = 0): PickledNames {
  if (depth > DEEPEST) return { globals: [], unread: [path] };
  if (isZip(bytes)) return inArchive(bytes, path, depth);
  const packed = unpacked(bytes);
  if (packed === "too large or damaged") return PICKLE_NAME.test(path) ? { globals: [], unread: [path] } : NONE;
  if (packed) return pickledNames(packed, path, depth + 1);
  if (isNumpy(bytes)) return inNumpy(bytes, path);
  const named = PICKLE_NAME.test(path) && (bytes[0] === 0x80 || looksLikeProtocol0(bytes));
  if (!startsPickle(bytes) && !named) return NONE;
  const walk = walkPickle(bytes);
  const globals = walk.broken ? [...walk.globals, ...namesByForm(bytes.subarray(walk.end))] : walk.globals;
  const interleaved = walk.globals.some((name) => name.startsWith("joblib.numpy_pickle"));
  return { globals: [...new Set(globals)], unread: walk.broken && !interleaved ? [path] : [] };
}

function inArchive(bytes: Uint8Array, path: string, depth: number): PickledNames {
  const { entries, skipped } = zipEntries(bytes, (name) => !TENSOR_NAME.test(name), LARGEST_PART);
  const parts = entries.map((entry) => pickledNames(entry.bytes, entry.name, depth + 1));
  const lambda = entries.some(({ name, bytes: content }) => /(?:^|\/)config\.json$/.test(name) && hasLambda(content));
  return {
    globals: [...new Set([...parts.flatMap(({ globals }) => globals), ...(lambda ? ["keras Lambda"] : [])])],
    unread: [
      ...parts.flatMap(({ unread }) => unread),
      ...skipped.filter((name) => name === "archive" || PICKLE_NAME.test(name)),
    ].map((name) => (name === "archive" ? path : name)),
  };
}

/** Compressed content, by its first bytes; null when it is none. */
function unpacked(bytes: Uint8Array): Uint8Array | "too large or damaged" | null {
  const gzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const zlib = bytes[0] === 0x78 && /^(?:1|94|156|218)$/.test(String(bytes[1] ?? 0));
  const other =
    (bytes[0] === 0x42 && bytes[1] === 0x5a && bytes[2] === 0x68) ||
    (bytes[0] === 0xfd && bytes[1] === 0x37 && bytes[2] === 0x7a);
  if (other) return "too large or damaged";
  if (!gzip && !zlib) return null;
  try {
    return gzip
      ? gunzipSync(bytes, { maxOutputLength: LARGEST_PART })
      : inflateSync(bytes, { maxOutputLength: LARGEST_PART });
  } catch {
    return "too large or damaged";
  }
}

function isNumpy(bytes: Uint8Array): boolean {
  return bytes[0] === 0x93 && Buffer.from(bytes.subarray(1, 6)).toString("latin1") === "NUMPY";
}

/** An array of objects is a pickle behind a header of text. */
function inNumpy(bytes: Uint8Array, path: string): PickledNames {
  const long = (bytes[6] ?? 1) >= 2;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12) return NONE;
  const start = long ? 12 + view.getUint32(8, true) : 10 + view.getUint16(8, true);
  const header = Buffer.from(bytes.subarray(10, Math.min(start, 10_000))).toString("latin1");
  if (!/descr['"]\s{0,4}:[^}]{0,200}O/.test(header)) return NONE;
  const walk = walkPickle(bytes, Math.min(start, bytes.length));
  return { globals: walk.globals, unread: walk.broken ? [path] : [] };
}

/** Protocol 0 and 1 have no first byte of their own: they begin with a mark, a container, a global or a value. */
function looksLikeProtocol0(bytes: Uint8Array): boolean {
  return bytes.length > 1 && "(c]})lNISVFLKJMGXUT".includes(String.fromCharCode(bytes[0] ?? 0));
}

/** A layer of Keras that holds marshalled code. */
function hasLambda(bytes: Uint8Array): boolean {
  return /"class_name"\s{0,4}:\s{0,4}"Lambda"/.test(Buffer.from(bytes.subarray(0, 8_000_000)).toString("latin1"));
}

/**
 * Imports by their form, for what follows a break: arrays of joblib lie between the opcodes, and whoever hides an import
 * may break the stream before it.
 */
function namesByForm(bytes: Uint8Array): readonly string[] {
  const text = Buffer.from(bytes).toString("latin1");
  const lines = [...text.matchAll(/[ci]([A-Za-z_][\w.]{1,80})\n([A-Za-z_][\w.]{1,80})\n/g)];
  const stacked = [
    ...text.matchAll(
      /\x8c[\x02-\x50]([A-Za-z_][\w.]{1,79})(?:\x94|q.|r.{4})?\x8c[\x02-\x50]([A-Za-z_][\w.]{1,79})(?:\x94|q.|r.{4})?\x93/gs,
    ),
  ];
  return [...lines, ...stacked].map(([, module = "", name = ""]) => `${module} ${name}`);
}
