import { z } from "zod";
import type { Annotation, CheckRunView } from "../reports/pull-request-view.ts";
import type { Published } from "../work/hosting.ts";
import type { Params } from "./api.ts";
import { digestOf, isGone, type Publisher, type PublishPlace } from "./publisher.ts";

/** GitHub takes no more annotations in one request (P14). */
const BATCH = 50;
const CREATE = "POST /repos/{owner}/{repo}/check-runs";
const UPDATE = "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}";

const Written = z.object({ id: z.int() });
const Run = z.object({
  id: z.int(),
  name: z.string(),
  external_id: z.string().nullable(),
  app: z.object({ id: z.int() }).nullable(),
  output: z.object({ annotations_count: z.int() }),
});
const Runs = z.object({ check_runs: z.array(Run) }).transform(({ check_runs }) => check_runs);

/** A run of ours that may be updated, with what is known of its annotations, which GitHub only ever adds to. */
interface Standing {
  readonly id: number;
  /** The digest of the annotations that it holds; empty when it holds none, null when that cannot be told. */
  readonly annotations: string | null;
}

/** Makes the run of ours on the head stand as the view says. */
export async function publishCheckRun(
  publisher: Publisher,
  place: PublishPlace,
  view: CheckRunView,
  last: Published | null,
): Promise<Pick<Published, "checkRun" | "checkRunDigest">> {
  const annotations = view.annotations.length === 0 ? "" : digestOf(view.annotations);
  const content = digestOf(view);
  if (last?.checkRun != null && last.checkRunDigest?.split(".")[0] === content)
    return { checkRun: last.checkRun, checkRunDigest: last.checkRunDigest };
  await publisher.writing("check-run");
  const standing = await standingRun(publisher, place, view, last);
  // What a run holds already stays: an answer without annotations leaves them, one with others takes a new run.
  const holds = standing?.annotations ?? null;
  const fits = standing !== null && (holds === "" || holds === annotations || annotations === "");
  const fresh = holds === annotations && fits ? [] : view.annotations;
  // Of a run whose last write is not known to have been done, it may let something merge.
  const takesBack = view.conclusion !== "success" && last?.passing !== false;
  const updated = fits ? await update(publisher, standing.id, view, annotations, { fresh, takesBack }) : null;
  const checkRun = updated ?? (await create(publisher, place, view, annotations, takesBack));
  const kept = updated !== null && annotations === "" ? holds : annotations;
  return { checkRun, checkRunDigest: kept === null ? content : `${content}.${kept}` };
}

/** The run that was written last, or else one that is found by its name and our App. */
async function standingRun(
  { api, appId }: Publisher,
  { head }: PublishPlace,
  { name, annotations }: CheckRunView,
  last: Published | null,
): Promise<Standing | null> {
  if (last !== null && last.checkRun !== null) {
    const known = last.checkRunDigest?.split(".")[1];
    if (known !== undefined) return { id: last.checkRun, annotations: known };
  } else if (last !== null) return null;
  const params = { ref: head, check_name: name, app_id: Number(appId), filter: "latest" };
  const runs = await api.all("/repos/{owner}/{repo}/commits/{ref}/check-runs", params, Runs);
  const own = runs.filter((run) => run.name === name && String(run.app?.id) === String(appId));
  const run = own.sort((a, b) => b.id - a.id)[0];
  if (!run) return null;
  const { annotations_count: count } = run.output;
  const complete = count === annotations.length && run.external_id === digestOf(annotations);
  return { id: run.id, annotations: count === 0 ? "" : complete ? digestOf(annotations) : null };
}

async function create(
  publisher: Publisher,
  { head }: PublishPlace,
  view: CheckRunView,
  externalId: string,
  takesBack: boolean,
): Promise<number> {
  const [first = [], ...others] = batches(view.annotations);
  const params = { head_sha: head, ...bodyOf(view, externalId, first) };
  const { id } = await publisher.api.write(CREATE, params, Written, takesBack);
  await more(publisher, id, view, others);
  return id;
}

/** Null where the run is no longer there. */
async function update(
  publisher: Publisher,
  id: number,
  view: CheckRunView,
  externalId: string,
  { fresh, takesBack }: { readonly fresh: readonly Annotation[]; readonly takesBack: boolean },
): Promise<number | null> {
  const [first = [], ...others] = batches(fresh);
  try {
    await publisher.api.write(UPDATE, { check_run_id: id, ...bodyOf(view, externalId, first) }, Written, takesBack);
  } catch (fault) {
    if (isGone(fault)) return null;
    throw fault;
  }
  await more(publisher, id, view, others);
  return id;
}

async function more({ api }: Publisher, id: number, view: CheckRunView, others: readonly (readonly Annotation[])[]) {
  for (const batch of others) await api.write(UPDATE, { check_run_id: id, output: outputOf(view, batch) }, Written);
}

function bodyOf(view: CheckRunView, externalId: string, annotations: readonly Annotation[]): Params {
  return {
    name: view.name,
    status: view.status,
    ...(view.conclusion === null ? {} : { conclusion: view.conclusion }),
    ...(externalId === "" ? {} : { external_id: externalId }),
    ...(view.detailsUrl === null ? {} : { details_url: view.detailsUrl }),
    output: outputOf(view, annotations),
    actions: view.actions,
  };
}

function outputOf({ title, summary, text }: CheckRunView, annotations: readonly Annotation[]) {
  return {
    title,
    summary,
    text,
    annotations: annotations.map(({ path, startLine, endLine, level, ...said }) => ({
      path,
      start_line: startLine,
      end_line: endLine,
      annotation_level: level,
      ...said,
    })),
  };
}

function batches(annotations: readonly Annotation[]): readonly (readonly Annotation[])[] {
  return Array.from({ length: Math.ceil(annotations.length / BATCH) }, (_, at) =>
    annotations.slice(at * BATCH, (at + 1) * BATCH),
  );
}
