import type { Answer, Call } from "./server.ts";

/** One page of a list with GitHub's Link header; `wrap` puts it into an object where the operation answers one. */
export function page<T>(
  call: Call,
  all: readonly T[],
  wrap: (items: readonly T[], total: number) => unknown = (items) => items,
): Answer {
  const size = Math.min(100, Number(call.query.get("per_page") ?? 30));
  const number = Math.max(1, Number(call.query.get("page") ?? 1));
  const last = Math.max(1, Math.ceil(all.length / size));
  const items = all.slice((number - 1) * size, number * size);
  const link = (to: number, rel: string) => {
    const query = new URLSearchParams(call.query);
    query.set("page", String(to));
    return `<${call.origin}/?${query.toString()}>; rel="${rel}"`;
  };
  const links = [
    ...(number > 1 ? [link(number - 1, "prev")] : []),
    ...(number < last ? [link(number + 1, "next"), link(last, "last")] : []),
  ];
  return {
    status: 200,
    body: wrap(items, all.length),
    ...(links.length > 0 ? { headers: { link: links.join(", ") } } : {}),
  };
}
