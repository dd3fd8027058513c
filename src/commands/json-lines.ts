/** The longest line that is read, in bytes: a record with thousands of files is far shorter. */
const LONGEST = 64 << 20;

/** Every line of a stream as JSON, null where it is none; no more than one line is kept. Throws at a line beyond 64 MiB. */
export async function* jsonLines(stream: AsyncIterable<Buffer>): AsyncGenerator<unknown> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      yield parsed(Buffer.concat([...parts, chunk.subarray(start, end)]));
      [parts, length, start] = [[], 0, end + 1];
    }
    if (start === chunk.length) continue;
    parts.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > LONGEST) throw new Error("a line is longer than 64 MiB, which no record is");
  }
  if (length > 0) yield parsed(Buffer.concat(parts));
}

function parsed(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString("utf8"));
  } catch {
    return null;
  }
}
