import description from "../package.json" with { type: "json" };

/** The version of this program, part of the bundle. */
export const VERSION: string = description.version;
