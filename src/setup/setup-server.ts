import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ManifestFile } from "../manifest-file.ts";
import { type Choice, readChoice, registration, registrationAddress, type Typed } from "./registration.ts";
import { donePage, formPage, type Page, refusalPage, reviewPage, STYLE } from "./setup-page.ts";

/** What the pages are made of. */
export interface SetupServerOptions {
  /** 0: any free one. */
  readonly port: number;
  /** Where GitHub's pages are: `https://github.com`. */
  readonly pages: string;
  readonly manifest: ManifestFile;
  readonly typed: Typed;
  /** Takes the code that GitHub gives for a registered App and says where to install it; a fault's message is shown. */
  readonly created: (code: string, choice: Choice) => Promise<{ readonly slug: string; readonly installUrl: string }>;
}

/** Pages on this machine, for one set-up. */
export interface SetupServer {
  /** The one address that leads anywhere; who does not know it is told nothing. */
  readonly url: string;
  close(): Promise<void>;
}

/** A form of two fields is short; what is longer is none of ours. */
const LONGEST = 8_192;
const HASH = createHash("sha256").update(STYLE).digest("base64");

/** Serves the pages of one set-up on 127.0.0.1, below a path that nobody can guess. */
export async function setupServer(options: SetupServerOptions): Promise<SetupServer> {
  const flow = setupFlow(options, randomBytes(24).toString("base64url"), randomBytes(24).toString("base64url"));
  let base = "";
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (request, response) => {
    answer(request, base, flow.page)
      .catch((fault: unknown) => refusalPage(500, fault instanceof Error ? fault.message : "The program failed."))
      .then((page) => send(response, page));
  });
  server.maxConnections = 50;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  flow.listensAt(base);
  return {
    url: `${base}/${flow.token}`,
    async close() {
      server.closeIdleConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        setTimeout(() => server.closeAllConnections(), 1_000).unref();
      });
    },
  };
}

/** One request, as far as the pages look at it. */
interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
}

const NOTHING = refusalPage(404, "There is nothing here. Open the address that the terminal shows.");

/** Another page in the same browser can send requests here; by name (DNS rebinding) or across origins it gets nothing. */
async function answer(request: IncomingMessage, base: string, page: (asked: Asked) => Promise<Page>): Promise<Page> {
  const target = URL.parse(request.url ?? "/", base);
  if (target === null || request.headers.host !== new URL(base).host) return NOTHING;
  const method = request.method ?? "GET";
  if (method === "POST" && request.headers.origin !== undefined && request.headers.origin !== base)
    return refusalPage(403, "The form was sent from another page. Open the address that the terminal shows.");
  const form = method === "POST" ? await formOf(request) : new URLSearchParams();
  if (form === null) return refusalPage(413, "The form is too long.");
  return page({ method, path: target.pathname, query: target.searchParams, form });
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length > LONGEST) return null;
    chunks.push(chunk as Buffer);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString("utf8"));
}

function send(response: ServerResponse, { status, html, formAction }: Page): void {
  response.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": `default-src 'none'; style-src 'sha256-${HASH}'; form-action ${formAction}; base-uri 'none'; frame-ancestors 'none'`,
    // The path is the secret of this set-up; GitHub still learns that the form came from this machine.
    "referrer-policy": "strict-origin",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
    // Nothing more is asked once the last page is shown, and the server is to end.
    connection: "close",
  });
  response.end(html);
}

/** What is shown when: form, review, and once, with the state that went to GitHub, the end. */
function setupFlow({ pages, manifest, typed, created }: SetupServerOptions, token: string, state: string) {
  let base = "";
  let chosen: Choice | null = null;
  let codeTaken = false;
  const review = (form: URLSearchParams): Page => {
    const text = (name: string) => form.get(name) ?? "";
    const given = { organization: text("organization"), url: text("url"), repository: text("repository") };
    const choice = readChoice(given);
    if ("sentence" in choice) return formPage(given, choice);
    chosen = choice;
    const address = registrationAddress(pages, choice, state);
    return reviewPage(pages, address, choice, manifest, registration(manifest, choice, `${base}/${token}/created`));
  };
  const end = async (query: URLSearchParams): Promise<Page> => {
    const code = query.get("code") ?? "";
    if (chosen === null || !same(query.get("state") ?? "", state) || !/^[\w-]{1,200}$/.test(code))
      return refusalPage(
        400,
        "GitHub's answer does not belong to this set-up. Begin again at the address that the terminal shows.",
      );
    if (codeTaken) return refusalPage(409, "This set-up is done already. Look at the terminal.");
    codeTaken = true;
    try {
      return donePage(await created(code, chosen));
    } catch (fault) {
      // GitHub may only have been away: the same address can be tried again.
      codeTaken = false;
      return refusalPage(502, fault instanceof Error ? fault.message : "The program failed.");
    }
  };
  return {
    token,
    listensAt(at: string) {
      base = at;
    },
    async page({ method, path, query, form }: Asked): Promise<Page> {
      const [, first = "", second, ...more] = path.split("/");
      if (!same(first, token) || more.length > 0) return NOTHING;
      if (second === "created" && method === "GET") return end(query);
      if (second !== undefined) return NOTHING;
      if (method === "POST") return review(form);
      return method === "GET" ? formPage(typed, null) : NOTHING;
    },
  };
}

function same(given: string, wanted: string): boolean {
  const [one, other] = [given, wanted].map((text) => createHash("sha256").update(text).digest());
  return timingSafeEqual(one as Buffer, other as Buffer);
}
